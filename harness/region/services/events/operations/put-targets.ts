/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutTargets.html */
import { parseArn } from "../../../core/arn";
import { AwsError, type Operation } from "../../../core/types";
import { constraint, unsupported, validation } from "../errors";
import { isInputPath } from "../input";
import type { EventsStore, Target } from "../store";
import { targetKind } from "../target-kinds";

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html */
const MOST_TARGETS = 5;
/** Members of a target that belong to kinds of targets, or features, which the region does not have. */
const UNSUPPORTED = ["KinesisParameters", "RunCommandParameters", "EcsParameters", "BatchParameters", "SqsParameters", "HttpParameters", "RedshiftDataParameters", "SageMakerPipelineParameters", "AppSyncParameters"];

export const putTargets = (store: EventsStore): Operation<{ Rule: string; EventBusName?: string; Targets: Target[] }> => (input) => {
  const rule = store.rule(store.bus(input.EventBusName), input.Rule);
  const targets = input.Targets;
  if (!Array.isArray(targets) || targets.length === 0) throw constraint(JSON.stringify(targets) ?? "null", "targets", "Member must have length greater than or equal to 1");
  for (const target of targets) check(target);
  const merged = new Map([...rule.targets, ...targets.map((target): [string, Target] => [target.Id, target])]);
  if (merged.size > MOST_TARGETS) throw new AwsError("LimitExceededException", `The requested resource exceeds the maximum number allowed.`);
  rule.targets = merged;
  return { FailedEntryCount: 0, FailedEntries: [] };
};

function check(target: Target): void {
  if (typeof target.Id !== "string" || !/^[.\-_A-Za-z0-9]{1,64}$/.test(target.Id)) throw constraint(target.Id ?? "null", "targets.1.member.id", "Member must satisfy regular expression pattern: [\\.\\-_A-Za-z0-9]+");
  const unknown = UNSUPPORTED.find((member) => target[member] !== undefined);
  if (unknown) throw unsupported(`${unknown} of a target`);
  targetKind(String(target.Arn)).check(target);
  const deadLetters = target.DeadLetterConfig?.Arn;
  if (deadLetters !== undefined && parseArn(deadLetters)?.service !== "sqs") throw validation(`Parameter DeadLetterConfig.Arn is not valid. Reason: ${deadLetters} is not the ARN of an SQS queue.`);
  const inputs = ["Input", "InputPath", "InputTransformer"].filter((member) => target[member] !== undefined);
  if (inputs.length > 1) throw validation(`Only one of Input, InputPath, or InputTransformer must be provided for target ${target.Id}.`);
  if (target.Input !== undefined) {
    try {
      JSON.parse(target.Input);
    } catch {
      throw validation(`JSON syntax error in input for target ${target.Id}: ${target.Input}`);
    }
  }
  if (target.InputPath !== undefined && !isInputPath(target.InputPath)) throw validation(`Invalid InputPath for target ${target.Id}.`);
  if (target.InputTransformer) {
    const { InputPathsMap = {}, InputTemplate } = target.InputTransformer;
    if (typeof InputTemplate !== "string" || InputTemplate.length === 0) throw constraint(InputTemplate ?? "null", "targets.1.member.inputTransformer.inputTemplate", "Member must not be null");
    if (Object.keys(InputPathsMap).length > 100) throw validation(`Too many keys in InputPathsMap for target ${target.Id}.`);
    for (const [name, path] of Object.entries(InputPathsMap)) {
      if (/^AWS/i.test(name)) throw validation(`Invalid InputPathsMap key ${name} for target ${target.Id}: keys may not start with "AWS".`);
      if (!isInputPath(path)) throw validation(`Invalid InputTransformer for target ${target.Id}: invalid JSONPath ${path}.`);
    }
    for (const [, name] of InputTemplate.matchAll(/<([A-Za-z0-9_.-]+)>/g)) {
      if (!Object.hasOwn(InputPathsMap, name!) && !name!.startsWith("aws.events.")) throw validation(`InputTemplate for target ${target.Id} contains placeholder ${name} that is not in InputPathsMap.`);
    }
  }
}
