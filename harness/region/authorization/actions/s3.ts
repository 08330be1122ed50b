/**
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html; which operation needs which
 * action: https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
 */
import type { Need } from "../../core/types";
import { all, anywhere, each, when, type Call, type Described, type Rule, type RuleTable } from "../need";

const bucketArn = ({ region, input }: Call): string => `arn:${region.partition}:s3:::${String(input.Bucket ?? "")}`;
const need = (call: Call, action: string, resource: string, keys?: Need["keys"]): Need => ({
  action, resource, policy: () => call.region.service<Described>("s3").resourcePolicy?.(resource), ...(keys ? { keys } : {}),
});
const onBucket = (action: string, keys?: (call: Call) => Need["keys"]): Rule => (call) => [need(call, action, bucketArn(call), keys?.(call))];
const onObject = (action: string, versioned?: string): Rule => (call) => {
  const { Key: key, VersionId: version, headers } = call.input as { Key?: string; VersionId?: string; headers: Record<string, string> };
  return [need(call, version !== undefined && versioned !== undefined ? versioned : action, `${bucketArn(call)}/${key ?? ""}`, {
    "s3:VersionId": version, "s3:x-amz-acl": headers["x-amz-acl"], "s3:x-amz-server-side-encryption": headers["x-amz-server-side-encryption"],
    "s3:x-amz-server-side-encryption-aws-kms-key-id": headers["x-amz-server-side-encryption-aws-kms-key-id"], "s3:x-amz-storage-class": headers["x-amz-storage-class"],
    "s3:x-amz-copy-source": headers["x-amz-copy-source"], "s3:if-none-match": headers["if-none-match"], "s3:if-match": headers["if-match"],
  })];
};
const listing = ({ input }: Call): Need["keys"] => {
  const query = input.query as URLSearchParams;
  return { "s3:prefix": query.get("prefix") ?? "", "s3:delimiter": query.get("delimiter") ?? undefined, "s3:max-keys": query.get("max-keys") ?? undefined };
};
const hasHeader = (name: string) => ({ input }: Call): boolean => (input.headers as Record<string, string>)[name] !== undefined;
/** The object that a copy reads. */
const source: Rule = (call) => {
  const [path = "", query] = String((call.input.headers as Record<string, string>)["x-amz-copy-source"] ?? "").split("?");
  const decoded = decodeURIComponent(path).replace(/^\//, "");
  const versioned = new URLSearchParams(query).has("versionId");
  return [need(call, versioned ? "s3:GetObjectVersion" : "s3:GetObject", `arn:${call.region.partition}:s3:::${decoded}`)];
};
const put = all(onObject("s3:PutObject"), when(hasHeader("x-amz-tagging"), onObject("s3:PutObjectTagging")));
/** Deleted one by one: each key is authorized for itself. */
const deleteEach: Rule = (call) => {
  const body = (call.input.body as Buffer).toString("utf8");
  const objects = [...body.matchAll(/<Object>([\s\S]*?)<\/Object>/g)].map(([, inner = ""]) => ({ key: unescape(/<Key>([\s\S]*?)<\/Key>/.exec(inner)?.[1] ?? ""), version: /<VersionId>/.test(inner) }));
  return objects.map(({ key, version }) => need(call, version ? "s3:DeleteObjectVersion" : "s3:DeleteObject", `${bucketArn(call)}/${key}`));
};
const ENTITIES: Record<string, string> = { "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'" };
const unescape = (text: string): string => text.replace(/&(amp|lt|gt|quot|apos);/g, (entity) => ENTITIES[entity]!);

/** Configurations whose action is named otherwise than `s3:` and the operation. */
const CONFIGURATIONS: Readonly<Record<string, string>> = {
  GetBucketEncryption: "GetEncryptionConfiguration", PutBucketEncryption: "PutEncryptionConfiguration", DeleteBucketEncryption: "PutEncryptionConfiguration",
  GetPublicAccessBlock: "GetBucketPublicAccessBlock", PutPublicAccessBlock: "PutBucketPublicAccessBlock", DeletePublicAccessBlock: "PutBucketPublicAccessBlock",
  GetBucketLifecycleConfiguration: "GetLifecycleConfiguration", PutBucketLifecycleConfiguration: "PutLifecycleConfiguration", DeleteBucketLifecycle: "PutLifecycleConfiguration",
  DeleteBucketTagging: "PutBucketTagging", DeleteBucketOwnershipControls: "PutBucketOwnershipControls",
  GetBucketCors: "GetBucketCORS", PutBucketCors: "PutBucketCORS", DeleteBucketCors: "PutBucketCORS",
  GetBucketReplication: "GetReplicationConfiguration", PutBucketReplication: "PutReplicationConfiguration", DeleteBucketReplication: "PutReplicationConfiguration",
  GetObjectLockConfiguration: "GetBucketObjectLockConfiguration", PutObjectLockConfiguration: "PutBucketObjectLockConfiguration",
  GetBucketAccelerateConfiguration: "GetAccelerateConfiguration", PutBucketAccelerateConfiguration: "PutAccelerateConfiguration",
  GetBucketNotificationConfiguration: "GetBucketNotification", PutBucketNotificationConfiguration: "PutBucketNotification",
};
const SAME = "GetBucketLocation GetBucketAcl PutBucketAcl GetBucketVersioning PutBucketVersioning GetBucketPolicy PutBucketPolicy DeleteBucketPolicy GetBucketTagging PutBucketTagging "
  + "GetBucketOwnershipControls PutBucketOwnershipControls GetBucketWebsite PutBucketWebsite DeleteBucketWebsite GetBucketLogging PutBucketLogging GetBucketRequestPayment "
  + "PutBucketRequestPayment GetBucketPolicyStatus CreateBucket DeleteBucket";

export const S3: RuleTable = {
  ...each(SAME, (name) => onBucket(`s3:${name}`)),
  ...Object.fromEntries(Object.entries(CONFIGURATIONS).map(([operation, action]) => [operation, onBucket(`s3:${action}`)])),
  HeadBucket: onBucket("s3:ListBucket"),
  ListBuckets: anywhere("s3:ListAllMyBuckets"),
  ListObjects: onBucket("s3:ListBucket", listing),
  ListObjectsV2: onBucket("s3:ListBucket", listing),
  ListObjectVersions: onBucket("s3:ListBucketVersions", listing),
  ListMultipartUploads: onBucket("s3:ListBucketMultipartUploads", listing),
  GetObject: onObject("s3:GetObject", "s3:GetObjectVersion"),
  HeadObject: onObject("s3:GetObject", "s3:GetObjectVersion"),
  GetObjectAttributes: all(onObject("s3:GetObject", "s3:GetObjectVersion"), onObject("s3:GetObjectAttributes", "s3:GetObjectVersionAttributes")),
  GetObjectAcl: onObject("s3:GetObjectAcl", "s3:GetObjectVersionAcl"),
  PutObject: put,
  CreateMultipartUpload: put,
  UploadPart: onObject("s3:PutObject"),
  CompleteMultipartUpload: onObject("s3:PutObject"),
  CopyObject: all(put, source),
  UploadPartCopy: all(onObject("s3:PutObject"), source),
  AbortMultipartUpload: onObject("s3:AbortMultipartUpload"),
  ListParts: onObject("s3:ListMultipartUploadParts"),
  DeleteObject: onObject("s3:DeleteObject", "s3:DeleteObjectVersion"),
  DeleteObjects: deleteEach,
  GetObjectTagging: onObject("s3:GetObjectTagging", "s3:GetObjectVersionTagging"),
  PutObjectTagging: onObject("s3:PutObjectTagging", "s3:PutObjectVersionTagging"),
  DeleteObjectTagging: onObject("s3:DeleteObjectTagging", "s3:DeleteObjectVersionTagging"),
};
