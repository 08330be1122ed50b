/**
 * Amazon S3: buckets, objects and their versions, conditional writes, checksums, multipart uploads, and the
 * configurations that Terraform gives a bucket.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/Welcome.html
 */
import { invoke, toAwsError } from "../../core/invoke";
import { refusingMembers } from "../../core/unsupported";
import type { AwsError, CallContext, RegionContext, Service, WireRequest, WireResponse } from "../../core/types";
import { buildXml } from "../../wire/xml";
import { decodeBody } from "./chunked";
import { configurationOperations } from "./configurations";
import { s3Error, unsupported } from "./errors";
import { REFUSED_MEMBERS } from "./limits";
import { abortMultipartUpload } from "./operations/abort-multipart-upload";
import { deleteBucket, getBucketAcl, getBucketLocation, getObjectAcl, headBucket, listBuckets, putBucketAcl } from "./operations/bucket-basics";
import { completeMultipartUpload } from "./operations/complete-multipart-upload";
import { copyObject } from "./operations/copy-object";
import { createBucket } from "./operations/create-bucket";
import { createMultipartUpload } from "./operations/create-multipart-upload";
import { deleteObject, deleteObjects } from "./operations/delete-object";
import { getObject, headObject } from "./operations/get-object";
import { getObjectAttributes } from "./operations/get-object-attributes";
import { listMultipartUploads } from "./operations/list-multipart-uploads";
import { listObjectVersions } from "./operations/list-object-versions";
import { listObjects, listObjectsV2 } from "./operations/list-objects";
import { listParts } from "./operations/list-parts";
import { deleteObjectTagging, getObjectTagging, putObjectTagging } from "./operations/object-tagging";
import { putObject } from "./operations/put-object";
import { uploadPart, uploadPartCopy } from "./operations/upload-part";
import { checkPresigned } from "./presigned";
import { addressOf, operationOf } from "./routing";
import { S3Store } from "./store";
import type { S3Input, S3Operation, S3Output } from "./types";

export interface S3Service extends Service {
  /** The policy of a bucket as it was put, for who decides on access; undefined when it has none. */
  resourcePolicy(arn: string): string | undefined;
}

export function createS3Service(region: RegionContext): S3Service {
  const store = new S3Store(region);
  const operations: Record<string, S3Operation> = {
    CreateBucket: createBucket(store),
    HeadBucket: headBucket(store),
    DeleteBucket: deleteBucket(store),
    ListBuckets: listBuckets(store),
    GetBucketLocation: getBucketLocation(store),
    GetBucketAcl: getBucketAcl(store),
    PutBucketAcl: putBucketAcl(store),
    ...configurationOperations(store),
    PutObject: putObject(store),
    GetObject: getObject(store),
    HeadObject: headObject(store),
    GetObjectAttributes: getObjectAttributes(store),
    GetObjectAcl: getObjectAcl(store),
    CopyObject: copyObject(store),
    DeleteObject: deleteObject(store),
    DeleteObjects: deleteObjects(store),
    ListObjects: listObjects(store),
    ListObjectsV2: listObjectsV2(store),
    ListObjectVersions: listObjectVersions(store),
    GetObjectTagging: getObjectTagging(store),
    PutObjectTagging: putObjectTagging(store),
    DeleteObjectTagging: deleteObjectTagging(store),
    CreateMultipartUpload: createMultipartUpload(store),
    UploadPart: uploadPart(store),
    UploadPartCopy: uploadPartCopy(store),
    CompleteMultipartUpload: completeMultipartUpload(store),
    AbortMultipartUpload: abortMultipartUpload(store),
    ListParts: listParts(store),
    ListMultipartUploads: listMultipartUploads(store),
  };
  const owned = Object.fromEntries(Object.entries(operations).map(([name, run]): [string, S3Operation] => [name, (input, context) => {
    checkExpectedOwner(input, region.accountId);
    return run(input, context);
  }]));
  const table = { name: "s3", operations: refusingMembers(owned, REFUSED_MEMBERS, (message) => s3Error("NotImplemented", {}, message), parameterOf) };
  const refuse = (error: AwsError, request: WireRequest, context: CallContext): WireResponse => errorResponse(error, request, context);
  return {
    ...table,
    signingName: "s3",
    protocols: ["REST XML"],
    async handle(request, context) {
      try {
        const query = new URLSearchParams(request.query);
        checkPresigned(query, store.now());
        const address = addressOf(request, region.endpoint.replace(/^https?:\/\//, ""));
        const operation = operationOf(request, address, query);
        if (!operation) throw unsupported(`${request.method} ${request.path}${request.query ? `?${request.query}` : ""} of S3`);
        const { body, headers } = decodeBody(request.headers, request.body);
        const versionId = query.get("versionId");
        const input: S3Input = { ...address, ...(versionId === null ? {} : { VersionId: versionId }), query, headers, body };
        return respond((await invoke(table, operation, input, context)) as S3Output, context);
      } catch (error) {
        return refuse(toAwsError(error, context, "s3"), request, context);
      }
    },
    refuse,
    resourcePolicy: (arn) => store.buckets.get(arn.slice(arn.lastIndexOf(":") + 1).split("/")[0]!)?.configurations.get("policy"),
  };
}

/** A parameter as it stands on the wire: a header or a name in the query string. */
function parameterOf(input: object, name: string): string | undefined {
  const { headers, query } = input as S3Input;
  return headers[name] ?? query.get(name) ?? undefined;
}

/**
 * Refuses a request that expects another account to own the bucket: all here are of the region's own account.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-owner-condition.html
 * @throws AwsError AccessDenied, InvalidBucketOwnerAWSAccountID
 */
function checkExpectedOwner({ headers }: S3Input, accountId: string): void {
  for (const name of ["x-amz-expected-bucket-owner", "x-amz-source-expected-bucket-owner"]) {
    const expected = headers[name];
    if (expected === undefined || expected === accountId) continue;
    throw /^\d{12}$/.test(expected) ? s3Error("AccessDenied") : s3Error("InvalidBucketOwnerAWSAccountID");
  }
}

const commonHeaders = ({ requestId }: CallContext): Record<string, string> => ({ "x-amz-request-id": requestId, "x-amz-id-2": Buffer.from(requestId).toString("base64"), server: "AmazonS3" });

function respond({ status = 200, headers = {}, body, stream, xml }: S3Output, context: CallContext): WireResponse {
  const present = Object.fromEntries(Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined));
  if (xml) present["content-type"] = "application/xml";
  return { status, headers: { ...commonHeaders(context), ...present }, body: xml ? buildXml(xml.root, xml.value, { attributes: { xmlns: "http://s3.amazonaws.com/doc/2006-03-01/" } }) : body ?? "", ...(stream ? { stream } : {}) };
}

/** Answers to HEAD, and 304, have no body; their code is told by the status alone. */
function errorResponse(error: AwsError, request: WireRequest, context: CallContext): WireResponse {
  const { headers, ...members } = error.members as { headers?: Record<string, string> };
  const common = { ...commonHeaders(context), ...headers };
  if (request.method === "HEAD" || error.status === 304) return { status: error.status, headers: { ...common, "content-type": "application/xml" }, body: "" };
  const body = buildXml("Error", { Code: error.code, Message: error.message, ...members, RequestId: context.requestId, HostId: common["x-amz-id-2"] });
  return { status: error.status, headers: { ...common, "content-type": "application/xml" }, body };
}
