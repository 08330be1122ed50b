/**
 * A bucket's configurations: stored as they were put, given back as they are. Each is a parameter of the query string.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html
 */
import { parseXml } from "../../wire/xml";
import { AwsError } from "../../core/types";
import { s3Error, unsupported } from "./errors";
import { checkTags } from "./description";
import { REFUSED } from "./limits";
import type { Bucket, S3Store } from "./store";
import type { S3Operation } from "./types";

const XMLNS = ' xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';
const document = (root: string, content = ""): string => `<?xml version="1.0" encoding="UTF-8"?>\n<${root}${XMLNS}>${content}</${root}>`;

interface Configuration {
  /** Its name in the query string. */
  query: string;
  /** Its name in the operations'. */
  name: string;
  /** The XML root element; absent: JSON text. */
  root?: string;
  /** What a bucket has without having been given one: a document, or the error. */
  absent: string | readonly [code: string, message: string];
  putStatus?: number;
  /** Refuses what is not valid or not modelled, and applies what the region acts on. @throws AwsError */
  accept?(text: string, bucket: Bucket, store: S3Store): void;
  removed?(bucket: Bucket, store: S3Store): void;
  /** Headers that a put may have and a read shows. */
  header?: { name: string; absent: string };
  hasNoDelete?: boolean;
  hasNoPut?: boolean;
}

const hasElement = (text: string, ...names: string[]): boolean => names.some((name) => new RegExp(`<${name}[\\s>/]`).test(text));
/** Configurations that this region stores only in their empty form. */
const onlyEmpty = (what: string, ...elements: string[]) => (text: string): void => { if (hasElement(text, ...elements)) throw unsupported(what); };
const refuse = (what: string) => (): never => { throw unsupported(what); };

export const CONFIGURATIONS: readonly Configuration[] = [
  {
    query: "encryption", name: "BucketEncryption", root: "ServerSideEncryptionConfiguration",
    absent: document("ServerSideEncryptionConfiguration", "<Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault><BucketKeyEnabled>false</BucketKeyEnabled></Rule>"),
    accept: (text) => { if (!hasElement(text, "Rule")) throw s3Error("MalformedXML"); },
  },
  {
    query: "versioning", name: "BucketVersioning", root: "VersioningConfiguration", absent: document("VersioningConfiguration"), hasNoDelete: true,
    accept(text, bucket) {
      const status = (parseXml(text)["VersioningConfiguration"] as { Status?: string; MfaDelete?: string } | undefined) ?? {};
      if (status.MfaDelete === "Enabled") throw unsupported(REFUSED.mfaDelete);
      if (status.Status !== "Enabled" && status.Status !== "Suspended") throw new AwsError("IllegalVersioningConfigurationException", "The Versioning element must be specified", 400);
      bucket.versioning = status.Status;
    },
  },
  {
    query: "publicAccessBlock", name: "PublicAccessBlock", root: "PublicAccessBlockConfiguration",
    absent: ["NoSuchPublicAccessBlockConfiguration", "The public access block configuration was not found"],
  },
  {
    query: "lifecycle", name: "BucketLifecycleConfiguration", root: "LifecycleConfiguration",
    absent: ["NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist"],
    header: { name: "x-amz-transition-default-minimum-object-size", absent: "all_storage_classes_128K" },
    accept: (text, bucket, store) => bucket.lifecycle.set(text, store.now()),
    removed: (bucket, store) => bucket.lifecycle.set(undefined, store.now()),
  },
  {
    query: "policy", name: "BucketPolicy", absent: ["NoSuchBucketPolicy", "The bucket policy does not exist"], putStatus: 204,
    accept(text) {
      try {
        if (typeof (JSON.parse(text) as { Statement?: unknown }).Statement === "object") return;
      } catch {
        throw s3Error("MalformedPolicy");
      }
      throw s3Error("MalformedPolicy", {}, "Missing required field Statement");
    },
  },
  {
    query: "tagging", name: "BucketTagging", root: "Tagging", absent: ["NoSuchTagSet", "The TagSet does not exist"], putStatus: 204,
    accept: (text) => checkTags(parseTagSet(text), 50),
  },
  {
    query: "ownershipControls", name: "BucketOwnershipControls", root: "OwnershipControls",
    absent: ["OwnershipControlsNotFoundError", "The bucket ownership controls were not found"],
    accept: (text) => { if (!/<ObjectOwnership>\s*BucketOwnerEnforced\s*</.test(text)) throw unsupported(REFUSED.ownership); },
  },
  { query: "cors", name: "BucketCors", root: "CORSConfiguration", absent: ["NoSuchCORSConfiguration", "The CORS configuration does not exist"] },
  { query: "website", name: "BucketWebsite", root: "WebsiteConfiguration", absent: ["NoSuchWebsiteConfiguration", "The specified bucket does not have a website configuration"], accept: refuse(REFUSED.websites) },
  { query: "replication", name: "BucketReplication", root: "ReplicationConfiguration", absent: ["ReplicationConfigurationNotFoundError", "The replication configuration was not found"], accept: refuse(REFUSED.replication) },
  { query: "object-lock", name: "ObjectLockConfiguration", root: "ObjectLockConfiguration", absent: ["ObjectLockConfigurationNotFoundError", "Object Lock configuration does not exist for this bucket"], accept: refuse(REFUSED.objectLock), hasNoDelete: true },
  { query: "logging", name: "BucketLogging", root: "BucketLoggingStatus", absent: document("BucketLoggingStatus"), accept: onlyEmpty(REFUSED.accessLogs, "LoggingEnabled"), hasNoDelete: true },
  { query: "accelerate", name: "BucketAccelerateConfiguration", root: "AccelerateConfiguration", absent: document("AccelerateConfiguration"), accept: refuse(REFUSED.acceleration), hasNoDelete: true },
  { query: "requestPayment", name: "BucketRequestPayment", root: "RequestPaymentConfiguration", absent: document("RequestPaymentConfiguration", "<Payer>BucketOwner</Payer>"), accept: (text) => { if (!/<Payer>\s*BucketOwner\s*</.test(text)) throw unsupported(REFUSED.requesterPays); }, hasNoDelete: true },
  {
    query: "notification", name: "BucketNotificationConfiguration", root: "NotificationConfiguration", absent: document("NotificationConfiguration"), hasNoDelete: true,
    accept: onlyEmpty(REFUSED.notifications, "TopicConfiguration", "QueueConfiguration", "CloudFunctionConfiguration", "EventBridgeConfiguration"),
  },
  { query: "policyStatus", name: "BucketPolicyStatus", root: "PolicyStatus", absent: document("PolicyStatus", "<IsPublic>FALSE</IsPublic>"), hasNoDelete: true, hasNoPut: true },
];

/** The tags of a Tagging document. @throws AwsError */
export function parseTagSet(text: string): Map<string, string> {
  const tagging = parseXml(text, ["Tag"])["Tagging"] as { TagSet?: { Tag?: { Key?: string; Value?: string }[] } | "" } | undefined;
  if (tagging?.TagSet === undefined) throw s3Error("MalformedXML");
  const tags = new Map<string, string>();
  for (const { Key, Value } of tagging.TagSet === "" ? [] : tagging.TagSet.Tag ?? []) {
    if (Key === undefined || Value === undefined) throw s3Error("MalformedXML");
    if (tags.has(Key)) throw s3Error("InvalidTag", { TagKey: Key }, "Cannot provide multiple Tags with the same key");
    tags.set(Key, Value);
  }
  return tags;
}

/** The operations Get…, Put… and Delete… of each configuration. DeleteBucketLifecycle and DeletePublicAccessBlock have names of their own. */
export function configurationOperations(store: S3Store): Record<string, S3Operation> {
  const operations: Record<string, S3Operation> = {};
  for (const configuration of CONFIGURATIONS) {
    operations[`Get${configuration.name}`] = ({ Bucket }) => read(configuration, store.bucket(Bucket));
    if (!configuration.hasNoPut) operations[`Put${configuration.name}`] = ({ Bucket, body, headers }) => put(configuration, store.bucket(Bucket), body, headers, store);
    if (!configuration.hasNoDelete) {
      operations[deleteName(configuration)] = ({ Bucket }) => {
        const bucket = store.bucket(Bucket);
        bucket.configurations.delete(configuration.query);
        configuration.removed?.(bucket, store);
        return { status: 204 };
      };
    }
  }
  return operations;
}

export const deleteName = ({ name }: Configuration): string => `Delete${name === "BucketLifecycleConfiguration" ? "BucketLifecycle" : name}`;

function read(configuration: Configuration, bucket: Bucket): ReturnType<S3Operation> {
  const { absent, query, header, root } = configuration;
  const text = bucket.configurations.get(query);
  if (text === undefined && typeof absent !== "string") throw new AwsError(absent[0], absent[1], 404, { BucketName: bucket.name });
  return {
    headers: { "content-type": root === undefined ? "application/json" : "application/xml", ...(header ? { [header.name]: bucket.configurations.get(header.name) ?? header.absent } : {}) },
    body: text ?? (absent as string),
  };
}

function put(configuration: Configuration, bucket: Bucket, body: Buffer, headers: Record<string, string>, store: S3Store): ReturnType<S3Operation> {
  const { root, query, header, putStatus } = configuration;
  const text = body.toString("utf8");
  if (text.trim() === "") throw s3Error("MissingRequestBodyError");
  if (root !== undefined && !(root in parseXml(text))) throw s3Error("MalformedXML");
  configuration.accept?.(text, bucket, store);
  bucket.configurations.set(query, text);
  const value = header && (headers[header.name] ?? header.absent);
  if (header) bucket.configurations.set(header.name, value!);
  return { status: putStatus ?? 200, headers: header ? { [header.name]: value } : {} };
}
