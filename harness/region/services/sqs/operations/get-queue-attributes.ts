/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html */
import { AwsError, type Operation } from "../../../core/types";
import { describeAttributes } from "../attributes";
import type { SqsState } from "../state";

export const getQueueAttributes = (state: SqsState): Operation<{ QueueUrl?: string; AttributeNames?: string[] }> => ({ QueueUrl, AttributeNames: names = [] }) => {
  const all = describeAttributes(state.byUrl(QueueUrl));
  if (names.includes("All")) return { Attributes: all };
  const known = new Set([...Object.keys(all), "Policy", "RedrivePolicy", "KmsMasterKeyId", "KmsDataKeyReusePeriodSeconds"]);
  for (const name of names) if (!known.has(name)) throw new AwsError("InvalidAttributeName", `Unknown Attribute ${name}.`);
  return { Attributes: Object.fromEntries(names.flatMap((name) => (all[name] === undefined ? [] : [[name, all[name]]]))) };
};
