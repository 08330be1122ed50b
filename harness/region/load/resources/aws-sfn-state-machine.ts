/** https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/sfn_state_machine */
import type { ResourceType } from "../resource";

export const awsSfnStateMachine: ResourceType = (args) => {
  const name = args.text("name");
  const logging = args.optionalBlock("logging_configuration");
  const destination = logging?.optionalText("log_destination");
  const tracing = args.optionalBlock("tracing_configuration");
  const encryption = args.optionalBlock("encryption_configuration");
  const input = {
    name,
    type: args.optionalText("type") ?? "STANDARD",
    roleArn: args.text("role_arn"),
    definition: args.text("definition"),
    publish: args.optionalFlag("publish"),
    ...(logging ? { loggingConfiguration: { level: logging.optionalText("level") ?? "OFF", includeExecutionData: logging.optionalFlag("include_execution_data") ?? false, destinations: destination === undefined ? [] : [{ cloudWatchLogsLogGroup: { logGroupArn: destination } }] } } : {}),
    ...(tracing ? { tracingConfiguration: { enabled: tracing.optionalFlag("enabled") ?? false } } : {}),
    ...(encryption ? { encryptionConfiguration: { type: encryption.text("type"), kmsKeyId: encryption.optionalText("kms_key_id"), kmsDataKeyReusePeriodSeconds: encryption.optionalNumber("kms_data_key_reuse_period_seconds") } } : {}),
    tags: Object.entries(args.tags()).map(([key, value]) => ({ key, value })),
  };
  return async ({ call }) => {
    const machine = await call<{ stateMachineArn: string; creationDate: Date; stateMachineVersionArn?: string }>("sfn", "CreateStateMachine", input);
    return { arn: machine.stateMachineArn, id: machine.stateMachineArn, name, status: "ACTIVE", creation_date: new Date(machine.creationDate).toISOString(), ...(machine.stateMachineVersionArn ? { state_machine_version_arn: machine.stateMachineVersionArn } : {}) };
  };
};
