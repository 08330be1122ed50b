/**
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html and
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjects.html
 */
import { invalidArgument } from "../errors";
import { listKeys, maxKeysOf, nameWriter, type Listed, type ListOptions } from "../listing";
import type { Bucket, S3Store } from "../store";
import type { StoredVersion } from "../versions";
import type { S3Operation } from "../types";

const contents = (version: StoredVersion, name: (text: string) => string, owner?: object): object => ({
  Key: name(version.key),
  LastModified: milliseconds(version.lastModified),
  ETag: version.etag,
  ...(version.checksum ? { ChecksumAlgorithm: version.checksum.algorithm, ChecksumType: version.checksum.type } : {}),
  Size: version.body.size,
  StorageClass: version.storageClass,
  Owner: owner,
});

const currentOf = (bucket: Bucket, key: string): StoredVersion[] => {
  const current = bucket.current(key);
  return current ? [current] : [];
};

/** S3's lists always have milliseconds. */
export const milliseconds = (date: Date): string => date.toISOString();

/** A list of a bucket's objects; what the two operations have of their own, `more` says of the page. */
function listing(bucket: Bucket, query: URLSearchParams, after: string, owner: object | undefined, more: (page: Listed<StoredVersion>, options: ListOptions, name: (text: string) => string) => object): object {
  const name = nameWriter(query);
  const options: ListOptions = { prefix: query.get("prefix") ?? "", delimiter: query.get("delimiter") ?? "", maxKeys: maxKeysOf(query), after };
  const page = listKeys(bucket.keys(), options, (key) => currentOf(bucket, key));
  return {
    Name: bucket.name,
    Prefix: name(options.prefix),
    ...more(page, options, name),
    MaxKeys: options.maxKeys,
    Delimiter: options.delimiter === "" ? undefined : name(options.delimiter),
    EncodingType: query.get("encoding-type") ?? undefined,
    IsTruncated: page.isTruncated,
    Contents: page.items.map((version) => contents(version, name, owner)),
    CommonPrefixes: page.prefixes.map((prefix) => ({ Prefix: name(prefix) })),
  };
}

export const listObjectsV2 = (store: S3Store): S3Operation => ({ Bucket, query }) => {
  const bucket = store.bucket(Bucket);
  const token = query.get("continuation-token");
  if (token === "") throw invalidArgument("The continuation token provided is incorrect", "continuation-token", token);
  const after = token === null ? query.get("start-after") ?? "" : readToken(token);
  const owner = query.get("fetch-owner") === "true" ? store.owner() : undefined;
  const value = listing(bucket, query, after, owner, (page, _options, name) => ({
    StartAfter: query.has("start-after") ? name(query.get("start-after")!) : undefined,
    ContinuationToken: token ?? undefined,
    NextContinuationToken: page.isTruncated ? writeToken(page.last) : undefined,
    KeyCount: page.items.length + page.prefixes.length,
  }));
  return { xml: { root: "ListBucketResult", value } };
};

export const listObjects = (store: S3Store): S3Operation => ({ Bucket, query }) => {
  const value = listing(store.bucket(Bucket), query, query.get("marker") ?? "", store.owner(), (page, { after, delimiter }, name) => ({
    Marker: name(after),
    NextMarker: page.isTruncated && delimiter !== "" ? name(page.last) : undefined,
  }));
  return { xml: { root: "ListBucketResult", value } };
};

const writeToken = (last: string): string => Buffer.from(`after:${last}`, "utf8").toString("base64");
function readToken(token: string): string {
  const text = Buffer.from(token, "base64").toString("utf8");
  if (!text.startsWith("after:")) throw invalidArgument("The continuation token provided is incorrect", "continuation-token", token);
  return text.slice("after:".length);
}
