/** What of S3 is refused by name, and what is simpler than on AWS. */
import type { InertMembers, RefusedMembers } from "../../core/unsupported";

export const REFUSED = {
  websites: "websites",
  redirects: "website redirects",
  replication: "replication",
  objectLock: "object lock",
  accessLogs: "server access logs",
  acceleration: "transfer acceleration",
  requesterPays: "requester pays",
  notifications: "bucket notifications",
  mfaDelete: "MFA delete",
  ownership: "object ownership other than BucketOwnerEnforced",
  customerKeys: "encryption with customer-provided keys (SSE-C)",
  transitions: "lifecycle transitions to other storage classes",
  appending: "appending to objects",
  conditionalDeletes: "deletes conditional on size or time of last modification",
  storageClasses: "storage classes whose objects must be restored, or that live elsewhere",
} as const;

export const SIMPLIFIED = {
  encryption: "Encryption is kept and shown (SSE-S3, SSE-KMS); nothing is encrypted, and no key is asked for.",
} as const;

export const REFUSED_MEMBERS: RefusedMembers = {
  CreateBucket: { "x-amz-object-ownership": ["BucketOwnerEnforced"], "x-amz-bucket-namespace": [] },
  ListBuckets: { "bucket-region": [] },
  GetObjectAttributes: { "x-amz-max-parts": [], "x-amz-part-number-marker": [] },
  ListMultipartUploads: { "upload-id-marker": [] },
  AbortMultipartUpload: { "x-amz-if-match-initiated-time": [] },
  CopyObject: { "x-amz-copy-source-server-side-encryption-customer-algorithm": [], "x-amz-object-annotation-directive": [] },
  UploadPartCopy: { "x-amz-copy-source-server-side-encryption-customer-algorithm": [] },
};

export const INERT_MEMBERS: InertMembers = {
  "*": {
    "x-amz-request-payer": "no bucket lets the requester pay",
    "x-amz-mfa": "no bucket asks for MFA",
    "x-amz-bypass-governance-retention": "no object is locked",
    "x-amz-optional-object-attributes": "no object has to be restored",
    "x-amz-server-side-encryption-context": "nothing is encrypted",
    "x-amz-server-side-encryption-bucket-key-enabled": "nothing is encrypted",
  },
};
