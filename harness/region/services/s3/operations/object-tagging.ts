/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectTagging.html and its neighbours */
import { parseTagSet } from "../configurations";
import { checkTags } from "../description";
import type { Bucket, S3Store } from "../store";
import type { StoredVersion } from "../versions";
import type { S3Operation } from "../types";
import { findVersion } from "./get-object";

const versionHeader = (bucket: Bucket, version: StoredVersion): Record<string, string | undefined> => ({ "x-amz-version-id": bucket.versioning === undefined ? undefined : version.versionId });

export const putObjectTagging = (store: S3Store): S3Operation => (input) => {
  const bucket = store.bucket(input.Bucket);
  const version = findVersion(bucket, input);
  const tags = parseTagSet(input.body.toString("utf8"));
  checkTags(tags);
  version.tags = tags;
  return { headers: versionHeader(bucket, version) };
};

export const getObjectTagging = (store: S3Store): S3Operation => (input) => {
  const bucket = store.bucket(input.Bucket);
  const version = findVersion(bucket, input);
  return { headers: versionHeader(bucket, version), xml: { root: "Tagging", value: { TagSet: { Tag: [...version.tags].map(([Key, Value]) => ({ Key, Value })) } } } };
};

export const deleteObjectTagging = (store: S3Store): S3Operation => (input) => {
  const bucket = store.bucket(input.Bucket);
  const version = findVersion(bucket, input);
  version.tags = new Map();
  return { status: 204, headers: versionHeader(bucket, version) };
};
