/** The bucket of checkpoints (`jobs/`) and final logs (`logs/`), tidied up by age; a job that has not finished keeps its checkpoints. */
import type { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { S3BucketLifecycleConfiguration, type S3BucketLifecycleConfigurationRuleFilter } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration";
import { FINISHED_TAG } from "../names";
import type { StackContext } from "./context";
import { privateBucket } from "./private-bucket";

export function checkpoints(context: StackContext): S3Bucket {
  const { scope, config, buckets } = context;
  // Without deletion protection, `destroy` empties the bucket too.
  const bucket = privateBucket(context, { id: "checkpoints", name: buckets.checkpoints, forceDestroy: !config.deletionProtection });
  new S3BucketLifecycleConfiguration(scope, "checkpoints_lifecycle", {
    bucket: bucket.id,
    rule: [
      // The agent tags what a finished job leaves (userdata/agent/checkpoints.py).
      expire("finished-jobs", [{ and: [{ prefix: "jobs/", tags: { [FINISHED_TAG]: "true" } }] }], config.checkpointRetentionDays),
      expire("logs", [{ prefix: "logs/" }], config.checkpointRetentionDays),
      // A save that its instance did not live to complete.
      { id: "incomplete-uploads", status: "Enabled", filter: [{ prefix: "" }], abortIncompleteMultipartUpload: [{ daysAfterInitiation: 1 }] },
    ],
  });
  return bucket;
}

function expire(id: string, filter: S3BucketLifecycleConfigurationRuleFilter[], days: number) {
  return { id, status: "Enabled", filter, expiration: [{ days }] };
}
