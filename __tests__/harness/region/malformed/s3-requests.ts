/** Requests to S3: its methods, addresses, subresources and headers in all combinations, with XML that may be anything. */
import fc from "fast-check";
import type { WireRequest } from "../../../../harness/region/core/types";
import { CONFIGURATIONS } from "../../../../harness/region/services/s3/configurations";
import { escapeXml } from "../../../../harness/region/wire/xml";
import { text } from "./inputs";

const ELEMENTS = [
  ...CONFIGURATIONS.map(({ root }) => root), "Delete", "Object", "Key", "VersionId", "Quiet", "CompleteMultipartUpload", "Part", "PartNumber", "ETag", "TagSet", "Tag", "Value", "Rule", "ID", "Status", "Filter", "Prefix",
  "Expiration", "Days", "ApplyServerSideEncryptionByDefault", "SSEAlgorithm", "BlockPublicAcls", "ObjectOwnership", "AbortIncompleteMultipartUpload", "DaysAfterInitiation", "NoncurrentVersionExpiration", "And", "CreateBucketConfiguration",
  "LocationConstraint", "AccessControlPolicy", "EventBridgeConfiguration", "__proto__", "constructor",
];
const PARAMETERS = [
  ...CONFIGURATIONS.map(({ query }) => query), "acl", "attributes", "delete", "encoding-type", "list-type", "location", "max-keys", "marker", "part-number-marker", "partNumber", "prefix", "delimiter", "continuation-token",
  "start-after", "uploadId", "uploads", "versionId", "versions", "key-marker", "version-id-marker", "X-Amz-Expires", "response-content-type", "max-uploads", "max-parts",
];
const HEADERS = [
  "content-type", "content-md5", "content-encoding", "expires", "if-match", "if-none-match", "if-modified-since", "if-unmodified-since", "range", "x-amz-acl", "x-amz-checksum-crc32", "x-amz-checksum-sha256", "x-amz-content-sha256",
  "x-amz-copy-source", "x-amz-copy-source-range", "x-amz-decoded-content-length", "x-amz-meta-a", "x-amz-object-attributes", "x-amz-sdk-checksum-algorithm", "x-amz-server-side-encryption", "x-amz-storage-class", "x-amz-tagging", "x-amz-trailer",
  "x-amz-max-parts", "x-amz-metadata-directive", "x-amz-tagging-directive", "x-amz-expected-bucket-owner",
];

const element = fc.letrec<{ xml: string }>((tie) => ({
  xml: fc.oneof({ maxDepth: 5, depthSize: "medium" },
    text.map(escapeXml),
    fc.tuple(fc.constantFrom(...ELEMENTS), fc.array(tie("xml"), { maxLength: 3 })).map(([name, inner]) => `<${name}>${inner.join("")}</${name}>`)),
})).xml;
const body = fc.oneof(
  { arbitrary: fc.tuple(fc.constantFrom(...ELEMENTS), fc.array(element, { maxLength: 3 })).map(([name, inner]) => `<${name}>${inner.join("")}</${name}>`), weight: 6 },
  { arbitrary: text, weight: 2 },
  { arbitrary: fc.constantFrom("", "<", "<a>", "</a>", "<a/><b/>", "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>", "5\r\nhello\r\n0\r\n\r\n", "5;chunk-signature=0\r\nhello\r\n0;chunk-signature=0\r\n\r\n"), weight: 1 },
);

export const s3Request: fc.Arbitrary<WireRequest> = fc.record({
  method: fc.constantFrom("GET", "PUT", "POST", "DELETE", "HEAD"),
  path: fc.oneof({ arbitrary: fc.constantFrom("/", "/bucket", "/bucket/key", "/bucket/a%20b/c", "/absent/key"), weight: 6 }, { arbitrary: text.map((name) => `/${encodeURIComponent(name)}`), weight: 1 }, { arbitrary: fc.constantFrom("/%", "//", "/bucket//"), weight: 1 }),
  query: fc.array(fc.tuple(fc.constantFrom(...PARAMETERS), fc.oneof(fc.constant(""), text)), { maxLength: 2 }).map((parameters) => new URLSearchParams(parameters).toString()),
  headers: fc.dictionary(fc.constantFrom(...HEADERS), fc.oneof(text.map((value) => value.replace(/[^ -~]/g, "")), fc.constantFrom("bytes=0-", "bytes=5-1", "/bucket/key", "aws:kms", "STREAMING-UNSIGNED-PAYLOAD-TRAILER", "aws-chunked", "ETag,ObjectParts")), { maxKeys: 3 }),
  body: body.map((content) => Buffer.from(content)),
}).map((request) => ({ ...request, headers: { ...request.headers, authorization: "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=abc" } }));
