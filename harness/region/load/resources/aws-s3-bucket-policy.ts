/** https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/s3_bucket_policy */
import type { ResourceType } from "../resource";

export const awsS3BucketPolicy: ResourceType = (args) => {
  const bucket = args.text("bucket");
  const policy = args.text("policy");
  return async ({ call }) => {
    await call("s3", "PutBucketPolicy", { Bucket: bucket, Policy: policy });
    return { id: bucket };
  };
};
