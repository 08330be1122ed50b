/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_ListExecutions.html */
import type { Operation } from "../../../core/types";
import { describeExecution } from "../describe";
import { unsupported, validation } from "../errors";
import { checkEnum, pageOf, readMaxResults } from "../input";
import { REFUSED } from "../limits";
import { checkArn } from "../names";
import type { SfnStore } from "../store";

interface ListExecutionsInput { stateMachineArn?: string; statusFilter?: string; redriveFilter?: string; mapRunArn?: string; maxResults?: number; nextToken?: string }

const STATUSES = ["SUCCEEDED", "TIMED_OUT", "PENDING_REDRIVE", "ABORTED", "FAILED", "RUNNING"];
const REDRIVEN = ["REDRIVEN", "NOT_REDRIVEN"];

/** Newest first. */
export const listExecutions = (store: SfnStore): Operation<ListExecutionsInput> => ({ stateMachineArn, statusFilter, redriveFilter, mapRunArn, maxResults, nextToken }) => {
  checkEnum(statusFilter, "statusFilter", STATUSES);
  checkEnum(redriveFilter, "redriveFilter", REDRIVEN);
  const limit = readMaxResults(maxResults);
  if (mapRunArn !== undefined) throw stateMachineArn === undefined ? unsupported(REFUSED.mapRuns) : validation("Must specify exactly one of State Machine ARN and Map Run ARN");
  if (stateMachineArn === undefined) throw validation("Must specify exactly one of State Machine ARN and Map Run ARN");
  const { machine, version, alias } = store.machine(checkArn(stateMachineArn, "stateMachineArn"));
  const wanted = [...store.executions.values()].reverse().filter((record) => record.machine === machine
    && (version === undefined || record.versionArn === version.arn)
    && (alias === undefined || record.aliasArn === alias.arn)
    && (statusFilter === undefined || record.execution.status === statusFilter)
    && (redriveFilter === undefined || (record.execution.redriveCount > 0) === (redriveFilter === "REDRIVEN")));
  const page = pageOf(wanted, limit, nextToken);
  const now = store.region.clock.now();
  return {
    executions: page.items.map((record) => {
      const { executionArn, name, status, startDate, stopDate, stateMachineVersionArn, stateMachineAliasArn, redriveCount, redriveDate } = describeExecution(record, now);
      return {
        executionArn, stateMachineArn: machine.arn, name, status, startDate,
        ...(stopDate === undefined ? {} : { stopDate }),
        ...(stateMachineVersionArn === undefined ? {} : { stateMachineVersionArn }),
        ...(stateMachineAliasArn === undefined ? {} : { stateMachineAliasArn }),
        redriveCount, ...(redriveDate === undefined ? {} : { redriveDate }),
      };
    }),
    ...(page.nextToken === undefined ? {} : { nextToken: page.nextToken }),
  };
};
