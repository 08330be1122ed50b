/**
 * HeadBucket, DeleteBucket, ListBuckets, GetBucketLocation, GetBucketAcl and GetObjectAcl.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html and its neighbours
 */
import { checkAcl } from "../description";
import { s3Error } from "../errors";
import type { S3Store } from "../store";
import type { S3Operation } from "../types";
import { findVersion } from "./get-object";

export const headBucket = (store: S3Store): S3Operation => ({ Bucket }) => {
  const bucket = store.bucket(Bucket);
  return { headers: { "x-amz-bucket-region": store.region.regionName, "x-amz-access-point-alias": "false", "x-amz-bucket-arn": `arn:${store.region.partition}:s3:::${bucket.name}`, "content-type": "application/xml" } };
};

export const deleteBucket = (store: S3Store): S3Operation => ({ Bucket }) => {
  const bucket = store.bucket(Bucket);
  if (!bucket.isEmpty) throw s3Error("BucketNotEmpty", { BucketName: bucket.name }, bucket.versioning === undefined ? undefined : "The bucket you tried to delete is not empty. You must delete all versions in the bucket.");
  for (const upload of bucket.uploads.values()) for (const part of upload.parts.values()) part.body.release();
  store.buckets.delete(bucket.name);
  return { status: 204 };
};

export const listBuckets = (store: S3Store): S3Operation => ({ query }) => {
  const prefix = query.get("prefix") ?? "";
  const after = query.get("continuation-token") ?? "";
  const most = Number(query.get("max-buckets") ?? 10_000);
  const names = [...store.buckets.keys()].filter((name) => name.startsWith(prefix) && name > after).sort();
  const shown = names.slice(0, most);
  const buckets = shown.map((name) => ({ Name: name, CreationDate: store.buckets.get(name)!.created, BucketRegion: store.region.regionName }));
  return { xml: { root: "ListAllMyBucketsResult", value: { Owner: store.owner(), Buckets: { Bucket: buckets }, Prefix: prefix || undefined, ContinuationToken: names.length > shown.length ? shown[shown.length - 1] : undefined } } };
};

export const getBucketLocation = (store: S3Store): S3Operation => ({ Bucket }) => {
  store.bucket(Bucket);
  const { regionName } = store.region;
  return { xml: { root: "LocationConstraint", value: regionName === "us-east-1" ? "" : regionName } };
};

/** With BucketOwnerEnforced the owner has full control, and nobody else anything. */
const ownersAcl = (store: S3Store): ReturnType<S3Operation> => {
  const { ID } = store.owner();
  const grant = `<Grant><Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="CanonicalUser"><ID>${ID}</ID></Grantee><Permission>FULL_CONTROL</Permission></Grant>`;
  return {
    headers: { "content-type": "application/xml" },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n<AccessControlPolicy xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Owner><ID>${ID}</ID></Owner><AccessControlList>${grant}</AccessControlList></AccessControlPolicy>`,
  };
};

export const getBucketAcl = (store: S3Store): S3Operation => ({ Bucket }) => {
  store.bucket(Bucket);
  return ownersAcl(store);
};

export const getObjectAcl = (store: S3Store): S3Operation => (input) => {
  findVersion(store.bucket(input.Bucket), input);
  return ownersAcl(store);
};

/** Only what the owner has anyway can be put. */
export const putBucketAcl = (store: S3Store): S3Operation => ({ Bucket, headers, body }) => {
  store.bucket(Bucket);
  if (body.length > 0) throw s3Error("AccessControlListNotSupported");
  checkAcl(headers);
  return {};
};
