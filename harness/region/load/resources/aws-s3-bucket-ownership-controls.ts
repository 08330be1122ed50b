/** https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/s3_bucket_ownership_controls */
import type { ResourceType } from "../resource";

export const awsS3BucketOwnershipControls: ResourceType = (args) => {
  const bucket = args.text("bucket");
  const ownership = args.block("rule").text("object_ownership");
  return async ({ call }) => {
    await call("s3", "PutBucketOwnershipControls", { Bucket: bucket, OwnershipControls: { Rules: [{ ObjectOwnership: ownership }] } });
    return { id: bucket };
  };
};
