/** https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/s3_bucket_lifecycle_configuration */
import type { Arguments } from "../arguments";
import type { ResourceType } from "../resource";

/** A filter with one condition stands by itself; several stand in `and`. */
function filter(args: Arguments): object {
  const and = args.optionalBlock("and");
  const condition = (from: Arguments): object => ({ Prefix: from.optionalText("prefix"), ObjectSizeGreaterThan: from.optionalNumber("object_size_greater_than"), ObjectSizeLessThan: from.optionalNumber("object_size_less_than") });
  if (!and) {
    const tag = args.optionalBlock("tag");
    return { ...condition(args), ...(tag ? { Tag: { Key: tag.text("key"), Value: tag.text("value") } } : {}) };
  }
  const tags = Object.entries(and.optionalMap("tags") ?? {}).map(([Key, Value]) => ({ Key, Value }));
  return { And: { ...condition(and), ...(tags.length > 0 ? { Tags: tags } : {}) } };
}

function rule(args: Arguments): object {
  const filterBlock = args.optionalBlock("filter");
  const expiration = args.optionalBlock("expiration");
  const noncurrent = args.optionalBlock("noncurrent_version_expiration");
  const abort = args.optionalBlock("abort_incomplete_multipart_upload");
  return {
    ID: args.text("id"),
    Status: args.text("status"),
    Filter: filterBlock ? filter(filterBlock) : { Prefix: args.optionalText("prefix") ?? "" },
    ...(expiration ? { Expiration: { Days: expiration.optionalNumber("days"), Date: dateOf(expiration.optionalText("date")), ExpiredObjectDeleteMarker: expiration.optionalFlag("expired_object_delete_marker") } } : {}),
    ...(noncurrent ? { NoncurrentVersionExpiration: { NoncurrentDays: noncurrent.optionalNumber("noncurrent_days"), NewerNoncurrentVersions: noncurrent.optionalNumber("newer_noncurrent_versions") } } : {}),
    ...(abort ? { AbortIncompleteMultipartUpload: { DaysAfterInitiation: abort.optionalNumber("days_after_initiation") } } : {}),
  };
}

const dateOf = (text: string | undefined): Date | undefined => (text === undefined ? undefined : new Date(text));

export const awsS3BucketLifecycleConfiguration: ResourceType = (args) => {
  const bucket = args.text("bucket");
  const rules = args.blocks("rule").map(rule);
  const minimum = args.optionalText("transition_default_minimum_object_size");
  return async ({ call }) => {
    await call("s3", "PutBucketLifecycleConfiguration", { Bucket: bucket, LifecycleConfiguration: { Rules: rules }, TransitionDefaultMinimumObjectSize: minimum });
    return { id: bucket };
  };
};
