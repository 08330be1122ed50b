/**
 * A function's configuration: what may be given, and how it is shown.
 * https://docs.aws.amazon.com/lambda/latest/api/API_FunctionConfiguration.html
 */
import { createHash } from "node:crypto";
import { parseArn } from "../../core/arn";
import { AwsError, type RegionContext } from "../../core/types";
import { numberOf } from "../../wire/scalars";
import { constraint, invalidParameter, unsupported } from "./errors";
import { REFUSED } from "./limits";
import { RUNTIMES } from "./runtime/create";
import type { Configuration, LambdaFunction } from "./store";

export interface ConfigurationInput {
  Description?: string; Role?: string; Runtime?: string; Handler?: string; MemorySize?: number; Timeout?: number; Environment?: { Variables?: Record<string, string> };
  Architectures?: string[]; EphemeralStorage?: { Size: number }; TracingConfig?: { Mode?: string }; DeadLetterConfig?: { TargetArn?: string }; KMSKeyArn?: string;
  LoggingConfig?: { LogFormat?: string; LogGroup?: string; ApplicationLogLevel?: string; SystemLogLevel?: string };
  PackageType?: string; VpcConfig?: { SubnetIds?: string[]; SecurityGroupIds?: string[] }; Layers?: string[]; FileSystemConfigs?: unknown[]; SnapStart?: { ApplyOn?: string };
  ImageConfig?: unknown; CodeSigningConfigArn?: string; DurableConfig?: unknown; CapacityProviderConfig?: unknown; TenancyConfig?: unknown;
}

type Given = Pick<Configuration, "description" | "role" | "runtime" | "handler" | "memorySize" | "timeout" | "environment" | "architectures" | "ephemeralStorage" | "tracingMode" | "logging" | "deadLetterArn" | "kmsKeyArn">;

/** Variables that Lambda sets itself: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime */
const RESERVED = [
  "_HANDLER", "_X_AMZN_TRACE_ID", "AWS_DEFAULT_REGION", "AWS_REGION", "AWS_EXECUTION_ENV", "AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_VERSION",
  "AWS_LAMBDA_INITIALIZATION_TYPE", "AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME", "AWS_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_LAMBDA_RUNTIME_API", "LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR",
];
const LEVELS = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"];
const LARGEST_ENVIRONMENT_BYTES = 4096;

/** What is given, over what was there before. @throws AwsError */
export function readConfiguration(region: RegionContext, name: string, input: ConfigurationInput, before: Given | undefined): Given {
  refuseUnsupported(input);
  const role = input.Role ?? before?.role;
  if (typeof role !== "string" || parseArn(role)?.service !== "iam") throw constraint(role ?? "null", "role", "Member must satisfy regular expression pattern: arn:(aws[a-zA-Z-]*)?:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+");
  if (input.Role !== undefined) checkRole(region, role);
  const runtime = input.Runtime ?? before?.runtime;
  if (!runtime) throw invalidParameter("Runtime and Handler are mandatory parameters for functions created with deployment packages.");
  if (!Object.hasOwn(RUNTIMES, runtime)) throw unsupported(`the runtime ${runtime}; it has ${Object.keys(RUNTIMES).join(", ")}`);
  const handler = input.Handler ?? before?.handler;
  if (!handler) throw invalidParameter("Runtime and Handler are mandatory parameters for functions created with deployment packages.");
  if (!/^\S{1,128}$/.test(handler)) throw constraint(handler, "handler", "Member must satisfy regular expression pattern: [^\\s]+");
  return {
    role, runtime, handler,
    description: input.Description ?? before?.description ?? "",
    memorySize: within(numberOf(input.MemorySize) ?? before?.memorySize ?? 128, "memorySize", 128, 10_240),
    timeout: within(numberOf(input.Timeout) ?? before?.timeout ?? 3, "timeout", 1, 900),
    environment: input.Environment ? checkEnvironment(input.Environment.Variables ?? {}) : before?.environment ?? {},
    architectures: checkArchitectures(input.Architectures ?? before?.architectures ?? ["x86_64"]),
    ephemeralStorage: within(numberOf(input.EphemeralStorage?.Size) ?? before?.ephemeralStorage ?? 512, "ephemeralStorage.size", 512, 10_240),
    tracingMode: input.TracingConfig?.Mode ?? before?.tracingMode ?? "PassThrough",
    logging: readLogging(name, input.LoggingConfig, before?.logging),
    deadLetterArn: input.DeadLetterConfig ? checkDeadLetters(input.DeadLetterConfig.TargetArn || undefined) : before?.deadLetterArn,
    kmsKeyArn: input.KMSKeyArn === undefined ? before?.kmsKeyArn : input.KMSKeyArn || undefined,
  };
}

function refuseUnsupported(input: ConfigurationInput): void {
  if ((input.PackageType ?? "Zip") !== "Zip" || input.ImageConfig !== undefined) throw unsupported(REFUSED.images);
  if ((input.VpcConfig?.SubnetIds?.length ?? 0) > 0) throw unsupported(REFUSED.vpc);
  if ((input.Layers?.length ?? 0) > 0) throw unsupported(REFUSED.layers);
  if ((input.FileSystemConfigs?.length ?? 0) > 0) throw unsupported(REFUSED.fileSystems);
  if ((input.SnapStart?.ApplyOn ?? "None") !== "None") throw unsupported(REFUSED.snapStart);
  if (input.CodeSigningConfigArn !== undefined) throw unsupported(REFUSED.codeSigning);
  for (const name of ["DurableConfig", "CapacityProviderConfig", "TenancyConfig"] as const) if (input[name] !== undefined) throw unsupported(REFUSED.newMembers, name);
}

function checkRole(region: RegionContext, role: string): void {
  try {
    region.assumeRole(role, "lambda", { service: "lambda.amazonaws.com" });
  } catch (error) {
    if (error instanceof AwsError) throw invalidParameter("The role defined for the function cannot be assumed by Lambda.");
    throw error;
  }
}

function within(value: number, name: string, low: number, high: number): number {
  if (!Number.isInteger(value) || value < low) throw constraint(value, name, `Member must have value greater than or equal to ${low}`);
  if (value > high) throw constraint(value, name, `Member must have value less than or equal to ${high}`);
  return value;
}

function checkEnvironment(variables: Record<string, string>): Record<string, string> {
  const reserved = Object.keys(variables).filter((name) => RESERVED.includes(name));
  if (reserved.length > 0) throw invalidParameter(`Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${reserved.join(", ")}`);
  const wrong = Object.keys(variables).find((name) => !/^[a-zA-Z][a-zA-Z0-9_]+$/.test(name));
  if (wrong !== undefined) throw constraint(wrong, "environment.variables", "Map keys must satisfy constraint: [Member must satisfy regular expression pattern: [a-zA-Z]([a-zA-Z0-9_])+]");
  if (Buffer.byteLength(JSON.stringify(variables)) > LARGEST_ENVIRONMENT_BYTES) throw invalidParameter("Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit.");
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, String(value)]));
}

function checkArchitectures(architectures: string[]): string[] {
  if (architectures.length !== 1 || !["x86_64", "arm64"].includes(architectures[0]!)) throw constraint(`[${architectures.join(", ")}]`, "architectures", "Member must satisfy enum value set: [x86_64, arm64]");
  return architectures;
}

function checkDeadLetters(arn: string | undefined): string | undefined {
  if (arn !== undefined && parseArn(arn)?.service !== "sqs") throw unsupported(REFUSED.deadLetters, arn);
  return arn;
}

function readLogging(name: string, input: ConfigurationInput["LoggingConfig"], before: Configuration["logging"] | undefined): Configuration["logging"] {
  if (!input) return before ?? { format: "Text", group: `/aws/lambda/${name}` };
  const format = input.LogFormat ?? before?.format ?? "Text";
  if (format !== "Text" && format !== "JSON") throw constraint(format, "loggingConfig.logFormat", "Member must satisfy enum value set: [JSON, Text]");
  const levels = [input.ApplicationLogLevel, input.SystemLogLevel].filter((level) => level !== undefined);
  if (format === "Text" && levels.length > 0) throw invalidParameter("To configure log levels, the log format must be JSON.");
  const wrong = levels.find((level) => !LEVELS.includes(level));
  if (wrong) throw constraint(wrong, "loggingConfig.applicationLogLevel", `Member must satisfy enum value set: [${LEVELS.join(", ")}]`);
  return { format, group: input.LogGroup || before?.group || `/aws/lambda/${name}`, ...(format === "JSON" ? { applicationLevel: input.ApplicationLogLevel ?? "INFO", systemLevel: input.SystemLogLevel ?? "INFO" } : {}) };
}

/** https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html */
const STATES = {
  Creating: { State: "Pending", StateReason: "The function is being created.", StateReasonCode: "Creating" },
  Updating: { State: "Active", LastUpdateStatus: "InProgress", LastUpdateStatusReason: "The function is being created.", LastUpdateStatusReasonCode: "Creating" },
  none: { State: "Active", LastUpdateStatus: "Successful" },
} as const;

/** A configuration as the API shows it; `qualified`: with the version in its ARN. */
export function describe(fn: LambdaFunction, configuration: Configuration, qualified = configuration.version !== "$LATEST"): object {
  const { code, logging } = configuration;
  return {
    FunctionName: configuration.functionName,
    FunctionArn: qualified ? `${fn.arn}:${configuration.version}` : fn.arn,
    Runtime: configuration.runtime,
    Role: configuration.role,
    Handler: configuration.handler,
    CodeSize: code.size,
    Description: configuration.description,
    Timeout: configuration.timeout,
    MemorySize: configuration.memorySize,
    LastModified: configuration.lastModified.toISOString().replace("Z", "+0000"),
    CodeSha256: code.sha256,
    Version: configuration.version,
    ...(Object.keys(configuration.environment).length > 0 ? { Environment: { Variables: configuration.environment } } : {}),
    ...(configuration.deadLetterArn ? { DeadLetterConfig: { TargetArn: configuration.deadLetterArn } } : {}),
    KMSKeyArn: configuration.kmsKeyArn,
    TracingConfig: { Mode: configuration.tracingMode },
    RevisionId: configuration.revisionId,
    ...STATES[configuration.pending ?? "none"],
    PackageType: "Zip",
    Architectures: configuration.architectures,
    EphemeralStorage: { Size: configuration.ephemeralStorage },
    SnapStart: { ApplyOn: "None", OptimizationStatus: "Off" },
    RuntimeVersionConfig: { RuntimeVersionArn: `${fn.arn.split(":").slice(0, 4).join(":")}::runtime:${createHash("sha256").update(configuration.runtime).digest("hex")}` },
    LoggingConfig: { LogFormat: logging.format, LogGroup: logging.group, ApplicationLogLevel: logging.applicationLevel, SystemLogLevel: logging.systemLevel },
  };
}
