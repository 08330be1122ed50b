/**
 * CloudWatch's errors. Their codes are those of the query protocol; the other protocols call them by the names of
 * their shapes and tell the code in a header.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CommonErrors.html
 */
import { AwsError } from "../../core/types";
import { notSupported } from "../../core/unsupported";

export const invalidValue = (message: string): AwsError => new AwsError("InvalidParameterValue", message);
export const invalidCombination = (message: string): AwsError => new AwsError("InvalidParameterCombination", message);
export const missingParameter = (name: string): AwsError => new AwsError("MissingParameter", `The parameter ${name} is required.`);
export const validation = (message: string): AwsError => new AwsError("ValidationError", message);
export const unsupported = (what: string, given?: string): AwsError => validation(notSupported(what, given));
export const constraint = (value: unknown, name: string, rule: string): AwsError =>
  validation(`1 validation error detected: Value '${String(value)}' at '${name}' failed to satisfy constraint: ${rule}`);

/** The names of the error shapes, by code: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html and its neighbours. */
const ERROR_SHAPES: Readonly<Record<string, string>> = {
  InvalidParameterValue: "InvalidParameterValueException",
  InvalidParameterCombination: "InvalidParameterCombinationException",
  MissingParameter: "MissingRequiredParameterException",
  InvalidParameterInput: "DashboardInvalidInputError",
  InvalidFormat: "InvalidFormatFault",
  LimitExceeded: "LimitExceededFault",
};

/** The name of an error's shape. One code stands for two: what is missing may be a dashboard. */
export const shapeOf = (code: string, operation: string): string =>
  (code === "ResourceNotFound" && /Dashboards?$/.test(operation) ? "DashboardNotFoundError" : ERROR_SHAPES[code] ?? code);
