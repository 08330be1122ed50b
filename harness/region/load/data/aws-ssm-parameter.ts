/** https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/data-sources/ssm_parameter */
import type { ResourceType } from "../resource";

export const awsSsmParameterData: ResourceType = (args) => {
  const name = args.text("name");
  args.noEffect("there are no SecureStrings to decrypt here", "with_decryption");
  return async ({ call }) => {
    const { Parameter } = await call<{ Parameter: { ARN: string; Type: string; Value: string; Version: number } }>("ssm", "GetParameter", { Name: name });
    return { id: name, name, arn: Parameter.ARN, type: Parameter.Type, value: Parameter.Value, insecure_value: Parameter.Value, version: Parameter.Version };
  };
};
