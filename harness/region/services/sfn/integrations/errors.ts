/**
 * How the errors of called services appear to a state machine.
 * SDK integrations: https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
 * (`Service.ErrorNameException`, `Exception` being added where the service's own name lacks it).
 */
import { TaskError } from "../../../../asl/errors";
import type { Random } from "../../../../time/clock";
import { AwsError } from "../../../core/types";
import type { IntegratedService } from "./services";

/** As an `aws-sdk:` integration reports it. */
export function sdkError(service: IntegratedService, error: AwsError, random: Random): TaskError {
  const { errorPrefix, modeledErrors } = service;
  const name = isModeled(modeledErrors, error.code) ? withSuffix(error.code) : `${errorPrefix}Exception`;
  const extended = service.extendedRequestId === true ? `, Extended Request ID: ${random.bytes(57).toString("base64")}` : "";
  return new TaskError(`${errorPrefix}.${name}`, `${error.message} (Service: ${errorPrefix}, Status Code: ${error.status}, Request ID: ${random.uuid()}${extended})`);
}

/** An optimized integration's names, which are those of an older SDK. */
export interface OptimizedNames {
  /** Before the dot: `DynamoDB`, `StepFunctions`. */
  prefix: string;
  /** In causes: `AmazonDynamoDBv2`. */
  serviceName: string;
  /** For errors that have no shape of their own: `AmazonDynamoDBException`. */
  generalException: string;
}

/** As an optimized integration reports it. */
export function optimizedError(service: IntegratedService, names: OptimizedNames, error: AwsError, random: Random): TaskError {
  const name = isModeled(service.modeledErrors, error.code) ? withSuffix(error.code) : names.generalException;
  return new TaskError(`${names.prefix}.${name}`,
    `${error.message} (Service: ${names.serviceName}; Status Code: ${error.status}; Error Code: ${error.code}; Request ID: ${random.uuid()}; Proxy: null)`);
}

/** Services of the query protocols leave the suffix of the shape's name out of the code. */
const isModeled = (names: readonly string[], code: string): boolean => names.includes(code) || names.includes(`${code}Exception`);
const withSuffix = (code: string): string => (code.endsWith("Exception") ? code : `${code}Exception`);
