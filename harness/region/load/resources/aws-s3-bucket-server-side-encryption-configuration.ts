/** https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/s3_bucket_server_side_encryption_configuration */
import type { ResourceType } from "../resource";

export const awsS3BucketServerSideEncryptionConfiguration: ResourceType = (args) => {
  const bucket = args.text("bucket");
  const rules = args.blocks("rule").map((rule) => {
    const byDefault = rule.optionalBlock("apply_server_side_encryption_by_default");
    return {
      ...(byDefault ? { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: byDefault.text("sse_algorithm"), KMSMasterKeyID: byDefault.optionalText("kms_master_key_id") } } : {}),
      BucketKeyEnabled: rule.optionalFlag("bucket_key_enabled"),
    };
  });
  return async ({ call }) => {
    await call("s3", "PutBucketEncryption", { Bucket: bucket, ServerSideEncryptionConfiguration: { Rules: rules } });
    return { id: bucket };
  };
};
