/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html */
import { invalidArgument } from "../errors";
import { maxKeysOf, nameWriter } from "../listing";
import type { S3Store } from "../store";
import { compareKeys, type StoredVersion } from "../versions";
import type { S3Operation } from "../types";
import { milliseconds } from "./list-objects";

export const listObjectVersions = (store: S3Store): S3Operation => ({ Bucket, query }) => {
  const bucket = store.bucket(Bucket);
  const name = nameWriter(query);
  const [prefix, delimiter, maxKeys] = [query.get("prefix") ?? "", query.get("delimiter") ?? "", maxKeysOf(query)];
  const [keyMarker, idMarker] = [query.get("key-marker") ?? "", query.get("version-id-marker") ?? ""];
  if (idMarker !== "" && keyMarker === "") throw invalidArgument("A version-id marker cannot be specified without a key marker.", "version-id-marker", idMarker);

  const shown: StoredVersion[] = [];
  const prefixes: string[] = [];
  let next: { key: string; id?: string } | undefined;
  let last: { key: string; id?: string } = { key: "" };
  keys: for (const key of bucket.keys()) {
    if (!key.startsWith(prefix)) continue;
    const order = keyMarker === "" ? 1 : compareKeys(key, keyMarker);
    if (order < 0 || (order === 0 && idMarker === "")) continue;
    const end = delimiter === "" ? -1 : key.indexOf(delimiter, prefix.length);
    if (end >= 0) {
      const rolled = key.slice(0, end + delimiter.length);
      if (rolled === prefixes[prefixes.length - 1] || rolled === keyMarker || (keyMarker !== "" && keyMarker.startsWith(rolled))) continue;
      if (shown.length + prefixes.length >= maxKeys) {
        next = last;
        break;
      }
      prefixes.push(rolled);
      last = { key: rolled };
      continue;
    }
    const versions = bucket.versionsOf(key);
    const from = order === 0 ? versions.findIndex((version) => version.versionId === idMarker) + 1 : 0;
    for (const version of versions.slice(from)) {
      if (shown.length + prefixes.length >= maxKeys) {
        next = last;
        break keys;
      }
      shown.push(version);
      last = { key, id: version.versionId };
    }
  }
  const isLatest = (version: StoredVersion): boolean => bucket.versionsOf(version.key)[0] === version;
  const owner = store.owner();
  const common = (version: StoredVersion): object => ({ Key: name(version.key), VersionId: version.versionId, IsLatest: isLatest(version), LastModified: milliseconds(version.lastModified), Owner: owner });
  return {
    xml: {
      root: "ListVersionsResult",
      value: {
        Name: bucket.name,
        Prefix: name(prefix),
        KeyMarker: name(keyMarker),
        VersionIdMarker: idMarker,
        NextKeyMarker: next && name(next.key),
        NextVersionIdMarker: next?.id,
        MaxKeys: maxKeys,
        Delimiter: delimiter === "" ? undefined : name(delimiter),
        EncodingType: query.get("encoding-type") ?? undefined,
        IsTruncated: next !== undefined,
        Version: shown.filter((version) => !version.isDeleteMarker).map((version) => ({ ...common(version), ETag: version.etag, Size: version.body.size, StorageClass: version.storageClass })),
        DeleteMarker: shown.filter((version) => version.isDeleteMarker).map(common),
        CommonPrefixes: prefixes.map((one) => ({ Prefix: name(one) })),
      },
    },
  };
};
