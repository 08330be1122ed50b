/**
 * https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_EnableRule.html and
 * https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DisableRule.html
 */
import type { Operation } from "../../../core/types";
import type { Scheduler } from "../scheduler";
import type { EventsStore } from "../store";

const setState = (state: string) => (store: EventsStore, scheduler: Scheduler): Operation<{ Name: string; EventBusName?: string }> => (input) => {
  const rule = store.rule(store.bus(input.EventBusName), input.Name);
  rule.state = state;
  scheduler.update(rule);
};

export const enableRule = setState("ENABLED");
export const disableRule = setState("DISABLED");
