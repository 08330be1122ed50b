/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DescribeRule.html */
import type { Operation } from "../../../core/types";
import type { EventsStore, Rule } from "../store";

export const describeRule = (store: EventsStore): Operation<{ Name: string; EventBusName?: string }> => (input) => {
  const rule = store.rule(store.bus(input.EventBusName), input.Name);
  return { ...ruleMembers(rule), CreatedBy: rule.createdBy };
};

/** A rule as the API shows it. */
export const ruleMembers = (rule: Rule): object => ({
  Name: rule.name,
  Arn: rule.arn,
  EventPattern: rule.eventPattern,
  ScheduleExpression: rule.scheduleExpression,
  State: rule.state,
  Description: rule.description,
  RoleArn: rule.roleArn,
  EventBusName: rule.bus,
});
