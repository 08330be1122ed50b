/**
 * Removes tags; with a value, only where it is that; without any tag, all but EC2's own.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteTags.html
 */
import { ec2Error } from "../errors";
import { requiredText, structures, text, texts } from "../input";
import { taggable } from "../taggable";
import type { Ec2Operation } from "./operation";

export const deleteTags: Ec2Operation = (core) => (input) => {
  const ids = texts(input, "ResourceId");
  if (ids.length === 0) throw ec2Error("MissingParameter", "The request must contain the parameter ResourceId");
  for (const id of ids) taggable(core, id);
  const tags = structures(input, "Tag");
  for (const id of ids) {
    const keys = tags.length > 0 ? tags.map((tag) => [requiredText(tag, "Key"), text(tag, "Value")] as const) : [...core.tags.of(id).keys()].map((key) => [key, undefined] as const);
    for (const [key, value] of keys) if (!key.startsWith("aws:")) core.tags.remove(id, key, value);
  }
  return { return: true };
};
