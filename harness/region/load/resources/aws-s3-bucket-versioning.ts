/** https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/s3_bucket_versioning */
import type { ResourceType } from "../resource";

export const awsS3BucketVersioning: ResourceType = (args) => {
  const bucket = args.text("bucket");
  const configuration = args.block("versioning_configuration");
  const status = configuration.text("status");
  configuration.only("mfa_delete", "Disabled");
  return async ({ call }) => {
    // "Disabled" is a bucket that never had versions: there is no call for it.
    if (status !== "Disabled") await call("s3", "PutBucketVersioning", { Bucket: bucket, VersioningConfiguration: { Status: status } });
    return { id: bucket };
  };
};
