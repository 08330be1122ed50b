/**
 * The kinds of targets that the region has, and how each is reached and with whose permission.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-targets.html and
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
 */
import { parseArn } from "../../core/arn";
import type { RegionContext, Service } from "../../core/types";
import { unsupported, validation } from "./errors";
import { REFUSED } from "./limits";
import type { EventEnvelope, Rule, Target } from "./store";

export interface Delivery { region: RegionContext; event: EventEnvelope; rule: Rule; target: Target; input: string }

interface TargetKind {
  /** What PutTargets checks. @throws AwsError */
  check(target: Target): void;
  /** @throws AwsError when the target refuses or is missing */
  deliver(delivery: Delivery): Promise<unknown>;
}

/** What the lambda service offers to other services of AWS. */
interface Functions extends Service {
  /** Queues an event for a function, as an AWS service whose permission the function's policy must give. */
  invokeForService(call: { functionArn: string; payload: string; principal: string; sourceArn: string }): Promise<void> | void;
}
/** What the logs service offers to other services of AWS. */
interface LogGroups extends Service {
  /** Writes one message into a new stream, as an AWS service whose permission a resource policy must give. */
  putForService(call: { groupArn: string; message: string; principal: string; sourceArn: string; streamName: string }): Promise<void> | void;
}

/** What the sqs service offers to other services of AWS. */
interface Queues extends Service {
  /** Sends a message as an AWS service, where the queue's policy lets it. */
  putForService(message: { queueArn: string; body: string; principal: string; sourceArn: string }): void;
}

export const KINDS: Record<string, TargetKind> = {
  lambda: {
    check: () => {},
    deliver: async ({ region, rule, target, input }) => region.service<Functions>("lambda").invokeForService({ functionArn: target.Arn, payload: input, principal: "events.amazonaws.com", sourceArn: rule.arn }),
  },
  states: {
    check: (target) => { if (!target.RoleArn) throw validation(`RoleArn is required for target ${target.Arn}.`); },
    deliver: async ({ region, rule, target, input }) => {
      const session = region.assumeRole(target.RoleArn!, "eventbridge", { service: "events.amazonaws.com", sourceArn: rule.arn });
      return region.call(session.caller, "sfn", "StartExecution", { stateMachineArn: target.Arn, input });
    },
  },
  sqs: {
    check: () => {},
    deliver: async ({ region, rule, target, input }) => region.service<Queues>("sqs").putForService({ queueArn: target.Arn, body: input, principal: "events.amazonaws.com", sourceArn: rule.arn }),
  },
  logs: {
    check: () => {},
    deliver: async ({ region, event, rule, target, input }) => region.service<LogGroups>("cloudwatch-logs").putForService({
      groupArn: target.Arn, message: input, principal: "events.amazonaws.com", sourceArn: rule.arn, streamName: event.id,
    }),
  },
};

/** @throws AwsError ValidationException, for a target that is none, or of a kind that the region does not have */
export function targetKind(arn: string): TargetKind {
  const parsed = parseArn(arn);
  if (!parsed) throw validation(`Parameter ${arn} is not valid. Reason: Provided Arn is not in correct format.`);
  const kind = Object.hasOwn(KINDS, parsed.service) ? KINDS[parsed.service] : undefined;
  if (!kind || (parsed.service === "states" && !parsed.resource.startsWith("stateMachine:"))) throw unsupported(REFUSED.targets, arn);
  return kind;
}

