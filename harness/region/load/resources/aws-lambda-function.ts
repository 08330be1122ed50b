/** https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/lambda_function */
import { seconds } from "../../../time/clock";
import type { LoadContext, ResourceType } from "../resource";

/** How often the provider's own wait would look again. */
const LOOK_SECONDS = 1;

/** As the provider does, waits until a function that was created can be invoked. https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html */
async function untilActive({ call, region }: LoadContext, name: string): Promise<void> {
  for (;;) {
    const { Configuration } = await call<{ Configuration: { State: string } }>("lambda", "GetFunction", { FunctionName: name });
    if (Configuration.State !== "Pending") return;
    await region.clock.sleep(seconds(LOOK_SECONDS));
  }
}

export const awsLambdaFunction: ResourceType = (args) => {
  const name = args.text("function_name");
  const filename = args.text("filename");
  const environment = args.optionalBlock("environment");
  const logging = args.optionalBlock("logging_config");
  const deadLetter = args.optionalBlock("dead_letter_config");
  const storage = args.optionalBlock("ephemeral_storage");
  const tracing = args.optionalBlock("tracing_config");
  const architectures = args.texts("architectures");
  const input = {
    FunctionName: name,
    Description: args.optionalText("description"),
    Role: args.text("role"),
    Runtime: args.text("runtime"),
    Handler: args.text("handler"),
    PackageType: args.optionalText("package_type"),
    MemorySize: args.optionalNumber("memory_size"),
    Timeout: args.optionalNumber("timeout"),
    Publish: args.optionalFlag("publish"),
    Architectures: architectures.length > 0 ? architectures : undefined,
    KMSKeyArn: args.optionalText("kms_key_arn"),
    Tags: args.tags(),
    ...(environment ? { Environment: { Variables: environment.optionalMap("variables") ?? {} } } : {}),
    ...(logging ? { LoggingConfig: { LogFormat: logging.optionalText("log_format"), LogGroup: logging.optionalText("log_group"), ApplicationLogLevel: logging.optionalText("application_log_level"), SystemLogLevel: logging.optionalText("system_log_level") } } : {}),
    ...(deadLetter ? { DeadLetterConfig: { TargetArn: deadLetter.text("target_arn") } } : {}),
    ...(storage ? { EphemeralStorage: { Size: storage.number("size") } } : {}),
    ...(tracing ? { TracingConfig: { Mode: tracing.text("mode") } } : {}),
  };
  const reserved = args.optionalNumber("reserved_concurrent_executions");
  args.noEffect("it tells Terraform that the code has changed", "source_code_hash");
  return async (context) => {
    const { call, readFile, region } = context;
    const made = await call<{ FunctionArn: string; Version: string; CodeSha256: string; CodeSize: number; LastModified: string }>("lambda", "CreateFunction", { ...input, Code: { ZipFile: readFile(filename) } });
    await untilActive(context, name);
    if (reserved !== undefined && reserved >= 0) await call("lambda", "PutFunctionConcurrency", { FunctionName: name, ReservedConcurrentExecutions: reserved });
    const { partition, regionName } = region;
    // FunctionArn is unqualified unless a version was published with it.
    const arn = made.FunctionArn.replace(new RegExp(`:${made.Version === "$LATEST" ? "\\$LATEST" : made.Version}$`), "");
    return {
      arn, id: name, function_name: name, version: made.Version, qualified_arn: `${arn}:${made.Version}`, last_modified: made.LastModified, code_sha256: made.CodeSha256, source_code_size: made.CodeSize,
      invoke_arn: `arn:${partition}:apigateway:${regionName}:lambda:path/2015-03-31/functions/${arn}/invocations`,
    };
  };
};
