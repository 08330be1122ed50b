/** https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/cloudwatch_event_rule */
import type { ResourceType } from "../resource";

export const awsCloudwatchEventRule: ResourceType = (args) => {
  const name = args.text("name");
  const enabled = args.optionalFlag("is_enabled");
  const bus = args.optionalText("event_bus_name");
  const tags = args.tagList();
  const input = {
    Name: name,
    Description: args.optionalText("description"),
    EventPattern: args.optionalText("event_pattern"),
    ScheduleExpression: args.optionalText("schedule_expression"),
    EventBusName: bus,
    RoleArn: args.optionalText("role_arn"),
    State: args.optionalText("state") ?? (enabled === false ? "DISABLED" : "ENABLED"),
    ...(tags ? { Tags: tags } : {}),
  };
  args.noEffect("it says how a rule is destroyed", "force_destroy");
  return async ({ call }) => {
    const { RuleArn } = await call<{ RuleArn: string }>("eventbridge", "PutRule", input);
    return { arn: RuleArn, id: bus === undefined || bus === "default" ? name : `${bus}/${name}`, name };
  };
};
