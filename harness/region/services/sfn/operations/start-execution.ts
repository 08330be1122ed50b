/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html */
import type { Operation } from "../../../core/types";
import { versionBehind } from "../aliases";
import { executionAlreadyExists } from "../errors";
import { startExecution as start } from "../executions";
import { readInput } from "../input";
import { checkArn, checkName, executionArn } from "../names";
import type { SfnStore } from "../store";

interface StartExecutionInput { stateMachineArn?: string; name?: string; input?: string; traceHeader?: string }

/** Idempotent: the same name and input, while that execution runs, is that execution. A name is free again 90 days after its execution ended. */
export const startExecution = (store: SfnStore): Operation<StartExecutionInput> => ({ stateMachineArn, name, input: inputText = "{}", traceHeader }) => {
  const arn = checkArn(stateMachineArn, "stateMachineArn");
  if (name !== undefined) checkName(name);
  const input = readInput(inputText);
  const { machine, version: named, alias } = store.activeMachine(arn);
  const executionName = name ?? store.random.uuid();
  const holder = store.holderOfName(executionArn(store.region, machine.name, executionName));
  if (holder !== undefined) {
    if (holder.execution.status !== "RUNNING" || holder.inputText !== inputText) throw executionAlreadyExists(holder.arn);
    return { executionArn: holder.arn, startDate: holder.startDate };
  }
  const version = alias === undefined ? named : versionBehind(machine, alias, store.random);
  const record = start(store, { machine, version, alias, name: executionName, inputText, input, traceHeader });
  return { executionArn: record.arn, startDate: record.startDate };
};
