/**
 * A job of thirty days with five interruptions a day, within Step Functions' limits on a history's events and on what an event
 * carries: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadTerraform } from "../../../../harness/region/load";
import type { Ec2Service } from "../../../../harness/region/services/ec2";
import { minutes, seconds } from "../../../../harness/time/clock";
import { synthesize } from "../../../../main";
import { ATTEMPT_EVENTS } from "../../../../stacks/history-bounds";
import { startRegion } from "../../region/support/region";
import { Listener } from "./told";
import { modelledHost, type ModelledHost } from "./modelled-guest";

/* eslint-disable @typescript-eslint/no-explicit-any */

const MOST_EVENTS = 25_000;
const MOST_PAYLOAD_BYTES = 256 * 1024;
const TABLE = "spotproof-ledger";
const ROLE = "arn:aws:iam::123456789012:role/spotproof-instance";
const HEARTBEAT_SECONDS = 1800;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "stacks-"));
  // Fewer heartbeats and sweeps: neither leaves an event in the history.
  synthesize(join(__dirname, "..", "..", "..", ".."), { SPOTPROOF_HEARTBEAT_SECONDS: String(HEARTBEAT_SECONDS), SPOTPROOF_SWEEP_MINUTES: "60" }, folder);
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Run { status: string; events: any[]; item: Record<string, any>; told: Listener }

/** Runs a job whose owner is interrupted with notice whenever so much time has passed since the last time; as processes, or modelled. */
async function run(input: { durationMinutes: number; checkpointMinutes: number }, everySeconds: number, interruptions: number, isModelled: boolean): Promise<Run> {
  let host: ModelledHost | undefined;
  const { region, clock } = await startRegion(isModelled ? { guests: (context) => (host = modelledHost(context, TABLE, ROLE, HEARTBEAT_SECONDS / 3)) } : {});
  const told = new Listener(region, TABLE, "job");
  region.meet = told.meet;
  const call = (service: string, operation: string, more: object): Promise<any> => region.call(region.admin, service, operation, more);
  const item = async (): Promise<any> => (await call("dynamodb", "GetItem", { TableName: TABLE, Key: { jobId: { S: "job" } } })).Item ?? {};
  try {
    return await clock.run("job", async () => {
      const { outputs } = await loadTerraform(region, join(folder, "stacks", "job"));
      const { executionArn } = await call("sfn", "StartExecution", { stateMachineArn: outputs["state_machine_arn"], name: "job", input: JSON.stringify(input) });
      for (let number = 1; number <= interruptions; number++) {
        await clock.sleep(seconds(everySeconds));
        while ((await item())["ownerState"]?.S !== "working") await clock.sleep(seconds(1));
        const owner = (await item())["ownerInstanceId"].S as string;
        region.service<Ec2Service>("ec2").interrupt(owner, { by: "capacity" });
        host?.notice(owner);
      }
      let status = "RUNNING";
      for (; status === "RUNNING"; ({ status } = await call("sfn", "DescribeExecution", { executionArn }))) await clock.sleep(minutes(1));
      const events: any[] = [];
      for (let nextToken: string | undefined, page: any; events.length === 0 || nextToken !== undefined; nextToken = page.nextToken) {
        page = await call("sfn", "GetExecutionHistory", { executionArn, maxResults: 1000, nextToken });
        events.push(...page.events);
      }
      return { status, events, item: await item(), told };
    });
  } finally {
    clock.close();
    await region.close();
  }
}

/** What matters of a history: the events' types in order, with their states, and how the waits ended. */
const essence = ({ events }: Run): string[] => events.map((event) => {
  const output = event.taskSucceededEventDetails?.resource === "updateItem.waitForTaskToken" ? (JSON.parse(event.taskSucceededEventDetails.output).outcome as string) : undefined;
  return [event.type, event.stateEnteredEventDetails?.name ?? event.stateExitedEventDetails?.name, output].filter((part) => part !== undefined).join(" ");
});

/** How much the two may differ in time, and for that in work: in the real one the job, the agent and its threads look at things a second apart. */
const APART_SECONDS = 2;

it("the modelled guest tells AWS what the real one tells it, and gives an execution the same history", async () => {
  const job = { durationMinutes: 12, checkpointMinutes: 4 };
  const apartPercent = (100 * APART_SECONDS) / (60 * job.durationMinutes) + 0.001;
  const [real, modelled] = [await run(job, 200, 2, false), await run(job, 200, 2, true)];
  expect([real.status, modelled.status]).toEqual(["SUCCEEDED", "SUCCEEDED"]);
  expect(essence(modelled)).toEqual(essence(real));

  const words = ({ told }: Run): string[] => told.said.map(({ instance, what }) => `instance ${instance}: ${what}`);
  expect(words(modelled)).toEqual(words(real));
  real.told.said.forEach((said, index) => {
    const other = modelled.told.said[index]!;
    expect([said.what, said.at, other.at, Math.abs(other.at - said.at) <= APART_SECONDS]).toEqual([said.what, said.at, other.at, true]);
    expect([said.what, said.percent, other.percent, Math.abs(other.percent - said.percent) <= apartPercent]).toEqual([said.what, said.percent, other.percent, true]);
  });

  const [samples, others] = [real, modelled].map(({ told }) => [...told.samples.values()].sort((a, b) => a.at - b.at));
  expect(samples!.length).toBeGreaterThan(300);
  expect(Math.abs(others!.length - samples!.length)).toBeLessThan(0.05 * samples!.length);
  for (const sample of samples!) {
    const near = others!.filter(({ at }) => Math.abs(at - sample.at) <= 2 * APART_SECONDS);
    const alike = near.some((other) => Math.abs(other.checkpointed - sample.checkpointed) <= apartPercent && Math.abs(other.checkpointed + other.unsaved - sample.checkpointed - sample.unsaved) <= apartPercent);
    expect([sample, near, alike]).toEqual([sample, near, true]);
  }
}, 120_000);

it("thirty days with five interruptions a day are well within what a history may hold", async () => {
  const { status, events, item } = await run({ durationMinutes: 30 * 24 * 60, checkpointMinutes: 120 }, 24 * 3600 / 5, 149, true);
  expect(status).toBe("SUCCEEDED");
  expect(item["launch"].N).toBe("150");
  const sizes = events.map((event) => Math.max(0, ...Object.values(event).flatMap((details) => (details !== null && typeof details === "object" ? Object.values(details).filter((value) => typeof value === "string").map((value) => Buffer.byteLength(value as string)) : []))));
  const itemBytes = Buffer.byteLength(JSON.stringify(item));
  const told = `${events.length} events of ${MOST_EVENTS}, ${(events.length / 150).toFixed(1)} an attempt; the largest payload ${Math.max(...sizes)} bytes of ${MOST_PAYLOAD_BYTES}; the ledger's item ${itemBytes} bytes`;
  expect([events.length <= 150 * ATTEMPT_EVENTS + 200 && events.length < MOST_EVENTS, told]).toEqual([true, told]);
  expect([Math.max(...sizes) < MOST_PAYLOAD_BYTES, told]).toEqual([true, told]);
}, 300_000);
