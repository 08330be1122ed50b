/** Runs a state machine on a virtual clock, with tasks as plain functions. */
import { Execution } from "../../../harness/asl/execution";
import { toApiEvent } from "../../../harness/asl/history";
import type { Json } from "../../../harness/asl/json";
import { parseDefinition } from "../../../harness/asl/parse";
import type { TaskCallback, TaskRequest, TaskResource, TaskRunner } from "../../../harness/asl/tasks";
import { fromDate, type Clock } from "../../../harness/time/clock";
import { createRandom } from "../../../harness/time/prng";
import { createVirtualClock } from "../../../harness/time/virtual-clock";

export const START = "2030-01-01T00:00:00.000Z";

export interface World {
  clock: Clock;
  callbacks: Map<string, TaskCallback>;
  requests: TaskRequest[];
}
export type TaskFunction = (request: TaskRequest, world: World) => Json | Promise<Json>;

export interface RunOptions {
  input?: Json;
  /** What `arn:aws:states:::test:NAME` does. */
  tasks?: Record<string, TaskFunction>;
  /** Runs beside the execution, from its start. */
  beside?: (world: World, execution: Execution) => Promise<void>;
  seed?: string;
}

/** `arn:aws:states:::test:NAME[.sync|.waitForTaskToken]`, and functions' ARNs. */
export function resolve(arn: string): TaskResource | string {
  const service = /^arn:aws:states:::test:([A-Za-z]+)(\.sync|\.waitForTaskToken)?$/.exec(arn);
  if (service !== null) {
    const pattern = service[2] === ".sync" ? "sync" : service[2] === ".waitForTaskToken" ? "callback" : "request";
    return { arn, events: "task", pattern, resourceType: "test", resource: `${service[1] as string}${service[2] ?? ""}` };
  }
  if (/^arn:aws:lambda:[^:]+:\d+:function:/.test(arn)) return { arn, events: "lambda", pattern: "request", resourceType: "lambda", resource: arn };
  return `The resource provided ${arn} is not recognized.`;
}

export interface Ran {
  status: string;
  output: Json | undefined;
  error: string | undefined;
  cause: string | undefined;
  /** Names of states entered, in order. */
  entered: string[];
  types: string[];
  previous: number[];
  events: Record<string, any>[]; // eslint-disable-line @typescript-eslint/no-explicit-any
  seconds: number;
  world: World;
}

export async function run(definition: object | string, options: RunOptions = {}): Promise<Ran> {
  const machine = parseDefinition(typeof definition === "string" ? definition : JSON.stringify(definition), { resolve });
  const clock = createVirtualClock({ startMicroseconds: fromDate(new Date(START)) });
  const world: World = { clock, callbacks: new Map(), requests: [] };
  const tasks: TaskRunner = {
    run: async (request) => {
      world.requests.push(request);
      const name = request.resource.resource.replace(/\..*$/, "").replace(/^.*:/, "");
      const task = options.tasks?.[name];
      if (task === undefined) throw new Error(`no task ${name}`);
      return task(request, world);
    },
    open: (token, callback) => { world.callbacks.set(token, callback); },
    close: (token) => { world.callbacks.delete(token); },
  };
  let execution!: Execution;
  await clock.run("test", async () => {
    execution = new Execution({
      machine, input: options.input ?? {}, clock, random: createRandom(options.seed ?? "seed"), tasks,
      identity: {
        executionArn: "arn:aws:states:us-east-1:123456789012:execution:machine:run", executionName: "run", roleArn: "arn:aws:iam::123456789012:role/role",
        stateMachineArn: "arn:aws:states:us-east-1:123456789012:stateMachine:machine", stateMachineName: "machine", region: "us-east-1",
      },
    });
    const beside = options.beside;
    if (beside !== undefined) clock.spawn("beside", () => beside(world, execution));
    await execution.run();
  });
  const events = execution.events.map((event) => toApiEvent(event) as Record<string, any>); // eslint-disable-line @typescript-eslint/no-explicit-any
  return {
    status: execution.status, output: execution.output, error: execution.error, cause: execution.cause,
    entered: events.filter(({ type }) => (type as string).endsWith("StateEntered")).map((event) => event["stateEnteredEventDetails"].name as string),
    types: events.map(({ type }) => type as string), previous: events.map(({ previousEventId }) => previousEventId as number), events,
    seconds: ((execution.endTime ?? NaN) - execution.startTime) / 1e6, world,
  };
}

/** A machine of one state, which ends. */
export const single = (state: object, queryLanguage?: "JSONata" | "JSONPath"): object => ({
  ...(queryLanguage === undefined ? {} : { QueryLanguage: queryLanguage }),
  StartAt: "S", States: { S: { ...((state as { Type: string }).Type.match(/^(Fail|Succeed|Choice)$/) ? {} : { End: true }), ...state } },
});
