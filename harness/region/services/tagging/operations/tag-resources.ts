/**
 * Changes tags of resources of several services at once. Each is changed by its own service in the caller's name, so the caller
 * needs that service's permission as well; what one refuses is told in FailedResourcesMap, and the others are changed.
 * https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_TagResources.html and API_UntagResources.html
 */
import { parseArn } from "../../../core/arn";
import { AwsError, type CallContext, type Operation } from "../../../core/types";
import { invalid, listOf } from "../input";
import { Calls, SOURCES, type TagSource } from "../sources";

interface FailureInfo { StatusCode: number; ErrorCode: string; ErrorMessage: string }

async function forEach(arns: readonly string[] | undefined, { region, caller }: CallContext, change: (source: TagSource, calls: Calls, arn: string) => Promise<unknown>): Promise<object> {
  const calls = new Calls(region, caller);
  const failed: Record<string, FailureInfo> = {};
  const all = listOf(arns, "resourceARNList", 1, 20);
  for (const arn of all) checkArn(arn, region.partition);
  for (const arn of all) {
    const { service, region: regionName, accountId } = parseArn(arn)!;
    const source = Object.hasOwn(SOURCES, service) ? SOURCES[service] : undefined;
    const elsewhere = (regionName !== "" && regionName !== region.regionName) || (accountId !== "" && accountId !== region.accountId);
    if (!source) failed[arn] = { StatusCode: 400, ErrorCode: "InvalidParameterException", ErrorMessage: `The embedded region has no taggable resources of ${service}; it has those of ${Object.keys(SOURCES).join(", ")}.` };
    else if (elsewhere) failed[arn] = { StatusCode: 400, ErrorCode: "InvalidParameterException", ErrorMessage: `${arn} is not in the region ${region.regionName} of the account ${region.accountId}.` };
    else {
      try {
        await change(source, calls, arn);
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        failed[arn] = { StatusCode: error.status, ErrorCode: error.code, ErrorMessage: error.message };
      }
    }
  }
  return { FailedResourcesMap: failed };
}

function checkArn(arn: string, partition: string): void {
  const parsed = parseArn(arn);
  if (!parsed) throw invalid(`${arn} is not a valid Amazon Resource Name (ARN).`);
  if (parsed.partition !== partition) throw invalid(`The partition '${parsed.partition}' of ${arn} does not match the partition '${partition}' in which the operation was invoked.`);
}

export const tagResources: Operation<{ ResourceARNList?: string[]; Tags?: Record<string, string> }> = ({ ResourceARNList, Tags = {} }, context) => {
  listOf(Object.keys(Tags), "tags", 1, 50);
  for (const [key, value] of Object.entries(Tags)) {
    if (key.length < 1 || key.length > 128 || value.length > 256) throw invalid(`The tag '${key}' is not valid: keys have 1 to 128 characters, values at most 256.`);
    if (/^aws:/i.test(key)) throw invalid(`The tag key '${key}' is not valid: keys that begin with 'aws:' are reserved for AWS use.`);
  }
  return forEach(ResourceARNList, context, (source, calls, arn) => source.tag(calls, arn, Tags));
};

export const untagResources: Operation<{ ResourceARNList?: string[]; TagKeys?: string[] }> = ({ ResourceARNList, TagKeys }, context) => {
  const keys = listOf(TagKeys, "tagKeys", 1, 50);
  return forEach(ResourceARNList, context, (source, calls, arn) => source.untag(calls, arn, keys));
};
