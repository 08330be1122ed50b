/** What of S3 is refused by name, and what is simpler than on AWS. */
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
  policies: "A bucket's policy is kept and shown; what it allows is not evaluated here.",
} as const;
