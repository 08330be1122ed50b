/** Starting executions, and telling the bus how they go. https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html */
import { Execution } from "../../../asl/execution";
import type { Json } from "../../../asl/json";
import { ExecutionTaskRunner } from "./integrations/runner";
import { describeExecution } from "./describe";
import { ExecutionLog } from "./execution-log";
import { measure } from "./metrics";
import { executionArn } from "./names";
import type { Alias, ExecutionRecord, MachineRecord, SfnStore, Version } from "./store";

export interface Start {
  machine: MachineRecord;
  version: Version | undefined;
  alias: Alias | undefined;
  name: string;
  inputText: string;
  input: Json;
  traceHeader?: string | undefined;
}

/** Starts an execution as an actor of the region's clock. */
export function startExecution(store: SfnStore, start: Start): ExecutionRecord {
  const { region } = store;
  const { machine, version, alias, name } = start;
  const revision = version?.revision ?? machine.revision;
  const arn = executionArn(region, machine.name, name);
  const random = store.random.fork(arn);
  const runner = new ExecutionTaskRunner(store, revision.roleArn, machine.arn, random);
  const record: Omit<ExecutionRecord, "execution"> = {
    arn, name, machine, versionArn: version?.arn, aliasArn: alias?.arn, revision, inputText: start.inputText, startDate: store.now(), traceHeader: start.traceHeader,
    redriveTokens: [], ended: region.clock.gate(`the end of ${name}`),
  };
  const log = new ExecutionLog(region, revision, machine.arn, arn, `states/${machine.name}/${logMinute(record.startDate)}/${random.hex(8)}`);
  const execution = new Execution({
    onEvent: (event, self) => {
      log.add(event, self.redriveCount);
      // An execution of a machine that is being deleted ends at its next transition.
      if (machine.status === "DELETING" && event.type.endsWith("StateExited")) self.abort();
    },
    machine: revision.machine, input: start.input, inputText: start.inputText, clock: region.clock, random, tasks: runner,
    identity: {
      executionArn: arn, executionName: name, stateMachineArn: machine.arn, stateMachineName: machine.name,
      roleArn: revision.roleArn, region: region.regionName,
    },
    onEnd: () => {
      publish(store, complete);
      complete.ended.open();
      store.finishDeletion(machine);
    },
  });
  const complete: ExecutionRecord = Object.assign(record, { execution });
  store.executions.delete(arn);
  store.executions.set(arn, complete);
  publish(store, complete);
  run(store, complete);
  return complete;
}

/** Takes up an execution that ended without success, where it stood. */
export function redriveExecution(store: SfnStore, record: ExecutionRecord): void {
  record.execution.redrive();
  publish(store, record);
  run(store, record);
}

function run({ region }: SfnStore, { name, execution }: ExecutionRecord): void {
  region.clock.spawn(`execution ${name}`, async () => {
    try {
      await execution.run();
    } catch (error) {
      region.fatal(error instanceof Error ? error : new Error(String(error)));
    }
  });
}

/** `2026-01-01-00-00`, as the names of log streams have it. */
const logMinute = (date: Date): string => date.toISOString().slice(0, 16).replace(/[T:]/g, "-");

/** Publishes the execution's present status on the default bus, and measures it. */
function publish(store: SfnStore, record: ExecutionRecord): void {
  measure(store.region, record);
  const now = describeExecution(record, store.region.clock.now());
  const millis = (date: unknown): number | null => (date instanceof Date ? date.getTime() : null);
  for (let copy = 0; copy < store.settings.statusEvents; copy++) store.region.publish({
    source: "aws.states",
    "detail-type": "Step Functions Execution Status Change",
    resources: [record.arn],
    detail: {
      executionArn: now.executionArn, stateMachineArn: now.stateMachineArn, name: now.name, status: now.status,
      startDate: millis(now.startDate), stopDate: millis(now.stopDate),
      input: now.input, output: now.output ?? null,
      inputDetails: { included: true }, outputDetails: now.output === undefined ? null : { included: true },
      error: now.error ?? null, cause: now.cause ?? null,
      stateMachineVersionArn: now.stateMachineVersionArn ?? null, stateMachineAliasArn: now.stateMachineAliasArn ?? null,
      redriveCount: now.redriveCount, redriveDate: millis(now.redriveDate), redriveStatus: now.redriveStatus, redriveStatusReason: now.redriveStatusReason ?? null,
    },
  });
}
