import {
  AbortMultipartUploadCommand, CompleteMultipartUploadCommand, CopyObjectCommand, CreateBucketCommand, CreateMultipartUploadCommand, DeleteObjectCommand, DeleteObjectsCommand,
  GetBucketEncryptionCommand, GetBucketLifecycleConfigurationCommand, GetBucketPolicyCommand, GetBucketTaggingCommand, GetBucketVersioningCommand, GetObjectCommand, GetObjectTaggingCommand,
  GetPublicAccessBlockCommand, HeadBucketCommand, HeadObjectCommand, ListBucketsCommand, ListObjectsV2Command, ListObjectVersionsCommand, ListPartsCommand, PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand, PutBucketNotificationConfigurationCommand, PutBucketPolicyCommand, PutBucketTaggingCommand, PutBucketVersioningCommand, PutObjectCommand, PutPublicAccessBlockCommand, S3Client, UploadPartCommand,
} from "@aws-sdk/client-s3";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { minutes } from "../../../../../harness/time/clock";
import { boto3, startRegion, type TestRegion } from "../../support/region";

let it_: TestRegion;
let s3: S3Client;

beforeEach(async () => {
  it_ = await startRegion();
  s3 = new S3Client({ ...it_.region.sdkConfig(), forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: "bucket" }));
});
afterEach(async () => {
  s3.destroy();
  await it_.region.close();
});

const put = (Key: string, Body: string | Buffer, more: object = {}) => s3.send(new PutObjectCommand({ Bucket: "bucket", Key, Body, ...more }));
const text = async (Key: string, more: object = {}): Promise<string> => (await s3.send(new GetObjectCommand({ Bucket: "bucket", Key, ...more }))).Body!.transformToString();
/** The error's name and HTTP status. */
const refusal = async (promise: Promise<unknown>): Promise<[string, number | undefined]> => promise.then(
  () => ["none", undefined] as [string, undefined],
  (error: { name: string; $metadata?: { httpStatusCode?: number } }) => [error.name, error.$metadata?.httpStatusCode],
);

describe("buckets", () => {
  test("are created, found and listed", async () => {
    await s3.send(new CreateBucketCommand({ Bucket: "another" }));
    expect((await s3.send(new HeadBucketCommand({ Bucket: "another" }))).BucketRegion).toBe("us-east-1");
    const { Buckets } = await s3.send(new ListBucketsCommand({}));
    expect(Buckets!.map(({ Name, CreationDate }) => [Name, CreationDate!.toISOString()])).toEqual([["another", "2026-01-01T00:00:00.000Z"], ["bucket", "2026-01-01T00:00:00.000Z"]]);
  });

  test("that are not there are told by name", async () => {
    expect(await refusal(s3.send(new GetObjectCommand({ Bucket: "missing", Key: "a" })))).toEqual(["NoSuchBucket", 404]);
    expect(await refusal(s3.send(new HeadBucketCommand({ Bucket: "missing" })))).toEqual(["NotFound", 404]);
  });

  test("with an impossible name are refused", async () => {
    expect(await refusal(s3.send(new CreateBucketCommand({ Bucket: "UPPER" })))).toEqual(["InvalidBucketName", 400]);
  });

  test("are reached by their name in the host as well", async () => {
    await put("a/b", "text");
    const virtual = new S3Client({ ...it_.region.sdkConfig(), endpoint: undefined } as never);
    expect(await (await virtual.send(new GetObjectCommand({ Bucket: "bucket", Key: "a/b" }))).Body!.transformToString()).toBe("text");
  });
});

describe("objects", () => {
  test("come back with their type, metadata, ETag and time", async () => {
    const { ETag } = await put("jobs/1", "hello", { ContentType: "text/plain", Metadata: { job: "one" }, CacheControl: "no-cache" });
    expect(ETag).toBe('"5d41402abc4b2a76b9719d911017c592"');
    const head = await s3.send(new HeadObjectCommand({ Bucket: "bucket", Key: "jobs/1" }));
    expect(head).toMatchObject({ ContentLength: 5, ContentType: "text/plain", Metadata: { job: "one" }, CacheControl: "no-cache", ETag, ServerSideEncryption: "AES256", LastModified: new Date("2026-01-01T00:00:00Z") });
    expect(await text("jobs/1")).toBe("hello");
  });

  test.each([["bytes=1-2", "el", "bytes 1-2/5"], ["bytes=3-", "lo", "bytes 3-4/5"], ["bytes=-2", "lo", "bytes 3-4/5"], ["bytes=0-99", "hello", "bytes 0-4/5"]])("give the range %s", async (Range, expected, ContentRange) => {
    await put("a", "hello");
    const answer = await s3.send(new GetObjectCommand({ Bucket: "bucket", Key: "a", Range }));
    expect(answer.ContentRange).toBe(ContentRange);
    expect(await answer.Body!.transformToString()).toBe(expected);
  });

  test("refuse a range beyond their end", async () => {
    await put("a", "hello");
    expect(await refusal(text("a", { Range: "bytes=5-" }))).toEqual(["InvalidRange", 416]);
  });

  test("that are not there give NoSuchKey, or NotFound to HEAD", async () => {
    expect(await refusal(text("none"))).toEqual(["NoSuchKey", 404]);
    expect(await refusal(s3.send(new HeadObjectCommand({ Bucket: "bucket", Key: "none" })))).toEqual(["NotFound", 404]);
  });

  test("are read only under the conditions given", async () => {
    const { ETag } = await put("a", "hello");
    expect(await text("a", { IfMatch: ETag })).toBe("hello");
    expect(await refusal(text("a", { IfMatch: '"other"' }))).toEqual(["PreconditionFailed", 412]);
    expect((await refusal(text("a", { IfNoneMatch: ETag })))[1]).toBe(304);
    expect((await refusal(text("a", { IfModifiedSince: new Date("2026-01-01T00:00:00Z") })))[1]).toBe(304);
    expect(await refusal(text("a", { IfUnmodifiedSince: new Date("2025-12-31T00:00:00Z") }))).toEqual(["PreconditionFailed", 412]);
  });

  test("are written once with If-None-Match, and over the expected one with If-Match", async () => {
    const { ETag } = await put("a", "one", { IfNoneMatch: "*" });
    expect(await refusal(put("a", "two", { IfNoneMatch: "*" }))).toEqual(["PreconditionFailed", 412]);
    expect(await refusal(put("a", "two", { IfMatch: '"other"' }))).toEqual(["PreconditionFailed", 412]);
    expect(await refusal(put("none", "two", { IfMatch: ETag }))).toEqual(["NoSuchKey", 404]);
    await put("a", "two", { IfMatch: ETag });
    expect(await text("a")).toBe("two");
  });

  test("whose digest or checksum does not fit are refused", async () => {
    expect(await refusal(put("a", "hello", { ContentMD5: "XUFAKrxLKna5cZ2REBfFkw==" }))).toEqual(["BadDigest", 400]);
    expect(await refusal(put("a", "hello", { ContentMD5: "short" }))).toEqual(["InvalidDigest", 400]);
    expect(await refusal(put("a", "hello", { ChecksumSHA256: Buffer.alloc(32).toString("base64") }))).toEqual(["BadDigest", 400]);
    expect(await refusal(text("a"))).toEqual(["NoSuchKey", 404]);
  });

  test.each([
    ["CRC32", "NhCmhg=="], ["CRC32C", "mnG7TA=="], ["CRC64NVME", "M3eFcAZSQlc="], ["SHA1", "qvTGHdzF6KLavt4PO0gs2a6pQ00="], ["SHA256", "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ="],
  ])("have the %s that was asked for", async (algorithm, value) => {
    await put("a", "hello", { [`Checksum${algorithm}`]: value });
    expect(await s3.send(new HeadObjectCommand({ Bucket: "bucket", Key: "a", ChecksumMode: "ENABLED" }))).toMatchObject({ [`Checksum${algorithm}`]: value, ChecksumType: "FULL_OBJECT" });
  });

  test("larger than memory should hold are kept in a file that goes with them", async () => {
    const large = Buffer.alloc(3 * 1024 * 1024, "abc");
    await put("large", large);
    const folder = join(it_.region.folder, "s3");
    expect(readdirSync(folder)).toHaveLength(1);
    expect((await text("large", { Range: "bytes=1048570-1048580" }))).toBe(large.toString("utf8", 1048570, 1048581));
    await s3.send(new CopyObjectCommand({ Bucket: "bucket", Key: "copy", CopySource: "bucket/large" }));
    await s3.send(new DeleteObjectCommand({ Bucket: "bucket", Key: "large" }));
    expect((await text("copy")).length).toBe(large.length);
    await s3.send(new DeleteObjectCommand({ Bucket: "bucket", Key: "copy" }));
    expect(existsSync(folder) ? readdirSync(folder) : []).toEqual([]);
  });

  test("are copied with their metadata, or with another", async () => {
    await put("a b/ü", "hello", { Metadata: { one: "1" }, Tagging: "x=1&y=2" });
    await s3.send(new CopyObjectCommand({ Bucket: "bucket", Key: "c", CopySource: "bucket/a%20b/%C3%BC" }));
    expect((await s3.send(new HeadObjectCommand({ Bucket: "bucket", Key: "c" }))).Metadata).toEqual({ one: "1" });
    expect((await s3.send(new GetObjectTaggingCommand({ Bucket: "bucket", Key: "c" }))).TagSet).toEqual([{ Key: "x", Value: "1" }, { Key: "y", Value: "2" }]);
    expect(await refusal(s3.send(new CopyObjectCommand({ Bucket: "bucket", Key: "c", CopySource: "bucket/c" })))).toEqual(["InvalidRequest", 400]);
    await s3.send(new CopyObjectCommand({ Bucket: "bucket", Key: "c", CopySource: "bucket/c", MetadataDirective: "REPLACE", Metadata: { two: "2" } }));
    expect((await s3.send(new HeadObjectCommand({ Bucket: "bucket", Key: "c" }))).Metadata).toEqual({ two: "2" });
  });

  test("are deleted, singly and many at once; those that are not there do not matter", async () => {
    for (const key of ["a", "b", "c"]) await put(key, key);
    await s3.send(new DeleteObjectCommand({ Bucket: "bucket", Key: "a" }));
    await s3.send(new DeleteObjectCommand({ Bucket: "bucket", Key: "a" }));
    const { Deleted, Errors } = await s3.send(new DeleteObjectsCommand({ Bucket: "bucket", Delete: { Objects: [{ Key: "b" }, { Key: "none" }] } }));
    expect(Deleted!.map(({ Key }) => Key)).toEqual(["b", "none"]);
    expect(Errors).toBeUndefined();
    expect((await s3.send(new ListObjectsV2Command({ Bucket: "bucket" }))).Contents!.map(({ Key }) => Key)).toEqual(["c"]);
  });
});

describe("lists", () => {
  beforeEach(async () => {
    for (const key of ["jobs/1/a", "jobs/1/b", "jobs/2/a", "logs/1", "top"]) await put(key, key);
  });
  const list = (more: object) => s3.send(new ListObjectsV2Command({ Bucket: "bucket", ...more }));

  test("have the keys below a prefix, in order", async () => {
    const { Contents, KeyCount, IsTruncated } = await list({ Prefix: "jobs/" });
    expect(Contents!.map(({ Key, Size }) => [Key, Size])).toEqual([["jobs/1/a", 8], ["jobs/1/b", 8], ["jobs/2/a", 8]]);
    expect([KeyCount, IsTruncated]).toEqual([3, false]);
  });

  test("roll keys up at a delimiter", async () => {
    const { Contents, CommonPrefixes } = await list({ Delimiter: "/" });
    expect(Contents!.map(({ Key }) => Key)).toEqual(["top"]);
    expect(CommonPrefixes!.map(({ Prefix }) => Prefix)).toEqual(["jobs/", "logs/"]);
  });

  test.each([1, 2, 3])("come in pages of %d, each key and prefix once", async (MaxKeys) => {
    const seen: string[] = [];
    let ContinuationToken: string | undefined;
    do {
      const page = await list({ MaxKeys, Delimiter: "/", Prefix: "", ContinuationToken });
      expect(page.KeyCount).toBeLessThanOrEqual(MaxKeys);
      seen.push(...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix!), ...(page.Contents ?? []).map(({ Key }) => Key!));
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken);
    expect(seen).toEqual(["jobs/", "logs/", "top"]);
  });

  test("start after a key", async () => {
    expect((await list({ StartAfter: "jobs/1/b" })).Contents!.map(({ Key }) => Key)).toEqual(["jobs/2/a", "logs/1", "top"]);
  });
});

describe("multipart uploads", () => {
  const start = async (Key: string, more: object = {}) => (await s3.send(new CreateMultipartUploadCommand({ Bucket: "bucket", Key, ...more }))).UploadId!;
  const part = async (Key: string, UploadId: string, PartNumber: number, Body: Buffer) => ({ PartNumber, ETag: (await s3.send(new UploadPartCommand({ Bucket: "bucket", Key, UploadId, PartNumber, Body }))).ETag });
  const mebibytes = (count: number, fill: string) => Buffer.alloc(count * 1024 * 1024, fill);

  test("become one object with the ETag of its parts", async () => {
    const UploadId = await start("big", { ContentType: "application/x-tar" });
    const second = await part("big", UploadId, 2, Buffer.from("tail"));
    const first = await part("big", UploadId, 1, mebibytes(5, "x"));
    expect((await s3.send(new ListPartsCommand({ Bucket: "bucket", Key: "big", UploadId }))).Parts!.map(({ PartNumber, Size }) => [PartNumber, Size])).toEqual([[1, 5 * 1024 * 1024], [2, 4]]);
    const { ETag } = await s3.send(new CompleteMultipartUploadCommand({ Bucket: "bucket", Key: "big", UploadId, MultipartUpload: { Parts: [first, second] } }));
    expect(ETag).toMatch(/^"[0-9a-f]{32}-2"$/);
    const answer = await s3.send(new GetObjectCommand({ Bucket: "bucket", Key: "big", Range: "bytes=5242878-" }));
    expect(await answer.Body!.transformToString()).toBe("xxtail");
    expect(answer.ContentType).toBe("application/x-tar");
    expect(await refusal(s3.send(new AbortMultipartUploadCommand({ Bucket: "bucket", Key: "big", UploadId })))).toEqual(["NoSuchUpload", 404]);
  });

  test("are refused with parts that are too small, unknown or out of order", async () => {
    const UploadId = await start("big");
    const parts = [await part("big", UploadId, 1, Buffer.from("small")), await part("big", UploadId, 2, Buffer.from("tail"))];
    const complete = (Parts: object[]) => refusal(s3.send(new CompleteMultipartUploadCommand({ Bucket: "bucket", Key: "big", UploadId, MultipartUpload: { Parts } })));
    expect(await complete(parts)).toEqual(["EntityTooSmall", 400]);
    expect(await complete([...parts].reverse())).toEqual(["InvalidPartOrder", 400]);
    expect(await complete([{ PartNumber: 3, ETag: parts[0]!.ETag }])).toEqual(["InvalidPart", 400]);
    expect(await complete([{ PartNumber: 1, ETag: '"other"' }])).toEqual(["InvalidPart", 400]);
  });

  test("leave nothing when they are aborted", async () => {
    const UploadId = await start("big");
    await part("big", UploadId, 1, mebibytes(5, "x"));
    await s3.send(new AbortMultipartUploadCommand({ Bucket: "bucket", Key: "big", UploadId }));
    expect(readdirSync(join(it_.region.folder, "s3"))).toEqual([]);
    expect(await refusal(text("big"))).toEqual(["NoSuchKey", 404]);
  });

  test("of long runs of zeros keep only the length", async () => {
    const UploadId = await start("big", { ChecksumAlgorithm: "SHA256" });
    const bytes = Buffer.concat([Buffer.from("header"), mebibytes(20, "\0")]);
    const parts = [];
    for (const [index, body] of [bytes, mebibytes(40, "\0"), mebibytes(40, "\0"), Buffer.from("tail")].entries()) {
      const { ETag, ChecksumSHA256 } = await s3.send(new UploadPartCommand({ Bucket: "bucket", Key: "big", UploadId, PartNumber: index + 1, Body: body, ChecksumAlgorithm: "SHA256" }));
      expect(ETag).toBe(`"${createHash("md5").update(body).digest("hex")}"`);
      expect(ChecksumSHA256).toBe(createHash("sha256").update(body).digest("base64"));
      parts.push({ PartNumber: index + 1, ETag, ChecksumSHA256 });
    }
    await s3.send(new CompleteMultipartUploadCommand({ Bucket: "bucket", Key: "big", UploadId, MultipartUpload: { Parts: parts } }));
    const folder = join(it_.region.folder, "s3");
    expect(readdirSync(folder).map((name) => statSync(join(folder, name)).size)).toEqual([1024 * 1024]);
    const read = async (Range: string): Promise<Buffer> => Buffer.from(await (await s3.send(new GetObjectCommand({ Bucket: "bucket", Key: "big", Range }))).Body!.transformToByteArray());
    expect((await read("bytes=0-31")).toString()).toBe(`header${"\0".repeat(26)}`);
    expect((await read("bytes=-8")).toString()).toBe("\0\0\0\0tail");
    const middle = await read(`bytes=${10 * 1024 * 1024}-${50 * 1024 * 1024}`);
    expect([middle.length, middle.equals(Buffer.alloc(middle.length))]).toEqual([40 * 1024 * 1024 + 1, true]);
  });

  test("are read to their end though they are replaced and deleted meanwhile, and leave nothing then", async () => {
    const data = Buffer.concat([mebibytes(3, "a"), mebibytes(3, "b")]);
    await s3.send(new PutObjectCommand({ Bucket: "bucket", Key: "big", Body: data }));
    const { Body: body } = await s3.send(new GetObjectCommand({ Bucket: "bucket", Key: "big" }));
    await put("big", "small");
    await s3.send(new DeleteObjectCommand({ Bucket: "bucket", Key: "big" }));
    expect(data.equals(await body!.transformToByteArray())).toBe(true);
    expect(readdirSync(join(it_.region.folder, "s3"))).toEqual([]);
  });

  test("hold to If-None-Match when they are completed", async () => {
    await put("big", "there");
    const UploadId = await start("big");
    const parts = [await part("big", UploadId, 1, Buffer.from("tail"))];
    expect(await refusal(s3.send(new CompleteMultipartUploadCommand({ Bucket: "bucket", Key: "big", UploadId, IfNoneMatch: "*", MultipartUpload: { Parts: parts } })))).toEqual(["PreconditionFailed", 412]);
    expect(await text("big")).toBe("there");
  });
});

describe("versions", () => {
  test("are kept, listed newest first, and brought back by deleting the marker over them", async () => {
    await put("a", "null version");
    await s3.send(new PutBucketVersioningCommand({ Bucket: "bucket", VersioningConfiguration: { Status: "Enabled" } }));
    expect((await s3.send(new GetBucketVersioningCommand({ Bucket: "bucket" }))).Status).toBe("Enabled");
    const { VersionId } = await put("a", "second");
    const { DeleteMarker, VersionId: marker } = await s3.send(new DeleteObjectCommand({ Bucket: "bucket", Key: "a" }));
    expect(DeleteMarker).toBe(true);
    expect(await refusal(text("a"))).toEqual(["NoSuchKey", 404]);
    expect(await text("a", { VersionId })).toBe("second");
    expect(await text("a", { VersionId: "null" })).toBe("null version");
    expect(await refusal(text("a", { VersionId: "0".repeat(32) }))).toEqual(["NoSuchVersion", 404]);
    expect(await refusal(text("a", { VersionId: "nonsense" }))).toEqual(["InvalidArgument", 400]);
    const listed = await s3.send(new ListObjectVersionsCommand({ Bucket: "bucket" }));
    expect(listed.Versions!.map((version) => [version.VersionId, version.IsLatest])).toEqual([[VersionId, false], ["null", false]]);
    expect(listed.DeleteMarkers!.map((version) => [version.VersionId, version.IsLatest])).toEqual([[marker, true]]);
    await s3.send(new DeleteObjectCommand({ Bucket: "bucket", Key: "a", VersionId: marker }));
    expect(await text("a")).toBe("second");
  });
});

describe("configurations", () => {
  test("are given back as they were put", async () => {
    const Bucket = "bucket";
    await s3.send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: { Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms", KMSMasterKeyID: "key" }, BucketKeyEnabled: true }] } }));
    expect((await s3.send(new GetBucketEncryptionCommand({ Bucket }))).ServerSideEncryptionConfiguration!.Rules).toEqual([{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms", KMSMasterKeyID: "key" }, BucketKeyEnabled: true }]);
    expect((await put("a", "x")).ServerSideEncryption).toBe("aws:kms");
    await s3.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: false, IgnorePublicAcls: true, RestrictPublicBuckets: true } }));
    expect((await s3.send(new GetPublicAccessBlockCommand({ Bucket }))).PublicAccessBlockConfiguration!.BlockPublicPolicy).toBe(false);
    expect(await refusal(s3.send(new GetBucketTaggingCommand({ Bucket })))).toEqual(["NoSuchTagSet", 404]);
    await s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: [{ Key: "team", Value: "batch" }] } }));
    expect((await s3.send(new GetBucketTaggingCommand({ Bucket }))).TagSet).toEqual([{ Key: "team", Value: "batch" }]);
    expect(await refusal(s3.send(new GetBucketPolicyCommand({ Bucket })))).toEqual(["NoSuchBucketPolicy", 404]);
    await s3.send(new PutBucketPolicyCommand({ Bucket, Policy: '{"Statement":[]}' }));
    expect((await s3.send(new GetBucketPolicyCommand({ Bucket }))).Policy).toBe('{"Statement":[]}');
  });

  test("are told only to who expects the right owner", async () => {
    expect(await refusal(s3.send(new GetBucketPolicyCommand({ Bucket: "bucket", ExpectedBucketOwner: "123456789012" })))).toEqual(["NoSuchBucketPolicy", 404]);
    expect(await refusal(s3.send(new GetBucketPolicyCommand({ Bucket: "bucket", ExpectedBucketOwner: "210987654321" })))).toEqual(["AccessDenied", 403]);
    expect(await refusal(s3.send(new GetBucketPolicyCommand({ Bucket: "bucket", ExpectedBucketOwner: "me" })))).toEqual(["InvalidBucketOwnerAWSAccountID", 400]);
  });

  test("that would do what is not modelled are refused by name", async () => {
    const promise = s3.send(new PutBucketNotificationConfigurationCommand({ Bucket: "bucket", NotificationConfiguration: { EventBridgeConfiguration: {} } }));
    await expect(promise).rejects.toMatchObject({ name: "NotImplemented", message: "The embedded region does not support bucket notifications." });
  });

  test("for the lifecycle remove what is due at midnight", async () => {
    const Bucket = "bucket";
    await s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules: [{ ID: "old", Status: "Enabled", Filter: { Prefix: "jobs/" }, Expiration: { Days: 2 } }] } }));
    expect((await s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }))).Rules).toEqual([{ ID: "old", Status: "Enabled", Filter: { Prefix: "jobs/" }, Expiration: { Days: 2 } }]);
    await it_.clock.run("test", async () => {
      await it_.clock.sleep(minutes(60));
      expect((await put("jobs/1", "x")).Expiration).toBe('expiry-date="Sun, 04 Jan 2026 00:00:00 GMT", rule-id="old"');
      await put("logs/1", "x");
      await it_.clock.sleep(minutes(60 * 70));
      expect(await text("jobs/1")).toBe("x");
      await it_.clock.sleep(minutes(60));
      expect(await refusal(text("jobs/1"))).toEqual(["NoSuchKey", 404]);
      expect(await text("logs/1")).toBe("x");
    });
  });
});

describe("presigned URLs", () => {
  test("are good until their time is over", async () => {
    await put("a", "hello");
    const presigned = (version: string): Promise<unknown> => boto3(it_.region, `
result = boto3.client("s3", region_name="us-east-1", endpoint_url="${it_.region.endpoint}", aws_access_key_id="test", aws_secret_access_key="test", config=Config(signature_version="${version}")).generate_presigned_url("get_object", Params={"Bucket": "bucket", "Key": "a"}, ExpiresIn=60)`);
    const url = new URL(String(await presigned("s3v4")));
    // It is signed by this machine's clock; here its time is that of the region's.
    url.searchParams.set("X-Amz-Date", "20260101T000000Z");
    const fetched = async (from: URL): Promise<[number, string]> => {
      const response = await fetch(from);
      return [response.status, await response.text()];
    };
    expect(await fetched(url)).toEqual([200, "hello"]);
    await it_.clock.run("test", () => it_.clock.sleep(60_000_000));
    expect(await fetched(url)).toEqual([403, expect.stringContaining("<Code>AccessDenied</Code><Message>Request has expired</Message>")]);
    url.searchParams.set("X-Amz-Expires", "604801");
    expect(await fetched(url)).toEqual([400, expect.stringContaining("AuthorizationQueryParametersError")]);
    expect(await fetched(new URL(String(await presigned("s3"))))).toEqual([400, expect.stringContaining("Please use AWS4-HMAC-SHA256")]);
  });
});

describe("boto3", () => {
  test("reads and writes as the SDK for JavaScript does", async () => {
    expect(await boto3(it_.region, `
import io, hashlib
s3 = client("s3")
s3.put_object(Bucket="bucket", Key="a b/ü+.txt", Body=io.BytesIO(b"hello"), Metadata={"one": "1"})
read = s3.get_object(Bucket="bucket", Key="a b/ü+.txt")
big = b"0123456789abcdef" * (1024 * 1024)
s3.upload_fileobj(io.BytesIO(big), "bucket", "big")
got = io.BytesIO(); s3.download_fileobj("bucket", "big", got)
result = {
  "text": read["Body"].read().decode(), "metadata": read["Metadata"], "etag": read["ETag"],
  "keys": [o["Key"] for page in s3.get_paginator("list_objects_v2").paginate(Bucket="bucket", PaginationConfig={"PageSize": 1}) for o in page.get("Contents", [])],
  "same": got.getvalue() == big,
  "head": refused(s3.head_object, Bucket="bucket", Key="none")[:2],
  "key": refused(s3.get_object, Bucket="bucket", Key="none"),
  "precondition": refused(s3.put_object, Bucket="bucket", Key="big", Body=b"x", IfNoneMatch="*"),
  "bucket": refused(s3.list_objects_v2, Bucket="missing"),
  "range": s3.get_object(Bucket="bucket", Key="big", Range="bytes=-3")["Body"].read().decode(),
  "head ok": s3.head_object(Bucket="bucket", Key="big")["ContentLength"],
  "deleted": [d["Key"] for d in s3.delete_objects(Bucket="bucket", Delete={"Objects": [{"Key": "big"}]})["Deleted"]],
}`)).toEqual({
      text: "hello", metadata: { one: "1" }, etag: '"5d41402abc4b2a76b9719d911017c592"', keys: ["a b/ü+.txt", "big"], same: true,
      head: ["404", 404],
      key: ["NoSuchKey", 404, "The specified key does not exist."],
      precondition: ["PreconditionFailed", 412, "At least one of the pre-conditions you specified did not hold"],
      bucket: ["NoSuchBucket", 404, "The specified bucket does not exist"],
      range: "def", "head ok": 16 * 1024 * 1024, deleted: ["big"],
    });
  });
});
