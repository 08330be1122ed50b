/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_ListExecutions.html */
import type { Operation } from "../../../core/types";
import { pageOf } from "../../../core/paging";
import { describeExecution } from "../describe";
import { invalidPageToken, memberNull } from "../errors";
import { readMaxResults } from "../input";
import { checkArn } from "../names";
import type { SfnStore } from "../store";

interface ListExecutionsInput { stateMachineArn?: string; statusFilter?: string; maxResults?: number; nextToken?: string }

/** Newest first. */
export const listExecutions = (store: SfnStore): Operation<ListExecutionsInput> => ({ stateMachineArn, statusFilter, maxResults, nextToken }) => {
  if (stateMachineArn === undefined) throw memberNull("stateMachineArn");
  const { machine, version } = store.machine(checkArn(stateMachineArn, "stateMachineArn"));
  const wanted = [...store.executions.values()].reverse().filter((record) => record.machine === machine
    && (version === undefined || record.versionArn === version.arn)
    && (statusFilter === undefined || record.execution.status === statusFilter));
  const page = pageOf(wanted, readMaxResults(maxResults), nextToken, invalidPageToken);
  return {
    executions: page.items.map((record) => {
      const { executionArn, name, status, startDate, stopDate, stateMachineVersionArn, redriveCount } = describeExecution(record);
      return {
        executionArn, stateMachineArn: machine.arn, name, status, startDate,
        ...(stopDate === undefined ? {} : { stopDate }), ...(stateMachineVersionArn === undefined ? {} : { stateMachineVersionArn }), redriveCount,
      };
    }),
    ...(page.nextToken === undefined ? {} : { nextToken: page.nextToken }),
  };
};
