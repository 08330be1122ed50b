/**
 * The exceptions of Step Functions' API with the service's wording; all have status 400.
 * https://docs.aws.amazon.com/step-functions/latest/apireference/API_Operations.html
 */
import { AwsError } from "../../core/types";
import { notSupported } from "../../core/unsupported";
import { REFUSED } from "./limits";

export const executionDoesNotExist = (arn: string): AwsError => new AwsError("ExecutionDoesNotExist", `Execution Does Not Exist: '${arn}'`);
/** What is wrong stands in the message, as in DescribeExecution's redriveStatusReason. */
export const executionNotRedrivable = (reason: string): AwsError => new AwsError("ExecutionNotRedrivable", reason);
export const executionAlreadyExists = (arn: string): AwsError => new AwsError("ExecutionAlreadyExists", `Execution Already Exists: '${arn}'`);
export const invalidArn = (reason: string): AwsError => new AwsError("InvalidArn", `Invalid Arn: '${reason}'`);
export const invalidDefinition = (message: string): AwsError => new AwsError("InvalidDefinition", message);
export const invalidExecutionInput = (reason: string): AwsError => new AwsError("InvalidExecutionInput", `Invalid State Machine Execution Input: '${reason}'`);
export const invalidName = (name: string): AwsError => new AwsError("InvalidName", `Invalid Name: '${name}'`);
export const invalidOutput = (reason: string): AwsError => new AwsError("InvalidOutput", `Invalid Output: '${reason}'`);
export const invalidPageToken = (): AwsError => new AwsError("InvalidToken", "Invalid Token: 'Invalid token'");
export const invalidToken = (): AwsError => new AwsError("InvalidToken", "Invalid Token: 'Invalid token'");
export const stateMachineAlreadyExists = (arn: string): AwsError => new AwsError("StateMachineAlreadyExists", `State Machine Already Exists: '${arn}'`);
export const stateMachineDoesNotExist = (arn: string): AwsError => new AwsError("StateMachineDoesNotExist", `State Machine Does Not Exist: '${arn}'`);
export const stateMachineTypeNotSupported = (type: string): AwsError => new AwsError("StateMachineTypeNotSupported", notSupported(REFUSED.types, type));
export const resourceNotFound = (arn: string): AwsError => new AwsError("ResourceNotFound", `Resource not found: '${arn}'`, 400, { resourceName: arn });
export const taskTimedOut = (): AwsError => new AwsError("TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'");
export const missingRequiredParameter = (message: string): AwsError => new AwsError("MissingRequiredParameter", message);
export const validation = (message: string): AwsError => new AwsError("ValidationException", message);

/** A member that does not keep to the API model. */
export const constraint = (value: unknown, member: string, rule: string): AwsError => validation(`1 validation error detected: Value '${String(value)}' at '${member}' failed to satisfy constraint: ${rule}`);
/** What Step Functions has and this region does not. */
export const unsupported = (what: (typeof REFUSED)[keyof typeof REFUSED]): AwsError => validation(notSupported(what));
export const conflict = (message: string): AwsError => new AwsError("ConflictException", message);
export const aliasNotFound = (): AwsError => new AwsError("ResourceNotFound", "Request references a resource that does not exist.");
export const stateMachineDeleting = (arn: string): AwsError => new AwsError("StateMachineDeleting", `State Machine is Deleting: '${arn}'`);

/** A member that the API model requires is absent. */
export const memberNull = (name: string): AwsError => validation(`1 validation error detected: Value null at '${name}' failed to satisfy constraint: Member must not be null`);
