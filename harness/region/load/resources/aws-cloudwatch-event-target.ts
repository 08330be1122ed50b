/** https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/cloudwatch_event_target */
import type { ResourceType } from "../resource";

export const awsCloudwatchEventTarget: ResourceType = (args) => {
  const rule = args.text("rule");
  const bus = args.optionalText("event_bus_name");
  const id = args.text("target_id");
  const transformer = args.optionalBlock("input_transformer");
  const deadLetter = args.optionalBlock("dead_letter_config");
  const retry = args.optionalBlock("retry_policy");
  const target = {
    Id: id,
    Arn: args.text("arn"),
    RoleArn: args.optionalText("role_arn"),
    Input: args.optionalText("input"),
    InputPath: args.optionalText("input_path"),
    ...(transformer ? { InputTransformer: { InputPathsMap: transformer.optionalMap("input_paths"), InputTemplate: transformer.text("input_template") } } : {}),
    ...(deadLetter ? { DeadLetterConfig: { Arn: deadLetter.optionalText("arn") } } : {}),
    ...(retry ? { RetryPolicy: { MaximumEventAgeInSeconds: retry.optionalNumber("maximum_event_age_in_seconds"), MaximumRetryAttempts: retry.optionalNumber("maximum_retry_attempts") } } : {}),
  };
  args.noEffect("it says how a target is destroyed", "force_destroy");
  return async ({ call }) => {
    const answer = await call<{ FailedEntryCount?: number; FailedEntries?: { ErrorCode?: string; ErrorMessage?: string }[] }>("eventbridge", "PutTargets", { Rule: rule, EventBusName: bus, Targets: [target] });
    const [failed] = answer.FailedEntries ?? [];
    if (failed) throw args.problem(`eventbridge:PutTargets refused the target: ${failed.ErrorCode}: ${failed.ErrorMessage}`);
    return { id: `${rule}-${id}` };
  };
};
