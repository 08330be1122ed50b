/** The bucket of checkpoints (`jobs/`) and final logs (`logs/`): private, encrypted, reached over TLS only, tidied up by age. */
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { S3BucketLifecycleConfiguration } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration";
import { S3BucketOwnershipControls } from "@cdktf/provider-aws/lib/s3-bucket-ownership-controls";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration";
import { policyDocument } from "../policy";
import type { StackContext } from "./context";

/** Whatever reads or writes the bucket's contents; the policy refuses it without TLS. */
const CONTENT_ACTIONS = [
  "s3:GetObject",
  "s3:GetObjectVersion",
  "s3:GetObjectAttributes",
  "s3:PutObject",
  "s3:DeleteObject",
  "s3:ListBucket",
  "s3:ListBucketMultipartUploads",
  "s3:ListMultipartUploadParts",
  "s3:AbortMultipartUpload",
];

export function checkpoints({ scope, config, place, arns }: StackContext): S3Bucket {
  const name = `${config.name}-checkpoints-${place.accountId}-${config.region}`;
  // Without deletion protection, `destroy` empties the bucket too.
  const bucket = new S3Bucket(scope, "checkpoints", { bucket: name, forceDestroy: !config.deletionProtection });
  const closed = new S3BucketPublicAccessBlock(scope, "checkpoints_private", {
    bucket: bucket.id,
    blockPublicAcls: true,
    blockPublicPolicy: true,
    ignorePublicAcls: true,
    restrictPublicBuckets: true,
  });
  new S3BucketOwnershipControls(scope, "checkpoints_ownership", { bucket: bucket.id, rule: { objectOwnership: "BucketOwnerEnforced" } });
  new S3BucketServerSideEncryptionConfigurationA(scope, "checkpoints_encryption", {
    bucket: bucket.id,
    rule: [
      {
        applyServerSideEncryptionByDefault:
          config.kmsKeyArn === undefined ? { sseAlgorithm: "AES256" } : { sseAlgorithm: "aws:kms", kmsMasterKeyId: config.kmsKeyArn },
        ...(config.kmsKeyArn === undefined ? {} : { bucketKeyEnabled: true }),
      },
    ],
  });
  new S3BucketLifecycleConfiguration(scope, "checkpoints_lifecycle", {
    bucket: bucket.id,
    rule: [
      expire("jobs", "jobs/", config.checkpointRetentionDays),
      expire("logs", "logs/", config.checkpointRetentionDays),
      // A save that its instance did not live to complete.
      { id: "incomplete-uploads", status: "Enabled", filter: [{ prefix: "" }], abortIncompleteMultipartUpload: [{ daysAfterInitiation: 1 }] },
    ],
  });
  const arn = arns.bucket(name);
  new S3BucketPolicy(scope, "checkpoints_policy", {
    bucket: bucket.id,
    policy: policyDocument([
      {
        Sid: "OnlyOverTls",
        Effect: "Deny",
        Principal: { AWS: ["*"] },
        Action: CONTENT_ACTIONS,
        Resource: [arn, `${arn}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ]),
    dependsOn: [closed],
  });
  return bucket;
}

function expire(id: string, prefix: string, days: number) {
  return { id, status: "Enabled", filter: [{ prefix }], expiration: [{ days }] };
}
