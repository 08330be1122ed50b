/** S3's errors: codes, statuses and wording of https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
import { AwsError } from "../../core/types";
import { notSupported } from "../../core/unsupported";

/** Code: status and message. */
const ERRORS = {
  AccessDenied: [403, "Access Denied"],
  AccessControlListNotSupported: [400, "The bucket does not allow ACLs"],
  BadDigest: [400, "The Content-MD5 or checksum value that you specified did not match what the server received."],
  BucketAlreadyOwnedByYou: [409, "Your previous request to create the named bucket succeeded and you already own it."],
  BucketNotEmpty: [409, "The bucket you tried to delete is not empty"],
  EntityTooLarge: [400, "Your proposed upload exceeds the maximum allowed size"],
  EntityTooSmall: [400, "Your proposed upload is smaller than the minimum allowed size"],
  IllegalLocationConstraintException: [400, "The specified location-constraint is not valid"],
  IncompleteBody: [400, "The request body terminated unexpectedly"],
  InvalidArgument: [400, "Invalid Argument"],
  InvalidBucketName: [400, "The specified bucket is not valid."],
  InvalidBucketOwnerAWSAccountID: [400, "The value of the expected bucket owner parameter must be an AWS Account ID"],
  InvalidDigest: [400, "The Content-MD5 you specified was invalid."],
  InvalidPart: [400, "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag."],
  InvalidPartOrder: [400, "The list of parts was not in ascending order. Parts must be ordered by part number."],
  InvalidRange: [416, "The requested range is not satisfiable"],
  InvalidRequest: [400, "Invalid Request"],
  InvalidTag: [400, "The tag provided was not a valid tag. This error can occur if the tag did not pass input validation."],
  KeyTooLongError: [400, "Your key is too long"],
  MalformedPolicy: [400, "Policies must be valid JSON and the first byte must be '{'"],
  MalformedXML: [400, "The XML you provided was not well-formed or did not validate against our published schema"],
  MetadataTooLarge: [400, "Your metadata headers exceed the maximum allowed metadata size"],
  MethodNotAllowed: [405, "The specified method is not allowed against this resource."],
  MissingRequestBodyError: [400, "Request body is empty."],
  NoSuchBucket: [404, "The specified bucket does not exist"],
  NoSuchKey: [404, "The specified key does not exist."],
  NoSuchUpload: [404, "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed."],
  NoSuchVersion: [404, "The specified version does not exist."],
  NotImplemented: [501, "A header you provided implies functionality that is not implemented"],
  NotModified: [304, "Not Modified"],
  PreconditionFailed: [412, "At least one of the pre-conditions you specified did not hold"],
  XAmzContentSHA256Mismatch: [400, "The provided 'x-amz-content-sha256' header does not match what was computed."],
} as const satisfies Record<string, readonly [number, string]>;

export type S3ErrorCode = keyof typeof ERRORS;

/** An error by its code; members stand beside Code and Message in the XML. */
export function s3Error(code: S3ErrorCode, members: Record<string, unknown> = {}, message: string = ERRORS[code][1]): AwsError {
  return new AwsError(code, message, ERRORS[code][0], members);
}

export const invalidArgument = (message: string, name: string, value: unknown): AwsError => s3Error("InvalidArgument", { ArgumentName: name, ArgumentValue: value }, message);
/** What S3 has and this region does not. */
export const unsupported = (what: string, given?: string): AwsError => s3Error("NotImplemented", {}, notSupported(what, given));
