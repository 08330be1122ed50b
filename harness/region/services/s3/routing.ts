/**
 * Which operation a request is for: by method, by whether it names a bucket and a key, and by a parameter of the query
 * string. Buckets come in the path or in the host's name.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
 */
import type { WireRequest } from "../../core/types";
import { CONFIGURATIONS, deleteName } from "./configurations";
import { s3Error } from "./errors";

interface Address { Bucket?: string; Key?: string }

/** @param endpointHost the region's own `host:port`, below which buckets' names may stand */
export function addressOf(request: WireRequest, endpointHost: string): Address {
  const inHost = bucketInHost(request.headers["host"] ?? "", endpointHost);
  const path = request.path.replace(/^\//, "");
  if (inHost !== undefined) return { Bucket: inHost, ...(path === "" ? {} : { Key: decode(path) }) };
  const slash = path.indexOf("/");
  if (path === "") return {};
  if (slash < 0) return { Bucket: decode(path) };
  const key = path.slice(slash + 1);
  return { Bucket: decode(path.slice(0, slash)), ...(key === "" ? {} : { Key: decode(key) }) };
}

function bucketInHost(host: string, endpointHost: string): string | undefined {
  const amazon = /^(.+)\.s3(?:[.-](?:dualstack\.)?[a-z0-9-]+)?\.amazonaws\.com(?::\d+)?$/.exec(host);
  if (amazon) return amazon[1];
  for (const own of [endpointHost, endpointHost.replace(/^127\.0\.0\.1/, "localhost")]) {
    for (const suffix of [`.s3.${own}`, `.${own}`]) if (own !== "" && host.endsWith(suffix)) return host.slice(0, -suffix.length) || undefined;
  }
  return undefined;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw s3Error("InvalidRequest", {}, "Couldn't parse the specified URI.");
  }
}

interface Route {
  method: string;
  scope: "service" | "bucket" | "object";
  /** The parameter that must be in the query string. */
  query?: string;
  /** The header that must be there. */
  header?: string;
  operation: string;
}

/** The first that fits; the more particular ones come first. */
const ROUTES: readonly Route[] = [
  { method: "GET", scope: "service", operation: "ListBuckets" },

  ...CONFIGURATIONS.flatMap((configuration): Route[] => [
    { method: "GET", scope: "bucket", query: configuration.query, operation: `Get${configuration.name}` },
    { method: "PUT", scope: "bucket", query: configuration.query, operation: `Put${configuration.name}` },
    { method: "DELETE", scope: "bucket", query: configuration.query, operation: deleteName(configuration) },
  ]),
  { method: "GET", scope: "bucket", query: "location", operation: "GetBucketLocation" },
  { method: "GET", scope: "bucket", query: "acl", operation: "GetBucketAcl" },
  { method: "PUT", scope: "bucket", query: "acl", operation: "PutBucketAcl" },
  { method: "GET", scope: "bucket", query: "uploads", operation: "ListMultipartUploads" },
  { method: "GET", scope: "bucket", query: "versions", operation: "ListObjectVersions" },
  { method: "POST", scope: "bucket", query: "delete", operation: "DeleteObjects" },
  { method: "GET", scope: "bucket", query: "list-type", operation: "ListObjectsV2" },
  { method: "GET", scope: "bucket", operation: "ListObjects" },
  { method: "HEAD", scope: "bucket", operation: "HeadBucket" },
  { method: "PUT", scope: "bucket", operation: "CreateBucket" },
  { method: "DELETE", scope: "bucket", operation: "DeleteBucket" },

  { method: "GET", scope: "object", query: "tagging", operation: "GetObjectTagging" },
  { method: "PUT", scope: "object", query: "tagging", operation: "PutObjectTagging" },
  { method: "DELETE", scope: "object", query: "tagging", operation: "DeleteObjectTagging" },
  { method: "GET", scope: "object", query: "attributes", operation: "GetObjectAttributes" },
  { method: "GET", scope: "object", query: "acl", operation: "GetObjectAcl" },
  { method: "POST", scope: "object", query: "uploads", operation: "CreateMultipartUpload" },
  { method: "PUT", scope: "object", query: "uploadId", header: "x-amz-copy-source", operation: "UploadPartCopy" },
  { method: "PUT", scope: "object", query: "uploadId", operation: "UploadPart" },
  { method: "POST", scope: "object", query: "uploadId", operation: "CompleteMultipartUpload" },
  { method: "DELETE", scope: "object", query: "uploadId", operation: "AbortMultipartUpload" },
  { method: "GET", scope: "object", query: "uploadId", operation: "ListParts" },
  { method: "PUT", scope: "object", header: "x-amz-copy-source", operation: "CopyObject" },
  { method: "GET", scope: "object", operation: "GetObject" },
  { method: "HEAD", scope: "object", operation: "HeadObject" },
  { method: "PUT", scope: "object", operation: "PutObject" },
  { method: "DELETE", scope: "object", operation: "DeleteObject" },
];

/** Parameters of the query string that stand for operations; one that no route has is an operation that the region lacks. */
const SUBRESOURCES = new Set([
  ...ROUTES.flatMap((route) => route.query ?? []),
  "analytics", "intelligent-tiering", "inventory", "metrics", "legal-hold", "retention", "restore", "select", "torrent", "session", "metadataConfiguration", "metadataTable", "renameObject", "abac",
]);

/** The operation, or undefined when the region does not have it. */
export function operationOf(request: WireRequest, address: Address, query: URLSearchParams): string | undefined {
  const scope = address.Key !== undefined ? "object" : address.Bucket !== undefined ? "bucket" : "service";
  const named = [...query.keys()].find((name) => SUBRESOURCES.has(name) && name !== "list-type");
  return ROUTES.find((route) => route.method === request.method && route.scope === scope
    && (route.query === undefined ? named === undefined : query.has(route.query))
    && (route.header === undefined || request.headers[route.header] !== undefined))?.operation;
}
