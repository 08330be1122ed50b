/** State machines and executions as the API describes them. */
import { toDate, type Microseconds } from "../../../time/clock";
import { whyNotRedrivable } from "./redrive";
import type { ExecutionRecord, MachineRecord, Revision, Version } from "./store";

export interface ExecutionDescription {
  executionArn: string;
  stateMachineArn: string;
  name: string;
  status: string;
  startDate: Date;
  stopDate?: Date;
  input: string;
  inputDetails: { included: boolean };
  output?: string;
  outputDetails?: { included: boolean };
  traceHeader?: string;
  error?: string;
  cause?: string;
  stateMachineVersionArn?: string;
  stateMachineAliasArn?: string;
  redriveCount: number;
  redriveDate?: Date;
  redriveStatus: "REDRIVABLE" | "NOT_REDRIVABLE";
  redriveStatusReason?: string;
}

/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeExecution.html */
export function describeExecution(record: ExecutionRecord, now: Microseconds): ExecutionDescription {
  const { execution } = record;
  const { status, endTime, output, error, cause } = execution;
  const whyNot = whyNotRedrivable(record, now);
  return {
    executionArn: record.arn, stateMachineArn: record.machine.arn, name: record.name, status, startDate: record.startDate,
    ...(endTime === undefined ? {} : { stopDate: toDate(endTime) }),
    input: record.inputText, inputDetails: { included: true },
    ...(status === "SUCCEEDED" ? { output: JSON.stringify(output), outputDetails: { included: true } } : {}),
    ...(record.traceHeader === undefined ? {} : { traceHeader: record.traceHeader }),
    ...(error === undefined ? {} : { error }),
    ...(cause === undefined ? {} : { cause }),
    ...(record.versionArn === undefined ? {} : { stateMachineVersionArn: record.versionArn }),
    ...(record.aliasArn === undefined ? {} : { stateMachineAliasArn: record.aliasArn }),
    redriveCount: execution.redriveCount,
    ...(execution.redriveTime === undefined ? {} : { redriveDate: toDate(execution.redriveTime) }),
    redriveStatus: whyNot === undefined ? "REDRIVABLE" : "NOT_REDRIVABLE",
    ...(whyNot === undefined ? {} : { redriveStatusReason: whyNot }),
  };
}

/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeStateMachine.html */
export const describeMachine = (machine: MachineRecord, version?: Version): Record<string, unknown> => ({
  stateMachineArn: version?.arn ?? machine.arn, name: machine.name, status: machine.status, type: machine.type,
  creationDate: version?.creationDate ?? machine.creationDate,
  ...describeRevision(version?.revision ?? machine.revision),
  ...(version?.description === undefined ? {} : { description: version.description }),
});

export const describeRevision = (revision: Revision): Record<string, unknown> => ({
  definition: revision.definition, roleArn: revision.roleArn, ...(revision.id === undefined ? {} : { revisionId: revision.id }),
  loggingConfiguration: revision.loggingConfiguration, tracingConfiguration: revision.tracingConfiguration,
  encryptionConfiguration: { type: "AWS_OWNED_KEY" },
});
