/**
 * What each operation of each service needs: one table a service, by the service's name in the region. An operation that
 * is not here cannot be called by anyone but the administrator, and a test says so.
 *
 * To add an operation, look it up in the Service Authorization Reference and add a line to its service's table:
 *   `on("service:Action", (call) => ARN or ARNs, (call) => condition keys)` for actions on resources,
 *   `anywhere("service:Action")` for those without resource types, `all(…)` for several, `passRole(…)` where a role is
 *   handed over, `asksItself(why)` where only the operation knows (it calls `region.permit`), `free(why)` where none is needed.
 */
import type { Rule, RuleTable } from "../need";
import { CLOUDWATCH } from "./cloudwatch";
import { DYNAMODB } from "./dynamodb";
import { EC2 } from "./ec2";
import { ELB } from "./elbv2";
import { EVENTS } from "./events";
import { FIS } from "./fis";
import { IAM } from "./iam";
import { KMS } from "./kms";
import { LAMBDA } from "./lambda";
import { LOGS } from "./logs";
import { S3 } from "./s3";
import { SFN } from "./sfn";
import { SQS } from "./sqs";
import { SSM } from "./ssm";
import { STS } from "./sts";
import { TAGGING } from "./tagging";

export const ACTIONS: Readonly<Record<string, RuleTable>> = {
  iam: IAM, sts: STS, ssm: SSM, dynamodb: DYNAMODB, sqs: SQS, s3: S3, cloudwatch: CLOUDWATCH, "cloudwatch-logs": LOGS, eventbridge: EVENTS, lambda: LAMBDA, ec2: EC2, fis: FIS, sfn: SFN, kms: KMS,
  "resource-groups-tagging-api": TAGGING, "elastic-load-balancing-v2": ELB,
};

/** The rule of an operation; undefined when its table lacks it. */
export function ruleOf(service: string, operation: string): Rule | undefined {
  const table = Object.hasOwn(ACTIONS, service) ? ACTIONS[service] : undefined;
  return table && Object.hasOwn(table, operation) ? table[operation] : undefined;
}
