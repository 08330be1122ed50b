import { runChecks } from "../../../harness/checks";
import type { HistoryEvent } from "../../../harness/model/history";
import { A, B, committed, final, history, vanished, VANISH } from "./hand-written";

const check = (name: string, yaml: string, events: HistoryEvent[] = vanished(), finals = [final()]) => runChecks(history(yaml, events, finals)).find((result) => result.name === name);
const refused = (...times: number[]): HistoryEvent[] => times.map((atSeconds) => ({ type: "launch-refused", job: "job", code: "InsufficientInstanceCapacity", message: "", atSeconds }));

describe("execution-cause", () => {
  const failed = (cause?: string): HistoryEvent[] => [...vanished().filter(({ type }) => type !== "execution-ended"), { type: "execution-ended", job: "job", execution: "x", status: "FAILED", error: "NoCapacity", ...(cause === undefined ? {} : { cause }), atSeconds: 400 }];
  const yaml = "expect: {status: FAILED, cause: [do this, jobId]}\n";
  test("passes when everything expected stands in it", () => expect(check("execution-cause", yaml, failed('do this with "jobId"'))).toMatchObject({ status: "pass" }));
  test("fails with what is missing, and what it said", () => expect(check("execution-cause", yaml, failed("do this"))).toMatchObject({ status: "fail", detail: expect.stringContaining('to say "jobId"; seen: do this') }));
  test("fails for what only that job's was to say", () => {
    const own = "job: {cause: [durationMinutes]}\nexpect: {status: FAILED}\n";
    expect(check("execution-cause", own, failed("durationMinutes is 0"))).toMatchObject({ status: "pass" });
    expect(check("execution-cause", own, failed("do this"))).toMatchObject({ status: "fail", detail: expect.stringContaining('to say "durationMinutes"; seen: do this') });
  });
  test("fails where there is none", () => expect(check("execution-cause", yaml, failed())).toMatchObject({ status: "fail", detail: expect.stringContaining("no Cause") }));
});

describe("launches-refused", () => {
  const yaml = "expect: {launchesRefused: {atLeast: 2, atMost: 20}}\n";
  const backingOff = [0, 1, 2, 12, 32, 72, 130, 191, 249, 312, 370, 431, 490, 551];
  test("passes within its bounds, with waits that grow", () => expect(check("launches-refused", yaml, refused(...backingOff))).toMatchObject({ status: "pass", detail: "14 launch(es) gave no instance" }));
  test("fails for too many, or too few", () => expect(check("launches-refused", yaml, refused(1))).toMatchObject({ status: "fail", detail: expect.stringContaining("at least 2 and at most 20") }));
  test("fails for a hot loop", () => expect(check("launches-refused", yaml, refused(1, 2, 2.3))).toMatchObject({ status: "fail", atSeconds: 2.3 }));
  test("fails for waits that never grow", () => expect(check("launches-refused", yaml, refused(...backingOff.map((_, index) => 3 * index)))).toMatchObject({ status: "fail", detail: expect.stringContaining("waits that grow") }));
  test("fails for waits without jitter", () => expect(check("launches-refused", yaml, refused(0, 1, ...backingOff.slice(2).map((_, index) => 60 * (index + 1))))).toMatchObject({ status: "fail", detail: expect.stringContaining("jitter") }));
});

describe("lifecycles", () => {
  const finals = [final({ instances: [{ instanceId: B, launch: 2, state: "terminated", launchedSeconds: 136, lifecycle: "on-demand" }, { instanceId: A, launch: 1, state: "terminated", launchedSeconds: 0, lifecycle: "spot" }] })];
  test("are compared launch by launch", () => {
    expect(check("lifecycles", "expect: {lifecycles: [spot, on-demand]}\n", vanished(), finals)).toMatchObject({ status: "pass" });
    expect(check("lifecycles", "expect: {lifecycles: [spot]}\n", vanished(), finals)).toMatchObject({ status: "fail", detail: "expected instances of job: spot; seen: spot, on-demand" });
  });
});

describe("elsewhere", () => {
  const yaml = `${VANISH}expect: {elsewhere: true}\n`;
  test("fails for a successor in the zone that took its predecessor", () => expect(check("elsewhere", yaml)).toMatchObject({ status: "fail", detail: expect.stringContaining("both in us-east-1a") }));
  test("passes for one in another zone", () => {
    const events = vanished().map((event) => (event.type === "instance-launched" && event.launch === 2 ? { ...event, zone: "us-east-1b" } : event));
    expect(check("elsewhere", yaml, events)).toMatchObject({ status: "pass", detail: "us-east-1a -> us-east-1b" });
  });
  test("asks for another type where the scenario does", () => {
    const byType = yaml.replace("true", "type");
    expect(check("elsewhere", byType)).toMatchObject({ status: "fail", detail: expect.stringContaining("both of ") });
    const events = vanished().map((event) => (event.type === "instance-launched" && event.launch === 2 ? { ...event, instanceType: "c6i.large" } : event));
    expect(check("elsewhere", byType, events)).toMatchObject({ status: "pass", detail: expect.stringMatching(/ -> c6i\.large$/) });
  });
  test("is unknown without a successor", () => expect(check("elsewhere", yaml, vanished().filter((event) => !(event.type === "instance-launched" && event.launch === 2)))).toMatchObject({ status: "unknown" }));
});

describe("permitted", () => {
  const refusal = (action: string) => ({ principal: "r", action, resource: "*", message: "no", where: "w", count: 1 });
  const verdict = (yaml: string, actions: string[]) => runChecks({ ...history(yaml, vanished()), refusals: actions.map(refusal) }).find(({ name }) => name === "permitted");
  test("lets pass what the scenario itself denies, and nothing else", () => {
    expect(verdict("region: {deniedAction: 'ec2:CreateFleet'}\n", ["ec2:CreateFleet"])).toMatchObject({ status: "pass" });
    expect(verdict("region: {deniedAction: 'ec2:CreateFleet'}\n", ["ec2:RunInstances"])).toMatchObject({ status: "fail" });
    expect(verdict("", ["ec2:CreateFleet"])).toMatchObject({ status: "fail" });
  });
});

test("no-superseded-write lets pass a commit that is first seen together with the takeover after it", () => {
  const before = (atSeconds: number): HistoryEvent[] => [...vanished(), committed(1, 1, 25, atSeconds)];
  expect(check("no-superseded-write", VANISH, before(181))).toMatchObject({ status: "pass" });
  expect(check("no-superseded-write", VANISH, before(181.1))).toMatchObject({ status: "fail" });
});
