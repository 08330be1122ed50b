/** The model's writes do what the product's expressions do, by the region's own DynamoDB, on random items. */
import { CreateTableCommand, DynamoDBClient, PutItemCommand, UpdateItemCommand, type UpdateItemCommandInput } from "@aws-sdk/client-dynamodb";
import fc from "fast-check";
import jsonata from "jsonata";
import { makeHandler } from "../../../functions/watcher";
import { startRegion, type TestRegion } from "../../harness/region/support/region";
import { machineFor } from "../../stacks/machine/world";
import * as model from "../model/ledger";
import { GUARDS } from "../model/rules";
import { L, newState, OWNER, REASON, type State } from "../model/state";
import { compared, execution, instance, OWNER_STATES, toItem, toState, token } from "./item";
import { recorded } from "./python";

/* eslint-disable @typescript-eslint/no-explicit-any */
const NOW = Math.floor(Date.now() / 1000);
const g = GUARDS;

let region: TestRegion;
let dynamodb: DynamoDBClient;
beforeAll(async () => {
  region = await startRegion();
  dynamodb = new DynamoDBClient(region.region.sdkConfig());
  await dynamodb.send(new CreateTableCommand({ TableName: "ledger", BillingMode: "PAY_PER_REQUEST", AttributeDefinitions: [{ AttributeName: "jobId", AttributeType: "S" }], KeySchema: [{ AttributeName: "jobId", KeyType: "HASH" }] }));
});
afterAll(() => region.region.close());

const upTo = (most: number) => fc.integer({ min: 0, max: most });
/** Small, so that conditions hold as often as not. */
const item: fc.Arbitrary<State> = fc
  .record({
    execution: upTo(1), taskInstance: upTo(3), taskToken: upTo(2), ownerEpoch: upTo(2), ownerInstance: upTo(3), ownerState: upTo(6), ownerDeadline: upTo(2), ownerReason: upTo(4),
    readyLaunch: upTo(3), finished: fc.constantFrom(0, 0, 0, 1), sequence: upTo(2), lastEpoch: upTo(2), lastRun: fc.constant(0), step: upTo(2),
  })
  .map((fields) => {
    const state = newState();
    for (const [name, value] of Object.entries(fields)) state[L[name as keyof typeof L]] = value;
    if (state[L.lastEpoch] === 0) state[L.step] = 0;
    return state;
  });

/** Sends a request of the product to an item that stands for a state. @returns the state after it, undefined when its condition does not hold. */
async function really(before: State, request: UpdateItemCommandInput): Promise<State | undefined> {
  await dynamodb.send(new PutItemCommand({ TableName: "ledger", Item: toItem(before, NOW) }));
  try {
    const { Attributes } = await dynamodb.send(new UpdateItemCommand({ ...request, TableName: "ledger", Key: { jobId: { S: "j" } }, ReturnValues: "ALL_NEW" }));
    return toState(Attributes!, NOW);
  } catch (error) {
    if ((error as Error).name === "ConditionalCheckFailedException") return undefined;
    throw error;
  }
}

/** Both, on one item, told as an object so that a difference can be read. */
async function same(before: State, request: UpdateItemCommandInput, write: (state: State) => boolean): Promise<boolean> {
  const after = before.slice();
  const held = write(after);
  const reached = await really(before, request);
  expect(reached === undefined ? "refused" : compared(reached)).toEqual(held ? compared(after) : "refused");
  return held;
}

const property = async (requests: fc.Arbitrary<any>, check: (state: State, request: any) => Promise<boolean>): Promise<void> => {
  let held = 0;
  let refused = 0;
  await fc.assert(fc.asyncProperty(item, requests, async (state, request) => void ((await check(state, request)) ? (held += 1) : (refused += 1))), { numRuns: 300, seed: 1 });
  // A property that never holds, or always, would show nothing.
  expect(held).toBeGreaterThan(2);
  expect(refused).toBeGreaterThan(2);
};

interface Recorded { write: string; instance: number; epoch: number; sequence: number; step: number; request: any }

describe("the agent's", () => {
  const all = recorded<Recorded>("ledger", NOW);
  const writes: Record<string, (state: State, made: Recorded) => boolean> = {
    takeOver: (state, made) => model.takeOver(state, made.instance, made.epoch, g),
    ready: (state, made) => model.ready(state, made.instance, made.epoch, g),
    standIn: (state, made) => model.standIn(state, made.instance, made.epoch, g),
    releaseEarlier: (state, made) => model.releaseEarlier(state, made.instance, made.epoch),
    work: (state, made) => model.work(state, made.epoch, g),
    handOver: (state, made) => model.handOver(state, made.epoch, OWNER.handingOver, g),
    save: (state, made) => model.handOver(state, made.epoch, OWNER.saving, g),
    release: (state, made) => model.release(state, made.epoch, REASON.saved, g),
    fail: (state, made) => model.release(state, made.epoch, REASON.jobFailed, g),
    finish: (state, made) => model.release(state, made.epoch, REASON.finished, g),
    commit: (state, made) => model.commit(state, made.epoch, made.sequence, { step: made.step, run: 0 }, g),
  };

  it("writes are all in the model", () => expect([...new Set(all.map(({ write }) => write))].sort()).toEqual(Object.keys(writes).sort()));

  it.each(Object.keys(writes))("%s", async (name) => {
    const made = all.filter(({ write, epoch }) => write === name && (name !== "commit" || epoch > 0));
    await property(fc.constantFrom(...made), (state, each: Recorded) => same(state, each.request, (after) => writes[name]!(after, each)));
  });
});

describe("the state machine's", () => {
  const { States } = machineFor() as { States: Record<string, any> };

  /** A state's arguments with every expression evaluated. */
  async function argumentsOf(name: string, variables: Record<string, unknown>): Promise<any> {
    const evaluate = async (value: any): Promise<any> => {
      if (typeof value === "string") {
        const expression = /^\{%(.*)%\}$/s.exec(value)?.[1];
        return expression === undefined ? value : jsonata(expression).evaluate({}, variables);
      }
      if (Array.isArray(value)) return Promise.all(value.map(evaluate));
      if (typeof value === "object" && value !== null) return Object.fromEntries(await Promise.all(Object.entries(value).map(async ([key, each]) => [key, await evaluate(each)])));
      return value;
    };
    return evaluate(States[name].Arguments);
  }
  const context = (number: number, its: number) => ({ states: { context: { Execution: { Id: execution(number) }, Task: { Token: token(its) } } } });
  const known = { jobId: "j", lifecycle: "spot", deadline: 0, ending: "notice", checkpointSeconds: 1, saveSeconds: 1, saveMegabytes: 0, attempts: 0, maxAttempts: 300, durationSeconds: 60 };

  it("give", () =>
    property(fc.record({ n: fc.integer({ min: 1, max: 3 }), by: upTo(1) }), async (state, { n, by }) =>
      same(state, await argumentsOf("Wait for the attempt", { ...known, ...context(by, 2), launch: n - 1, instanceId: instance(n) }), (after) => model.give(after, n, 2, by, g)),
    ));
  it("give back", () =>
    property(fc.record({ n: fc.integer({ min: 1, max: 3 }), known: fc.boolean() }), async (state, { n, known: isKnown }) => {
      const owner = isKnown && state[L.ownerInstance] !== 0 ? state[L.ownerInstance]! : n;
      return same(state, await argumentsOf("Give the task back", { ...known, ...context(0, model.TOKEN_BACK), owner: instance(owner) }), (after) => model.giveBack(after, owner, 0, g));
    }));
  it("let it hand over", () =>
    property(fc.integer({ min: 1, max: 3 }), async (state, n) =>
      same(state, await argumentsOf("Let it hand over", { ...known, ...context(0, 1), instanceId: instance(n) }), (after) => model.letHandOver(after, n)),
    ));
  it("declare dead", () =>
    property(fc.integer({ min: 1, max: 3 }), async (state, n) =>
      same(state, await argumentsOf("Declare the owner dead", { ...known, ...context(0, 1), instanceId: instance(n) }), (after) => model.declareDeadAsMachine(after, n, g)),
    ));
  it("take up", () =>
    property(fc.record({ earlierState: upTo(6), earlierEpoch: upTo(2) }), async (state, { earlierState, earlierEpoch }) =>
      same(
        state,
        await argumentsOf("Take up the job", { ...known, ...context(1, 1), ledgerExecution: execution(0), earlierOwnerState: OWNER_STATES[earlierState], earlierOwnerEpoch: earlierEpoch, earlierEpoch }),
        (after) => model.takeUp(after, 1, 0, earlierState),
      ),
    ));
});

describe("the watcher's", () => {
  /** The writes that one event brings about, on an item where every condition holds. */
  async function written(n: number, detail: object): Promise<UpdateItemCommandInput[]> {
    const requests: UpdateItemCommandInput[] = [];
    const tags = { "spotproof:name": "spotproof", "spotproof:job": "j", "spotproof:execution": execution(0), "spotproof:launch": String(n) };
    await makeHandler({
      dynamodb: { send: async ({ constructor, input }: any) => (constructor.name === "UpdateItemCommand" ? (requests.push(input), {}) : { Item: { jobId: { S: "j" } } }) } as any,
      ec2: { send: async () => ({ Reservations: [{ Instances: [{ InstanceId: instance(n), Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) }] }] }) } as any,
      sfn: { send: async () => ({}) } as any,
      table: "ledger",
      name: "spotproof",
      log: () => {},
    })({ time: new Date((NOW + 500) * 1000).toISOString(), detail: { "instance-id": instance(n) }, "detail-type": "", ...detail });
    return requests;
  }

  it("lease at a warning", () =>
    property(fc.integer({ min: 1, max: 3 }), async (state, n) => {
      const [record, lease, ...more] = await written(n, { "detail-type": "EC2 Spot Instance Interruption Warning" });
      expect(more).toEqual([]);
      expect(record!.UpdateExpression).toContain("notices");
      return same(state, lease!, (after) => model.warn(after, n));
    }));
  it("declare dead", () =>
    property(fc.integer({ min: 1, max: 3 }), async (state, n) => {
      const [dead, ...more] = await written(n, { "detail-type": "EC2 Instance State-change Notification", detail: { "instance-id": instance(n), state: "terminated" } });
      expect(more).toEqual([]);
      return same(state, dead!, (after) => model.declareDeadAsWatcher(after, n, g));
    }));
  it("nothing while it is shutting down", async () => {
    expect(await written(1, { "detail-type": "EC2 Instance State-change Notification", detail: { "instance-id": instance(1), state: "shutting-down" } })).toEqual([]);
  });
});
