/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_ListTargetsByRule.html */
import type { Operation } from "../../../core/types";
import { page, type EventsStore } from "../store";

export const listTargetsByRule = (store: EventsStore): Operation<{ Rule: string; EventBusName?: string; Limit?: number; NextToken?: string }> => (input) => {
  const rule = store.rule(store.bus(input.EventBusName), input.Rule);
  const { items, NextToken } = page([...rule.targets.values()], input.NextToken, input.Limit);
  return { Targets: items, NextToken };
};
