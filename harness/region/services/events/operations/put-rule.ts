/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html */
import type { Operation } from "../../../core/types";
import { constraint, validation } from "../errors";
import { compilePattern } from "../pattern";
import { parseSchedule } from "../schedule";
import type { Scheduler } from "../scheduler";
import { checkRuleName, DEFAULT_BUS, setTags, type EventsStore, type Rule, type Tag } from "../store";

const STATES = ["DISABLED", "ENABLED", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"];

interface Input { Name: string; EventBusName?: string; EventPattern?: string; ScheduleExpression?: string; State?: string; Description?: string; RoleArn?: string; Tags?: Tag[] }

export const putRule = (store: EventsStore, scheduler: Scheduler): Operation<Input> => (input, { caller }) => {
  const name = checkRuleName(input.Name, "name");
  const bus = store.bus(input.EventBusName);
  const state = input.State ?? "ENABLED";
  if (!STATES.includes(state)) throw constraint(state, "state", `Member must satisfy enum value set: [${STATES.join(", ")}]`);
  if (!input.EventPattern && !input.ScheduleExpression) throw validation("Parameter(s) EventPattern or ScheduleExpression must be specified.");
  if (input.ScheduleExpression && bus.name !== DEFAULT_BUS) throw validation("ScheduleExpression is supported only on the default event bus.");
  const matches = input.EventPattern ? compilePattern(input.EventPattern) : undefined;
  const schedule = input.ScheduleExpression ? parseSchedule(input.ScheduleExpression) : undefined;
  const existing = bus.rules.get(name);
  // Arguments that are left out are reset; tags of an existing rule stay as they are.
  const rule: Rule = Object.assign(existing ?? { name, arn: store.ruleArn(bus.name, name), bus: bus.name, createdBy: caller.accountId, tags: new Map(), targets: new Map() }, {
    eventPattern: input.EventPattern || undefined,
    matches,
    scheduleExpression: input.ScheduleExpression || undefined,
    schedule,
    state,
    description: input.Description,
    roleArn: input.RoleArn,
  });
  if (!existing) {
    setTags(rule.tags, input.Tags);
    bus.rules.set(name, rule);
  }
  scheduler.update(rule);
  return { RuleArn: rule.arn };
};
