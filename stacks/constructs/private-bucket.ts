/** A bucket as all of this deployment are: private, encrypted, its objects the bucket owner's, reached over TLS only. */
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
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

export interface BucketOptions {
  /** Of its resources; the others' begin with it. */
  id: string;
  name: string;
  /** Whether `destroy` empties it. */
  forceDestroy: boolean;
}

export function privateBucket({ scope, config, arns }: StackContext, { id, name, forceDestroy }: BucketOptions): S3Bucket {
  const bucket = new S3Bucket(scope, id, { bucket: name, forceDestroy });
  const closed = new S3BucketPublicAccessBlock(scope, `${id}_private`, {
    bucket: bucket.id,
    blockPublicAcls: true,
    blockPublicPolicy: true,
    ignorePublicAcls: true,
    restrictPublicBuckets: true,
  });
  new S3BucketOwnershipControls(scope, `${id}_ownership`, { bucket: bucket.id, rule: { objectOwnership: "BucketOwnerEnforced" } });
  new S3BucketServerSideEncryptionConfigurationA(scope, `${id}_encryption`, {
    bucket: bucket.id,
    rule: [
      {
        applyServerSideEncryptionByDefault:
          config.kmsKeyArn === undefined ? { sseAlgorithm: "AES256" } : { sseAlgorithm: "aws:kms", kmsMasterKeyId: config.kmsKeyArn },
        ...(config.kmsKeyArn === undefined ? {} : { bucketKeyEnabled: true }),
      },
    ],
  });
  const arn = arns.bucket(name);
  new S3BucketPolicy(scope, `${id}_policy`, {
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
