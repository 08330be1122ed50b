/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridge.html */
import { all, anywhere, each, on, passRole, requestTags, tagKeys, when, type Call, type Rule, type RuleTable } from "../need";

const busName = (given: unknown): string => { const text = String(given ?? "default"); return text.slice(text.lastIndexOf("/") + 1); };
const bus = (call: Call, given: unknown = call.input.EventBusName ?? call.input.Name): string => call.arn("events", `event-bus/${busName(given)}`);
/** A rule of the default bus has no bus in its ARN. */
const rule = (call: Call): string => {
  const name = String(call.input.Rule ?? call.input.Name ?? "");
  const on = busName(call.input.EventBusName);
  return call.arn("events", on === "default" ? `rule/${name}` : `rule/${on}/${name}`);
};
const resource = ({ input }: Call): string => String(input.ResourceARN ?? "");
interface Entry { EventBusName?: string; Source?: string; DetailType?: string }
interface Target { Arn?: string; RoleArn?: string }

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-conditions.html */
const putEvents: Rule = (call) => ((call.input.Entries ?? []) as Entry[]).map((entry) => ({
  action: "events:PutEvents", resource: bus(call, entry.EventBusName ?? "default"),
  keys: { "events:source": entry.Source, "events:detail-type": entry.DetailType },
}));
const pattern = (text: unknown, name: string): string[] | undefined => {
  try {
    const value = (JSON.parse(String(text)) as Record<string, unknown>)[name];
    return Array.isArray(value) ? value.filter((member): member is string => typeof member === "string") : undefined;
  } catch {
    return undefined;
  }
};
const passTargetRoles: Rule = (call) => ((call.input.Targets ?? []) as Target[]).flatMap((target) => passRole(() => target.RoleArn, "events.amazonaws.com")(call));

export const EVENTS: RuleTable = {
  PutRule: all(
    on("events:PutRule", rule, ({ input }) => ({ ...requestTags(input.Tags), "events:source": pattern(input.EventPattern, "source"), "events:detail-type": pattern(input.EventPattern, "detail-type") })),
    when(({ input }) => (input.Tags?.length ?? 0) > 0, on("events:TagResource", rule, ({ input }) => requestTags(input.Tags))),
    passRole(({ input }) => input.RoleArn, "events.amazonaws.com"),
  ),
  ...each("DescribeRule DeleteRule EnableRule DisableRule RemoveTargets ListTargetsByRule", (name) => on(`events:${name}`, rule)),
  PutTargets: all(on("events:PutTargets", rule, ({ input }) => ({ "events:TargetArn": ((input.Targets ?? []) as Target[]).flatMap(({ Arn }) => Arn ?? []) })), passTargetRoles),
  ...each("ListRules ListRuleNamesByTarget ListEventBuses TestEventPattern", (name) => anywhere(`events:${name}`)),
  PutEvents: putEvents,
  CreateEventBus: on("events:CreateEventBus", (call) => bus(call), ({ input }) => requestTags(input.Tags)),
  ...each("DescribeEventBus DeleteEventBus", (name) => on(`events:${name}`, (call) => bus(call))),
  TagResource: on("events:TagResource", resource, ({ input }) => requestTags(input.Tags)),
  UntagResource: on("events:UntagResource", resource, ({ input }) => tagKeys(input.TagKeys)),
  ListTagsForResource: on("events:ListTagsForResource", resource),
};
