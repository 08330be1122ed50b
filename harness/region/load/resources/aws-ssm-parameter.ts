/** https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/ssm_parameter */
import type { ResourceType } from "../resource";

export const awsSsmParameter: ResourceType = (args) => {
  const name = args.text("name");
  const input = {
    Name: name, Type: args.text("type"), Value: args.text("value"), Description: args.optionalText("description"), DataType: args.optionalText("data_type"), Tier: args.optionalText("tier"),
    KeyId: args.optionalText("key_id"), AllowedPattern: args.optionalText("allowed_pattern"), Overwrite: args.optionalFlag("overwrite"),
  };
  const tags = Object.entries(args.tags()).map(([Key, Value]) => ({ Key, Value }));
  return async ({ call }) => {
    const { Version } = await call<{ Version: number }>("ssm", "PutParameter", input);
    if (tags.length > 0) await call("ssm", "AddTagsToResource", { ResourceType: "Parameter", ResourceId: name, Tags: tags });
    const { Parameter } = await call<{ Parameter: { ARN: string } }>("ssm", "GetParameter", { Name: name });
    return { id: name, name, arn: Parameter.ARN, version: Version };
  };
};
