/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstanceAttribute.html */
import { unsupported } from "../errors";
import { requiredText } from "../input";
import { INSTANCE_ATTRIBUTES } from "./instance-attributes";
import type { Ec2Operation } from "./operation";

export const describeInstanceAttribute: Ec2Operation = (core) => (input) => {
  const name = requiredText(input, "Attribute");
  const [instance] = core.instancesWithIds([requiredText(input, "InstanceId")]);
  const attribute = INSTANCE_ATTRIBUTES[name];
  if (!attribute) throw unsupported(`the attribute '${name}' of DescribeInstanceAttribute; it has ${Object.keys(INSTANCE_ATTRIBUTES).join(", ")}`);
  const value = attribute.read(instance!);
  return { instanceId: instance!.id, [name]: value === undefined ? {} : { value } };
};
