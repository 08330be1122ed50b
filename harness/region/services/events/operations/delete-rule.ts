/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DeleteRule.html */
import type { Operation } from "../../../core/types";
import { validation } from "../errors";
import type { Scheduler } from "../scheduler";
import { checkRuleName, type EventsStore } from "../store";

export const deleteRule = (store: EventsStore, scheduler: Scheduler): Operation<{ Name: string; EventBusName?: string }> => (input) => {
  const bus = store.bus(input.EventBusName);
  const rule = bus.rules.get(checkRuleName(input.Name, "name"));
  if (!rule) return;
  if (rule.targets.size > 0) throw validation("Rule can't be deleted since it has targets.");
  scheduler.remove(rule);
  bus.rules.delete(rule.name);
};
