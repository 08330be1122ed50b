/** https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/ssm_parameter */
import type { ResourceType } from "../resource";

export const awsSsmParameter: ResourceType = (args) => {
  const name = args.text("name");
  const input = { Name: name, Type: args.text("type"), Value: args.text("value"), Description: args.optionalText("description"), DataType: args.optionalText("data_type"), Overwrite: args.optionalFlag("overwrite") };
  args.only("tier", "Standard");
  args.noEffect("the service keeps no tags of parameters here", "tags");
  return async ({ call }) => {
    const { Version } = await call<{ Version: number }>("ssm", "PutParameter", input);
    const { Parameter } = await call<{ Parameter: { ARN: string } }>("ssm", "GetParameter", { Name: name });
    return { id: name, name, arn: Parameter.ARN, version: Version };
  };
};
