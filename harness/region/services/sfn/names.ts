/** Names and ARNs of state machines and executions. https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html */
import { parseArn } from "../../core/arn";
import type { RegionContext } from "../../core/types";
import { invalidArn, invalidName, memberNull } from "./errors";

/** Characters that no name may have. */
const FORBIDDEN = /[\s<>{}[\]?*"#%\\^|~`$&,;:/\u0000-\u001f\u007f-\u009f]/u; // eslint-disable-line no-control-regex

/** Throws AwsError InvalidName. */
export function checkName(name: string): void {
  if (name.length === 0 || FORBIDDEN.test(name)) throw invalidName(name);
}

/** What the ARNs of each member name; a `resourceArn` may be of any type. */
const RESOURCE_TYPES: Readonly<Record<string, string>> = {
  executionArn: "execution", stateMachineArn: "stateMachine", stateMachineVersionArn: "stateMachine", stateMachineAliasArn: "stateMachine",
};

/** Throws AwsError ValidationException for an absent one, InvalidArn for one that is no ARN of Step Functions, or one of something else. */
export function checkArn(arn: string | undefined, member: string): string {
  if (arn === undefined) throw memberNull(member);
  const parts = parseArn(arn);
  if (parts === undefined) throw invalidArn(`Invalid ARN prefix: ${arn}`);
  if (parts.service !== "states") throw invalidArn(`Resource type not valid in this context: ${parts.service}`);
  const [type = ""] = parts.resource.split(":");
  if (type !== (RESOURCE_TYPES[member] ?? type)) throw invalidArn(`Resource type not valid in this context: ${type}`);
  return arn;
}

const prefix = (region: RegionContext): string => `arn:${region.partition}:states:${region.regionName}:${region.accountId}`;
export const stateMachineArn = (region: RegionContext, name: string): string => `${prefix(region)}:stateMachine:${name}`;
export const executionArn = (region: RegionContext, machine: string, name: string): string => `${prefix(region)}:execution:${machine}:${name}`;

/** Throws AwsError InvalidArn for what is no role's ARN. */
export function checkRoleArn(arn: string): void {
  const parts = parseArn(arn);
  if (parts === undefined) throw invalidArn(`Invalid ARN prefix: ${arn}`);
  if (parts.service !== "iam" || !parts.resource.startsWith("role/")) throw invalidArn(`Resource type not valid in this context: ${arn}`);
}
