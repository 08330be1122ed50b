import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseScenario } from "../../../harness/model/scenario-file";
import { estimate, estimateOnAws, estimateText } from "../../../harness/targets/costs";
import { withLock } from "../../../harness/targets/lock";
import { outputsFrom, outputsFromFile, outputsFromTerraform } from "../../../harness/targets/outputs";
import { unsupported, type Clients, type InjectionContext } from "../../../harness/targets/target";
import { seconds } from "../../../harness/time/clock";
import { runScenario } from "../../../harness/runner/run-scenario";
import { Interrupted } from "../../../harness/model/errors";
import { fakeTarget, OUTPUTS } from "../runner/fake-target";

const folder = mkdtempSync(join(tmpdir(), "spotproof-targets-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = (content: unknown): string => {
  const path = join(folder, "outputs.json");
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
};
const RAW = {
  state_machine_arn: "arn", ledger_table: "t", checkpoint_bucket: "b", metrics_namespace: "n", name: "x",
  interrupt_template_id: "i", terminate_template_id: "e", no_capacity_template_id: "c", armed_tag_key: "k", armed_tag_value: "v",
};
const run = (yaml = "") => parseScenario(`name: t\ndescription: d\n${yaml}`, "t.yaml")[0]!;

describe("outputs", () => {
  test("come from a file of plain values, or from what terraform prints", () => {
    expect(outputsFrom(outputsFromFile(file(RAW), {}), "f")).toMatchObject({ stateMachineArn: "arn", armedTagValue: "v" });
    const printed = Object.fromEntries(Object.entries(RAW).map(([name, value]) => [name, { sensitive: false, type: "string", value }]));
    expect(outputsFrom(outputsFromFile(file(printed), {}), "f")).toMatchObject({ ledgerTable: "t" });
  });
  test("a flag outweighs the file", () => expect(outputsFromFile(file(RAW), { ledger_table: "other" })).toMatchObject({ ledger_table: "other" }));
  test("an unknown flag is refused with the nearest", () => expect(() => outputsFromFile(undefined, { ledger_tabel: "x" })).toThrow('there is no such output; did you mean "ledger_table"?'));
  test("what is missing is named with its stack", () => expect(() => outputsFrom({ ...RAW, name: undefined, armed_tag_key: "" }, "the file f")).toThrow("The stacks' outputs in the file f lack name (stack job), armed_tag_key (stack faults)."));
  test("a file that is no object is refused", () => expect(() => outputsFromFile(file("[1]"), {})).toThrow("must hold an object"));
  test("without a deployment there are none", async () => expect(outputsFromTerraform(folder)).rejects.toThrow("so the stack job's outputs are not known"));
});

test("a kind that a target cannot inject is unsupported, by name", () => {
  const target = { kind: "aws" as const, conditions: [], ownDeployment: false, injectors: { vanish: { resolutionSeconds: 1, inject: async () => ({ status: "completed" }) } } };
  expect(unsupported(target, run("faults: [{kind: suspend, durationSeconds: 9, at: {percent: 5}}]"))).toBe("the target aws cannot inject suspend; it can inject vanish");
  expect(unsupported(target, run("faults: [{kind: vanish, at: {percent: 5}}]"))).toBeUndefined();
  expect(unsupported(target, run("faults: [{kind: vanish, at: {phase: handoff}}]"))).toBeUndefined();
  expect(unsupported(target, run("faults: [{kind: vanish, at: {phase: commit}}]"))).toBe("the target aws cannot strike at phase commit: only the embedded region sees each call of an instance; it can at launch, boot, restore, work, handoff, ready");
  expect(unsupported(target, run("region: {eventualConsistencySeconds: 1, noticeEvents: 0}"))).toBe("the target aws cannot set region.eventualConsistencySeconds, region.noticeEvents: these are conditions of the embedded region");
  expect(unsupported(target, run("knobs: {spotMaxPrice: 0.05}"))).toBe("the target aws cannot set knobs.spotMaxPrice: its deployment is there already");
  expect(unsupported({ ...target, ownDeployment: true }, run("knobs: {spotMaxPrice: 0.05}"))).toBeUndefined();
  expect(unsupported(target, run("program: misbehaving"))).toBe("the target aws cannot run the program misbehaving: its deployment is there already");
});

describe("the lock", () => {
  test("lets one in at a time", async () => {
    const target = fakeTarget();
    const order: string[] = [];
    const context = (label: string) => ({ ...target, over: () => false, random: target.random.fork(label) }) as unknown as InjectionContext;
    await target.clock.run("test", async () => {
      const actors = ["a", "b"].map((label) => target.clock.spawn(label, () => withLock(context(label), async () => {
        order.push(`${label} in`);
        await target.clock.sleep(seconds(5));
        order.push(`${label} out`);
      })));
      for (const actor of actors) await target.clock.join(actor);
    });
    expect(order).toEqual(["a in", "a out", "b in", "b out"]);
    await target.close();
  });
  test("is given back when the body fails", async () => {
    const target = fakeTarget();
    const context = { ...target, over: () => false } as unknown as InjectionContext;
    await target.clock.run("test", async () => {
      await expect(withLock(context, async () => { throw new Error("boom"); })).rejects.toThrow("boom");
      await expect(withLock(context, async () => "in")).resolves.toBe("in");
    });
    await target.close();
  });
});

describe("what it costs at most", () => {
  const runs = [run("faults: [{kind: interrupt, at: {percent: 5}}]"), run("jobs: [{name: a}, {name: b}]\nfaults: [{kind: stop-execution, durationSeconds: 60, at: {percent: 5}}]\ntimeoutMinutes: 60")];
  test("is counted from the scenarios", () => expect(estimate(runs)).toEqual({ executions: 4, instanceHours: (2 * 57) / 60 + 4, experiments: 1, actionMinutes: 5 }));
  test("is said in dollars where a price is known", async () => {
    const definition = JSON.stringify({ Overrides: [{ InstanceType: "m7i.large" }, { InstanceType: "m5.large" }], Resource: "arn:aws:states:::aws-sdk:ec2:createFleet" });
    const answer = (outcome: object) => ({ send: async () => outcome });
    const clients = { sfn: answer({ definition }), ec2: answer({ SpotPriceHistory: [{ SpotPrice: "0.04" }, { SpotPrice: "0.05" }] }) } as unknown as Clients;
    const cost = await estimateOnAws(runs, clients, OUTPUTS);
    expect(cost).toMatchObject({ instanceTypes: ["m7i.large", "m5.large"], dollarsAnHour: 0.05 });
    expect(estimateText(cost, "arn")).toContain("At most $0.80 for instances at $0.0500 an hour");
    expect(estimateText({ ...cost, dollarsAnHour: undefined }, "arn")).toContain("No Spot price could be read");
  });
});

describe("an interrupted run", () => {
  const interrupted = async (outlivesHarness: boolean) => {
    const target = fakeTarget({ outlivesHarness });
    const interruption = new AbortController();
    await expect(runScenario(run(), target, { signal: interruption.signal, onProgress: ({ percent }) => percent > 10 && interruption.abort() })).rejects.toBeInstanceOf(Interrupted);
    await target.close();
    return target.calls;
  };
  test("stops what would outlive the harness", async () => expect(await interrupted(true)).toMatchObject({ StopExecution: 1, TerminateInstances: 1 }));
  test("leaves alone what ends with it", async () => expect((await interrupted(false))["StopExecution"]).toBeUndefined());
});
