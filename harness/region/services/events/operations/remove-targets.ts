/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_RemoveTargets.html */
import type { Operation } from "../../../core/types";
import type { EventsStore } from "../store";

export const removeTargets = (store: EventsStore): Operation<{ Rule: string; EventBusName?: string; Ids: string[] }> => (input) => {
  const rule = store.rule(store.bus(input.EventBusName), input.Rule);
  const missing = (input.Ids ?? []).filter((id) => !rule.targets.delete(id));
  return {
    FailedEntryCount: missing.length,
    FailedEntries: missing.map((id) => ({ TargetId: id, ErrorCode: "ResourceNotFoundException", ErrorMessage: `Target ${id} does not exist on rule ${rule.name}.` })),
  };
};
