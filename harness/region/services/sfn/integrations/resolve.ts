/**
 * Which resources a Task state may name in this region, and which integration each one is.
 * https://docs.aws.amazon.com/step-functions/latest/dg/integrate-services.html
 */
import type { TaskPattern, TaskResource } from "../../../../asl/tasks";
import { findOperation } from "../../../core/invoke";
import type { RegionContext, Service } from "../../../core/types";
import { awsSdk } from "./aws-sdk";
import { dynamodb, DYNAMODB_OPERATIONS } from "./dynamodb";
import { eventsPutEvents } from "./events";
import type { Integration } from "./integration";
import { lambdaFunction, lambdaInvoke } from "./lambda";
import { serviceByArnName } from "./services";
import { sqsSendMessage } from "./sqs";
import { statesStartExecution } from "./states";
import { apiName } from "./values";

export interface OptimizedIntegration { operations: readonly string[]; patterns: readonly string[]; run: Integration }

/** What stands between `arn:aws:states:::` and the operation, with the patterns that it offers. */
export const OPTIMIZED: Readonly<Record<string, OptimizedIntegration>> = {
  dynamodb: { operations: DYNAMODB_OPERATIONS, patterns: [""], run: dynamodb },
  lambda: { operations: ["invoke"], patterns: ["", "waitForTaskToken"], run: lambdaInvoke },
  events: { operations: ["putEvents"], patterns: ["", "waitForTaskToken"], run: eventsPutEvents },
  sqs: { operations: ["sendMessage"], patterns: ["", "waitForTaskToken"], run: sqsSendMessage },
  states: { operations: ["startExecution"], patterns: ["", "sync", "sync:2", "waitForTaskToken"], run: statesStartExecution },
};

const ARN = /^arn:aws[a-z-]*:states:[^:]*:[^:]*:(aws-sdk:[a-z0-9]+|[a-z0-9]+):([A-Za-z0-9]+)(?:\.([A-Za-z]+(?::2)?))?$/;
const FUNCTION_ARN = /^arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:[A-Za-z0-9-_]+(?::[$A-Za-z0-9-_]+)?$/;

interface Found { resource: TaskResource; operation: string; run: Integration }

const notRecognized = (arn: string): string =>
  `The resource provided ${arn} is not recognized. The value is not a valid resource ARN, or the resource is not available in this region.`;

/** The resource of that ARN; or, as text, why it cannot be one. */
export function resolveResource(region: RegionContext, arn: string): TaskResource | string {
  const found = find(region, arn);
  return typeof found === "string" ? found : found.resource;
}

/** The integration of a resource that was resolved before. */
export function integrationOf(region: RegionContext, arn: string): Found {
  const found = find(region, arn);
  if (typeof found === "string") throw new Error(found);
  return found;
}

function find(region: RegionContext, arn: string): Found | string {
  if (FUNCTION_ARN.test(arn)) {
    return { resource: { arn, events: "lambda", pattern: "request", resourceType: "lambda", resource: arn }, operation: "invoke", run: lambdaFunction };
  }
  const [, resourceType, operation, suffix = ""] = ARN.exec(arn) ?? [];
  if (resourceType === undefined || operation === undefined) return notRecognized(arn);
  const integration = resourceType.startsWith("aws-sdk:") ? findSdk(region, resourceType.slice("aws-sdk:".length), operation) : findOptimized(resourceType, operation);
  if (integration === undefined || !integration.patterns.includes(suffix)) return notRecognized(arn);
  const resource: TaskResource = { arn, events: "task", pattern: patternOf(suffix), resourceType, resource: suffix === "" ? operation : `${operation}.${suffix}` };
  return { resource, operation, run: integration.run };
}

const patternOf = (suffix: string): TaskPattern => (suffix === "waitForTaskToken" ? "callback" : suffix.startsWith("sync") ? "sync" : "request");

function findOptimized(name: string, operation: string): OptimizedIntegration | undefined {
  const integration = Object.hasOwn(OPTIMIZED, name) ? OPTIMIZED[name] : undefined;
  return integration?.operations.includes(operation) === true ? integration : undefined;
}

/** An operation that the region itself has; what it lacks is refused when the state machine is created. */
function findSdk(region: RegionContext, name: string, operation: string): OptimizedIntegration | undefined {
  const service = serviceByArnName.get(name);
  if (service === undefined || findOperation(serviceOf(region, service.regionName) ?? { name, operations: {} }, apiName(operation)) === undefined) return undefined;
  return { operations: [operation], patterns: ["", "waitForTaskToken"], run: awsSdk(service) };
}

function serviceOf(region: RegionContext, name: string): Service | undefined {
  try {
    return region.service(name);
  } catch {
    return undefined;
  }
}
