/** https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/s3_bucket_public_access_block */
import type { ResourceType } from "../resource";

export const awsS3BucketPublicAccessBlock: ResourceType = (args) => {
  const bucket = args.text("bucket");
  const configuration = {
    BlockPublicAcls: args.optionalFlag("block_public_acls") ?? false,
    BlockPublicPolicy: args.optionalFlag("block_public_policy") ?? false,
    IgnorePublicAcls: args.optionalFlag("ignore_public_acls") ?? false,
    RestrictPublicBuckets: args.optionalFlag("restrict_public_buckets") ?? false,
  };
  return async ({ call }) => {
    await call("s3", "PutPublicAccessBlock", { Bucket: bucket, PublicAccessBlockConfiguration: configuration });
    return { id: bucket };
  };
};
