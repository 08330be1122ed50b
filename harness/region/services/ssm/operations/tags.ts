/** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_AddTagsToResource.html and its neighbours: tags of parameters. */
import { AwsError, type Operation } from "../../../core/types";
import { REFUSED } from "../limits";
import type { SsmState } from "../state";

interface Resource { ResourceType?: string; ResourceId?: string }
interface Pair { Key: string; Value: string }

function tagsOf(state: SsmState, { ResourceType = "", ResourceId = "" }: Resource): Map<string, string> {
  if (ResourceType !== "Parameter") throw new AwsError("InvalidResourceType", `The embedded region does not support ${REFUSED.tagsOfOthers} (${ResourceType || "none given"}).`);
  if (!state.parameters.has(ResourceId)) throw new AwsError("InvalidResourceId", `The resource ID "${ResourceId}" is not valid. Verify the ID and try again.`);
  const tags = state.tags.get(ResourceId) ?? new Map<string, string>();
  state.tags.set(ResourceId, tags);
  return tags;
}

export const addTagsToResource = (state: SsmState): Operation<Resource & { Tags?: Pair[] }> => (input) => {
  const tags = tagsOf(state, input);
  const added = input.Tags ?? [];
  if (new Set([...tags.keys(), ...added.map(({ Key }) => Key)]).size > 50) throw new AwsError("TooManyTagsError", "The Targets parameter includes too many tags. Remove one or more tags and try the command again.");
  for (const { Key, Value } of added) tags.set(Key, Value);
  return {};
};

export const removeTagsFromResource = (state: SsmState): Operation<Resource & { TagKeys?: string[] }> => (input) => {
  const tags = tagsOf(state, input);
  for (const key of input.TagKeys ?? []) tags.delete(key);
  return {};
};

export const listTagsForResource = (state: SsmState): Operation<Resource> => (input) => ({ TagList: [...tagsOf(state, input)].map(([Key, Value]) => ({ Key, Value })) });
