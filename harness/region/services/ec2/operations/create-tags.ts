/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateTags.html */
import { ec2Error } from "../errors";
import { texts } from "../input";
import { taggable } from "../taggable";
import { checkMetadataTagKeys, readTags } from "../tags";
import type { Ec2Operation } from "./operation";

export const createTags: Ec2Operation = (core) => (input) => {
  const ids = texts(input, "ResourceId");
  const tags = readTags(input);
  if (ids.length === 0) throw ec2Error("MissingParameter", "The request must contain the parameter ResourceId");
  if (tags.size === 0) throw ec2Error("MissingParameter", "The request must contain the parameter Tag");
  for (const id of ids) {
    taggable(core, id);
    if (core.instances.get(id)?.metadataOptions.tags === "enabled") checkMetadataTagKeys(tags.keys());
  }
  for (const id of ids) core.tags.put(id, tags);
  return { return: true };
};
