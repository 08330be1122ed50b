/**
 * An attribute by its name and Value, or as a member of its own.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyInstanceAttribute.html
 */
import { ec2Error, invalidValue, unsupported } from "../errors";
import { requiredText, structure, text, type Wire } from "../input";
import { INSTANCE_ATTRIBUTES } from "./instance-attributes";
import type { Ec2Operation } from "./operation";

const NOT_ATTRIBUTES = new Set(["InstanceId", "DryRun", "Attribute", "Value"]);

export const modifyInstanceAttribute: Ec2Operation = (core) => (input) => {
  const [instance] = core.instancesWithIds([requiredText(input, "InstanceId")]);
  const { name, value } = wanted(input);
  const attribute = INSTANCE_ATTRIBUTES[name];
  if (!attribute?.write) {
    throw unsupported(`the attribute '${name}' of ModifyInstanceAttribute; it has ${Object.keys(INSTANCE_ATTRIBUTES).filter((known) => INSTANCE_ATTRIBUTES[known]!.write).join(", ")}`);
  }
  if (!attribute.write(instance!, value)) throw invalidValue(value, name);
  return { return: true };
};

/** @throws AwsError InvalidParameterCombination, when there is not exactly one */
function wanted(input: Wire): { name: string; value: string } {
  const named = text(input, "Attribute");
  if (named) return { name: named, value: text(input, "Value") ?? "" };
  const members = Object.keys(input).filter((name) => !NOT_ATTRIBUTES.has(name));
  if (members.length !== 1) throw ec2Error("InvalidParameterCombination", members.length === 0 ? "No attributes specified." : "Fields for multiple attribute types specified.");
  const [member] = members;
  return { name: member!.charAt(0).toLowerCase() + member!.slice(1), value: text(structure(input, member!), "Value") ?? "" };
}
