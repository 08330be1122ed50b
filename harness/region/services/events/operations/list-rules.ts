/**
 * https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_ListRules.html and
 * https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_ListRuleNamesByTarget.html
 */
import type { Operation } from "../../../core/types";
import { page, type EventsStore, type Rule } from "../store";
import { ruleMembers } from "./describe-rule";

interface Paged { EventBusName?: string; Limit?: number; NextToken?: string }

const sorted = (rules: Iterable<Rule>): Rule[] => [...rules].sort((a, b) => (a.name < b.name ? -1 : 1));

export const listRules = (store: EventsStore): Operation<Paged & { NamePrefix?: string }> => (input) => {
  const rules = sorted(store.bus(input.EventBusName).rules.values()).filter((rule) => rule.name.startsWith(input.NamePrefix ?? ""));
  const { items, NextToken } = page(rules, input.NextToken, input.Limit);
  return { Rules: items.map(ruleMembers), NextToken };
};

export const listRuleNamesByTarget = (store: EventsStore): Operation<Paged & { TargetArn: string }> => (input) => {
  const rules = sorted(store.bus(input.EventBusName).rules.values()).filter((rule) => [...rule.targets.values()].some((target) => target.Arn === input.TargetArn));
  const { items, NextToken } = page(rules, input.NextToken, input.Limit);
  return { RuleNames: items.map((rule) => rule.name), NextToken };
};
