import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runChecks } from "../../../harness/checks";
import { figuresOf } from "../../../harness/model/figures";
import type { History } from "../../../harness/model/history";
import type { CheckResult } from "../../../harness/model/result";
import type { ScenarioRun } from "../../../harness/model/scenario";
import { parseScenario } from "../../../harness/model/scenario-file";
import type { Progress } from "../../../harness/runner/progress";
import { runScenario } from "../../../harness/runner/run-scenario";
import { seconds } from "../../../harness/time/clock";
import { fakeTarget, type Flaws } from "./fake-target";

const scenario = (name: string): ScenarioRun[] => parseScenario(readFileSync(join(__dirname, "../../../harness/scenarios", `${name}.yaml`), "utf8"), `${name}.yaml`);
const text = (yaml: string): ScenarioRun => parseScenario(`name: test\ndescription: a test\n${yaml}`, "test.yaml")[0]!;

/** The model launches a successor only once its predecessor has left: right, but slower than the limits allow. */
const isFailure = (check: CheckResult): boolean => check.status === "fail" && check.name !== "within-limits" && check.name !== "pause";

async function play(run: ScenarioRun, flaws: Flaws = {}): Promise<{ history: History; failures: string[]; calls: Record<string, number> }> {
  const target = fakeTarget(flaws);
  try {
    const history = await runScenario(run, target);
    return { history, failures: runChecks(history).filter(isFailure).map((check) => `${check.name}: ${check.detail}`), calls: target.calls };
  } finally {
    await target.close();
  }
}

/** As where answers are long on their way: each tells what was so when the request arrived. */
async function playSlowly(run: ScenarioRun, answerSeconds: number): Promise<string[]> {
  const target = fakeTarget();
  const { dynamodb } = target.clients;
  const send = dynamodb.send.bind(dynamodb) as (command: unknown) => Promise<unknown>;
  Object.assign(dynamodb, {
    async send(command: unknown) {
      const answer = await send(command);
      await target.clock.sleep(seconds(answerSeconds));
      return answer;
    },
  });
  try {
    return runChecks(await runScenario(run, target)).filter(isFailure).map((check) => `${check.name}: ${check.detail}`);
  } finally {
    await target.close();
  }
}

const NAMES = [
  "uninterrupted", "vanished-before-checkpoint", "terminated", "interrupted-with-notice", "notice-at-checkpoint", "vanished-after-commit", "vanished-during-save",
  "interval-longer-than-job", "no-capacity-at-launch", "two-jobs-one-armed", "stopped-and-resumed", "zombie",
];

test.each(NAMES.flatMap((name) => scenario(name).map((run) => [run.id, run] as const)))("%s passes where the system does what it should", async (_, run) => {
  const { failures } = await play(run);
  expect(failures).toEqual([]);
});

describe("a fault that repeats", () => {
  const repeated = (repeat: number | string): ScenarioRun => text(`job: {durationMinutes: 3, checkpointMinutes: 0.5}\nfaults: [{kind: vanish, repeat: ${repeat}, at: {phase: work, offsetSeconds: 40}}]\n`);
  test("strikes as often as it says, each time another instance", async () => {
    const { history, failures } = await play(repeated(3));
    expect(failures).toEqual([]);
    const struck = history.events.flatMap((event) => (event.type === "fault-injected" ? [event.instanceId] : []));
    expect(struck).toHaveLength(3);
    expect(new Set(struck).size).toBe(3);
  });
  test("strikes every instance that comes to its phase", async () => {
    const { history, failures } = await play(repeated("every"));
    expect(failures).toEqual([]);
    // Each gets 30 s further, and the last is done before its moment comes.
    expect(figuresOf(history)).toMatchObject({ attempts: 6, percent: 100 });
  });
});

describe("a job that is started once more", () => {
  const again = (at: string, ends: string): ScenarioRun => text(`faults: [{kind: start-execution, at: ${at}, ends: ${ends}}]\nexpect: {attempts: 1}\n`);
  const refused = "{status: FAILED, error: JobAlreadyRunning, cause: [jobId], withinSeconds: 1}";
  test("while it runs is followed to the end of both executions, and is no interruption", async () => {
    const { history, failures } = await play(again("{percent: 50}", refused));
    expect(failures).toEqual([]);
    expect(history.finals[0]!.executionArns).toHaveLength(2);
    expect(figuresOf(history).interruptions).toMatchObject([{ kind: "start-execution", pauseSeconds: null, lostWorkSeconds: 0 }]);
  });
  test("after its end is started so long after that", async () => {
    const { history } = await play(again("{afterEnd: true, offsetSeconds: 30}", "{status: SUCCEEDED}"));
    const [first] = history.events.filter((event) => event.type === "execution-ended");
    expect(history.events.filter((event) => event.type === "execution-started")[1]!.atSeconds - first!.atSeconds).toBe(30);
  });
  test("fails where a second execution runs the job, too", async () => {
    expect((await play(again("{percent: 50}", refused), { startsTwice: true })).failures.join()).toMatch(/started-again: expected the execution of job that was started at 3:48 to end with FAILED; seen: it has not ended/);
  });
});

test("the same seed gives the same history", async () => {
  const [first, second] = [await play(scenario("stopped-and-resumed")[0]!), await play(scenario("stopped-and-resumed")[0]!)];
  expect(JSON.stringify(first.history)).toEqual(JSON.stringify(second.history));
});

test("nine-hours passes, and needs few looks", async () => {
  const { calls, failures } = await play(scenario("nine-hours")[0]!);
  expect(failures).toEqual([]);
  expect(calls["GetItem"]).toBeLessThan(2500);
  expect(calls["DescribeInstances"]).toBeLessThan(1200);
});

describe("a fault strikes at its moment", () => {
  const struck = async (at: string, kind = "vanish", more = ""): Promise<{ atSeconds: number; percent: number }> => {
    const { history } = await play(text(`faults:\n  - kind: ${kind}\n    at: ${at}\n${more}`));
    return history.events.find((event) => event.type === "fault-injected") as never;
  };
  // 45 s of launch and boot come before the first work.
  test("at a percentage", async () => {
    const { atSeconds, percent } = await struck("{ percent: 25 }");
    expect(percent).toBeCloseTo(25, 0);
    expect(Math.abs(atSeconds - 135)).toBeLessThanOrEqual(1.5);
  });
  test("at a percentage beyond a save", async () => expect(Math.abs((await struck("{ percent: 50 }")).atSeconds - (45 + 180 + 3))).toBeLessThanOrEqual(1.5));
  test("at a commit", async () => expect(Math.abs((await struck("{ checkpoint: 1 }")).atSeconds - (45 + 123))).toBeLessThanOrEqual(0.5));
  test("so long after a commit", async () => expect(Math.abs((await struck("{ checkpoint: 1, offsetSeconds: 60 }")).atSeconds - (45 + 183))).toBeLessThanOrEqual(1.1));
  test("in the middle of a save", async () => expect(Math.abs((await struck("{ duringSave: 2 }")).atSeconds - (45 + 243 + 1.5))).toBeLessThanOrEqual(1.1));
  test("after a time", async () => expect((await struck("{ afterSeconds: 100 }")).atSeconds).toBeCloseTo(100, 1));
  test("while an instance boots", async () => expect(Math.abs((await struck("{ phase: boot, offsetSeconds: 5 }")).atSeconds - 15)).toBeLessThanOrEqual(1.1));
  test("seconds after a launch, before there is an owner", async () => expect((await struck("{ afterSeconds: 3 }")).atSeconds).toBeLessThan(6));
  test("while the second attempt restores", async () => {
    const { history } = await play(text("faults:\n  - kind: interrupt\n    at: { percent: 40 }\n  - kind: vanish\n    at: { phase: restore }\n"));
    const taken = history.events.filter((event) => event.type === "ownership-taken");
    const second = history.events.filter((event) => event.type === "fault-injected")[1]!;
    expect(second.atSeconds - taken[1]!.atSeconds).toBeLessThanOrEqual(1);
  });
});

describe("a history tells", () => {
  test("what an interruption cost", async () => {
    const { history } = await play(scenario("vanished-before-checkpoint")[0]!);
    const { interruptions, attempts, lostWorkSeconds } = figuresOf(history);
    expect(attempts).toBe(2);
    expect(lostWorkSeconds).toBeGreaterThan(88);
    expect(lostWorkSeconds).toBeLessThan(91);
    // one second until the machine is asked for, ten to launch, 35 to boot
    expect(interruptions[0]!.pauseSeconds).toBeGreaterThan(45);
    expect(interruptions[0]!.pauseSeconds).toBeLessThan(49);
  });
  test("of launches that were refused", async () => {
    const { history } = await play(scenario("no-capacity-at-launch")[0]!);
    expect(history.events.filter((event) => event.type === "launch-refused").length).toBeGreaterThan(5);
  });
  test("no task token", async () => {
    const { history } = await play(scenario("uninterrupted")[0]!);
    expect(JSON.stringify(history)).not.toContain("taskToken");
  });
});

test.each([...scenario("interrupted-with-notice"), ...scenario("notice-at-checkpoint")].map((run) => [run.id, run] as const))("%s passes where answers take seconds", async (_, run) => {
  expect(await playSlowly(run, 4)).toEqual([]);
});

describe("a system that does not do what it should fails", () => {
  const failing = async (name: string, flaws: Flaws): Promise<string[]> => (await play(scenario(name)[0]!, flaws)).failures;
  test("by skipping the final save", async () => expect((await failing("interrupted-with-notice", { skipsFinalSave: true })).join()).toMatch(/lost-work: expected 0 s of work lost; seen: 1\d/));
  test("by resuming from zero", async () => expect((await failing("interrupted-with-notice", { resumesFromZero: true })).join()).toMatch(/lost-work: .*went on from 0/));
  test("by letting a superseded owner write", async () => expect((await failing("zombie", { ignoresFencing: true })).join()).toMatch(/no-superseded-write|metrics-monotonic|log-events/));
  test("by an alarm that goes off for nothing", async () => expect((await failing("uninterrupted", { criesWolf: true })).join()).toMatch(/alarms: expected no alarm to go off; seen: swept at/));
  test("by leaving instances of a stopped execution running", async () => expect((await failing("stopped-and-resumed", { sweepsNothing: true })).join()).toMatch(/instances-gone: expected no instance/));
  test("by never starting, which ends at the scenario's time limit and leaves nothing running", async () => {
    const { failures, history } = await play(text("timeoutMinutes: 20\n"), { neverStarts: true });
    expect(failures.join()).toMatch(/completes: expected job to end with SUCCEEDED within 20 virtual minutes; seen: it had not ended, with 0% committed/);
    expect(history.finals[0]!.instances.every((instance) => instance.state === "terminated")).toBe(true);
  });
  test("when a fault never comes to strike", async () => {
    const { failures } = await play(text("faults:\n  - kind: vanish\n    at: { percent: 20, attempt: 2 }\n"));
    expect(failures.join()).toMatch(/faults-struck: expected fault 1 \(vanish\) to strike job; seen: missed/);
  });
});

test("whoever watches hears of percent, attempt and time", async () => {
  const heard: Progress[] = [];
  const target = fakeTarget();
  await runScenario(scenario("uninterrupted")[0]!, target, { onProgress: (progress) => heard.push(progress) });
  await target.close();
  expect(heard.at(-1)).toMatchObject({ id: "uninterrupted", percent: 100, attempt: 1 });
  expect(heard.length).toBeGreaterThan(20);
});
