/**
 * EC2's errors, with its codes, statuses and wording.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
 */
import { AwsError } from "../../core/types";
import { notSupported } from "../../core/unsupported";

/** Codes that EC2 counts as its own fault, and answers with status 500 or 503 instead of 400. */
const STATUS: Readonly<Record<string, number>> = {
  DryRunOperation: 412,
  InsufficientInstanceCapacity: 500,
  InternalError: 500,
  RequestLimitExceeded: 503,
  Unavailable: 503,
  UnauthorizedOperation: 403,
};

export const ec2Error = (code: string, message: string): AwsError => new AwsError(code, message, STATUS[code] ?? 400);

const quoted = (ids: readonly string[]): string => (ids.length === 1 ? `ID '${ids[0]}' does not exist` : `IDs '${ids.join(", ")}' do not exist`);

export const instancesNotFound = (ids: readonly string[]): AwsError => ec2Error("InvalidInstanceID.NotFound", `The instance ${quoted(ids)}`);

export const idMalformed = (code: string, id: string): AwsError => ec2Error(code, `Invalid id: "${id}"`);

export const spotRequestNotFound = (id: string): AwsError =>
  ec2Error("InvalidSpotInstanceRequestID.NotFound", `The spot instance request ID '${id}' does not exist`);

/** `what` is a phrase of limits.ts. */
export const unsupported = (what: string, given?: string): AwsError => ec2Error("UnsupportedOperation", notSupported(what, given));

export const invalidValue = (value: string, parameter: string, more = ""): AwsError =>
  ec2Error("InvalidParameterValue", `Value (${value}) for parameter ${parameter} is invalid.${more ? ` ${more}` : ""}`);
