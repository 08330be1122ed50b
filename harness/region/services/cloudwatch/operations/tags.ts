/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_TagResource.html and its neighbours: tags of alarms. */
import { AwsError, type Operation } from "../../../core/types";
import type { Alarms } from "../alarms";

function tagsOf(alarms: Alarms, arn: unknown): Map<string, string> {
  for (const alarm of alarms.byName.values()) if (alarm.arn === arn) return alarm.tags;
  throw new AwsError("ResourceNotFoundException", `Unknown resource ${String(arn)}`, 404);
}

export const tagResource = (alarms: Alarms): Operation<{ ResourceARN: string; Tags: { Key: string; Value: string }[] }> => (input) => {
  const tags = tagsOf(alarms, input.ResourceARN);
  for (const { Key, Value } of input.Tags || []) tags.set(Key, Value);
  return {};
};
export const untagResource = (alarms: Alarms): Operation<{ ResourceARN: string; TagKeys: string[] }> => (input) => {
  const tags = tagsOf(alarms, input.ResourceARN);
  for (const key of input.TagKeys || []) tags.delete(key);
  return {};
};
export const listTagsForResource = (alarms: Alarms): Operation<{ ResourceARN: string }> => (input) => ({ Tags: [...tagsOf(alarms, input.ResourceARN)].map(([Key, Value]) => ({ Key, Value })) });
