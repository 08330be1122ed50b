/** What of EventBridge is refused by name. */
import type { InertMembers, RefusedMembers } from "../../core/unsupported";

export const REFUSED = {
  partnerSources: "partner event sources",
  busDeadLetters: "DeadLetterConfig of an event bus",
  targets: "targets other than Lambda functions, Step Functions state machines, SQS queues and log groups",
} as const;

export const REFUSED_MEMBERS: RefusedMembers = {
  PutEvents: { EndpointId: [] },
  CreateEventBus: { KmsKeyIdentifier: [], LogConfig: [{ Level: "OFF" }] },
};

export const INERT_MEMBERS: InertMembers = {
  DeleteRule: { Force: "no rule is managed by another service" },
  RemoveTargets: { Force: "no rule is managed by another service" },
};
