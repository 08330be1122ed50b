import { CHECKS, runChecks } from "../../../harness/checks";
import { chainDigest } from "../../../harness/checks/work-chain";
import type { HistoryEvent, TargetState } from "../../../harness/model/history";
import { A, B, committed, final, history, launched, samples, struck, taken, vanished, VANISH } from "./hand-written";

const check = (name: string, yaml: string, events: HistoryEvent[], finals = [final()]) => {
  expect(CHECKS.map((candidate) => candidate.name)).toContain(name);
  return runChecks(history(yaml, events, finals)).find((result) => result.name === name);
};
const without = (type: HistoryEvent["type"]): HistoryEvent[] => vanished().filter((event) => event.type !== type);

test("a run as it should be passes every check, and none is unknown", () => {
  const results = runChecks(history(`${VANISH}expect: {attempts: 2, lostWorkSeconds: {atMost: 91}, pauseSeconds: {atMost: 50}}\n`, vanished()));
  expect(results.filter((result) => result.status !== "pass")).toEqual([]);
  expect(results.length).toBeGreaterThanOrEqual(10);
});

describe("completes", () => {
  test("fails for another status, with the error that the execution gave", () => {
    const events = [...without("execution-ended"), { type: "execution-ended", job: "job", execution: "x", status: "FAILED", error: "JobFailed", cause: "exit 3", atSeconds: 400 } as const];
    expect(check("completes", VANISH, events)).toMatchObject({ status: "fail", atSeconds: 400, detail: expect.stringContaining("seen: FAILED (JobFailed: exit 3) at 6:40, with 100% committed") });
  });
  test("fails when nothing ended", () => expect(check("completes", VANISH, without("execution-ended"))).toMatchObject({ status: "fail", detail: expect.stringContaining("within 57 virtual minutes; seen: it had not ended") }));
  test("fails for a success below 100%", () => expect(check("completes", VANISH, vanished(), [final({ ledger: { jobId: "x", finished: true, last: { percent: 66.7 } } })])).toMatchObject({ status: "fail", detail: expect.stringContaining("66.7%") }));
  test("fails for a success whose ledger does not say finished", () => expect(check("completes", VANISH, vanished(), [final({ ledger: { jobId: "x", last: { percent: 100 } } })])).toMatchObject({ status: "fail" }));
  test("passes for a failure that was expected", () => {
    const events = [...without("execution-ended"), { type: "execution-ended", job: "job", execution: "x", status: "FAILED", error: "JobFailed", atSeconds: 400 } as const];
    const yaml = `${VANISH}expect: {status: FAILED, error: JobFailed}\n`;
    expect(check("completes", yaml, events)).toMatchObject({ status: "pass" });
    expect(check("execution-error", yaml, events)).toMatchObject({ status: "pass" });
    expect(check("execution-error", yaml.replace("JobFailed", "Other"), events)).toMatchObject({ status: "fail", detail: expect.stringContaining("seen: JobFailed") });
  });
});

describe("started-again", () => {
  const yaml = "faults: [{kind: start-execution, at: {percent: 50}, ends: {status: FAILED, error: JobAlreadyRunning, cause: [jobId x], withinSeconds: 5}}]\n";
  const started: HistoryEvent = { type: "execution-started", job: "job", execution: "x-s1", executionArn: "arn-s1", input: {}, fault: 0, atSeconds: 300 };
  const ended = (changes: object = {}): HistoryEvent => ({ type: "execution-ended", job: "job", execution: "x-s1", status: "FAILED", error: "JobAlreadyRunning", cause: "jobId x is being run", atSeconds: 300, ...changes });
  const verdict = (...more: HistoryEvent[]) => check("started-again", yaml, [...vanished(), ...more]);
  test("passes when that execution ended as the fault says", () => expect(verdict(started, ended())).toMatchObject({ status: "pass" }));
  test.each([
    [{ status: "SUCCEEDED", error: undefined }, "to end with FAILED; seen: SUCCEEDED at 5:00"],
    [{ error: "NoCapacity" }, "to fail with JobAlreadyRunning; seen: FAILED (NoCapacity: jobId x is being run) at 5:00"],
    [{ cause: "it runs" }, 'to say "jobId x"; seen: it runs'],
    [{ atSeconds: 320 }, "to end within 5 s; seen: FAILED (JobAlreadyRunning: jobId x is being run) at 5:20"],
  ])("fails for %j", (changes, detail) => expect(verdict(started, ended(changes))).toMatchObject({ status: "fail", detail: expect.stringContaining(detail) }));
  test("fails when it has not ended", () => expect(verdict(started)).toMatchObject({ status: "fail", detail: expect.stringContaining("seen: it has not ended") }));
  test("is unknown when it was never started, which faults-struck says", () => {
    expect(verdict()).toMatchObject({ status: "unknown" });
    expect(check("faults-struck", yaml, vanished().filter(({ type }) => type !== "fault-injected"))).toMatchObject({ status: "fail" });
  });
  test("what is expected of the job is of its own execution", () => {
    const late = [{ ...started, atSeconds: 600 }, ended({ atSeconds: 601 })];
    expect(check("completes", yaml, [...vanished(), ...late])).toMatchObject({ status: "pass" });
    expect(check("execution-error", `${yaml}expect: {error: JobFailed, status: FAILED}\n`, [...without("execution-ended"), ended({ execution: "x", error: "JobFailed" }), ...late])).toMatchObject({ status: "pass" });
  });
});

describe("faults-struck", () => {
  test("fails when a fault never came", () => expect(check("faults-struck", VANISH, without("fault-injected"))).toMatchObject({ status: "fail", detail: expect.stringContaining("never came") }));
  test("fails when its experiment failed", () => expect(check("faults-struck", VANISH, [...vanished(), { type: "fault-ended", job: "job", fault: 0, kind: "vanish", status: "failed", reason: "no target", atSeconds: 140 }])).toMatchObject({ status: "fail", detail: expect.stringContaining("failed: no target") }));
  test("fails when it did not strike as often as it should", () => {
    const yaml = "faults: [{kind: vanish, repeat: 3, at: {phase: work}}]\n";
    expect(check("faults-struck", yaml, [...vanished(), struck("vanish", B, 200, 5)])).toMatchObject({ status: "fail", detail: expect.stringContaining("to strike job 3 times; seen: 2 times") });
    expect(check("faults-struck", yaml.replace("3", "every"), vanished())).toMatchObject({ status: "pass" });
  });
  test("says nothing without faults", () => expect(check("faults-struck", "", vanished())).toBeUndefined());
});

test("attempts fails with the launches it saw", () => expect(check("attempts", `${VANISH}expect: {attempts: 1}\n`, vanished())).toMatchObject({ status: "fail", detail: `expected 1 attempt(s) for job; seen: 2 (${A} at 0:00, ${B} at 2:16)` }));

describe("lost-work", () => {
  test("fails with who lost what", () => expect(check("lost-work", `${VANISH}expect: {lostWorkSeconds: {atMost: 10}}\n`, vanished())).toMatchObject({ status: "fail", detail: expect.stringContaining("90 s (job had reached 25% in epoch 1 and went on from 0% at 3:01)") }));
  test("sees a restart from further back than what was committed", () => {
    const events = vanished().map((event) => (event.type === "ownership-taken" && event.epoch === 2 ? { ...event, fromPercent: 25 } : event));
    expect(check("lost-work", `${VANISH}expect: {lostWorkSeconds: 0}\n`, events)).toMatchObject({ status: "fail" });
  });
  test("counts loss that no fault brought about", () => expect(check("lost-work", "expect: {lostWorkSeconds: 0}\n", without("fault-injected"))).toMatchObject({ status: "fail" }));
});

describe("pause", () => {
  const bounded = (most: number): string => `${VANISH}expect: {pauseSeconds: {atMost: ${most}}}\n`;
  test("is from the strike to the first work of the next attempt", () => {
    expect(check("pause", bounded(46), vanished())).toMatchObject({ status: "pass" });
    expect(check("pause", bounded(40), vanished())).toMatchObject({ status: "fail", detail: "expected a pause of at most 40 s; seen: 46 s after vanish of job at 2:15", atSeconds: 135 });
  });
  test("is unknown when no attempt followed", () => {
    const events = vanished().filter((event) => event.atSeconds < 170);
    expect(check("pause", bounded(10), events)).toMatchObject({ status: "unknown", detail: expect.stringContaining("no interruption was followed") });
  });
});

describe("what is counted", () => {
  test("runs of the job's command", () => {
    expect(check("runs", `${VANISH}expect: {runs: 2}\n`, vanished())).toMatchObject({ status: "pass", detail: "2 run(s) of the command" });
    expect(check("runs", `${VANISH}expect: {runs: {atMost: 1}}\n`, vanished())).toMatchObject({ status: "fail", detail: "expected at most 1 run(s) of the command of job; seen: 2" });
  });
  test("checkpoints", () => {
    expect(check("checkpoints", `${VANISH}expect: {checkpoints: 3}\n`, vanished())).toMatchObject({ status: "pass" });
    expect(check("checkpoints", `${VANISH}expect: {checkpoints: 4}\n`, vanished())).toMatchObject({ status: "fail", detail: expect.stringContaining("seen: 3") });
  });
});

describe("within-limits", () => {
  const timing = { launchSeconds: 10, bootSeconds: 35, eventDeliverySeconds: 1, shutdownGraceSeconds: 10 };
  const verdict = (changes: Partial<typeof timing>) => runChecks({ ...history(VANISH, vanished()), timing: { ...timing, ...changes } }).find((result) => result.name === "within-limits");
  test("passes when each interruption cost what physics takes", () => expect(verdict({})).toMatchObject({ status: "pass", detail: "the interruption kept its limits" }));
  test("fails with the limit, and what it is made of", () => {
    expect(verdict({ bootSeconds: 20 })).toMatchObject({ status: "fail", atSeconds: 135,
      detail: expect.stringContaining("a pause of at most 35 s by the vanish of job at 2:15 (pause: launch 10 s + boot 20 s + 5 s + restore 0 s; lost work: interval 120 s + save 3 s); seen: 46 s") });
  });
  test("fails for more lost than an interval and a save", () => {
    const yaml = `${VANISH}job: {checkpointMinutes: 1}\n`;
    expect(check("within-limits", yaml, vanished())).toMatchObject({ status: "fail", detail: expect.stringContaining("a loss of at most 63 s") });
  });
  test("says nothing without an interruption", () => expect(check("within-limits", "", without("fault-injected"))).toBeUndefined());
});

test("virtual-time fails for a run that took too long", () => expect(check("virtual-time", "expect: {virtualSeconds: {atMost: 480}}\n", vanished())).toMatchObject({ status: "fail", detail: expect.stringContaining("556 s") }));

describe("spot-request-status", () => {
  const yaml = `${VANISH}expect: {spotRequestStatus: [fulfilled, marked-for-termination]}\n`;
  const status = (code: string, atSeconds: number, sir = "sir-a"): HistoryEvent => ({ type: "spot-request-status", job: "job", spotRequestId: sir, code, atSeconds });
  test("passes when the codes come in order, whatever else comes", () => expect(check("spot-request-status", yaml, [...vanished(), status("fulfilled", 1), status("other", 50), status("marked-for-termination", 135)])).toMatchObject({ status: "pass" }));
  test("fails for another order", () => expect(check("spot-request-status", yaml, [...vanished(), status("marked-for-termination", 1), status("fulfilled", 135)])).toMatchObject({ status: "fail", detail: expect.stringContaining("seen: marked-for-termination -> fulfilled") }));
  test("does not count another instance's request", () => expect(check("spot-request-status", yaml, [...vanished(), status("fulfilled", 1, "sir-b"), status("marked-for-termination", 135, "sir-b")])).toMatchObject({ status: "fail" }));
});

describe("interruption-timeline", () => {
  const yaml = "faults: [{kind: price-rise, toTimesMaximum: 2, at: {percent: 25}}]\nexpect: {interruptionTimeline: true}\n";
  interface Times { marked?: number; names?: string; seen?: number; saved?: number; uploaded?: number; ended?: number; code?: string }
  /** Struck at 2:15 of a run that began at midnight; every step may be moved. */
  const timeline = ({ marked = 135, names = "2026-01-05T00:04:15.000Z", seen = 139.5, saved = 143, uploaded = 144, ended = 255, code = "instance-terminated-by-price" }: Times = {}, told = "notice", more = "") => {
    const status = (status: string, atSeconds: number): HistoryEvent => ({ type: "spot-request-status", job: "job", spotRequestId: "sir-a", code: status, atSeconds });
    const log = (message: string, atSeconds: number, fields = {}): HistoryEvent => ({ type: "agent-log", job: "job", launch: 1, instanceId: A, level: "info", message, fields, atSeconds });
    const events = [
      launched(1, A, 0), status("fulfilled", 1), struck("price-rise", A, 135, 25), status("marked-for-termination", marked), log(told, seen, { at: names }), log("committed", saved),
      { type: "instance-state", job: "job", instanceId: A, state: "shutting-down", atSeconds: ended } as const, status(code, ended + 1),
    ];
    return check("interruption-timeline", yaml + more, events, [final({ finalLogs: [{ key: "k", launch: 1, instanceId: A, uploadedSeconds: uploaded }] })]);
  };
  test("passes with each step and its time", () => expect(timeline()).toMatchObject({
    status: "pass", detail: "+0:00 marked-for-termination, +0:04.5 the agent has seen it, +0:08 its save is committed, +0:09 its final log is uploaded, +2:01 instance-terminated-by-price",
  }));
  describe("without a notice", () => {
    const lost = (times: Times) => timeline({ seen: 255, saved: 258, uploaded: 258, ended: 259, ...times }, "terminate", "region: {noticeInMetadata: false}\n");
    test("passes when the signal comes at two minutes, and the save after it", () => expect(lost({})).toMatchObject({
      status: "pass", detail: "+0:00 marked-for-termination, +2:00 the shutdown's signal, +2:03 its save is committed, +2:03 its final log is uploaded, +2:05 instance-terminated-by-price",
    }));
    test("fails for a signal before its time, or after it", () => {
      expect(lost({ seen: 200 })).toMatchObject({ status: "fail", detail: "expected the shutdown's signal at +2:00; seen: +1:05" });
      expect(lost({ seen: 258 })).toMatchObject({ status: "fail" });
    });
  });
  test.each<[string, Times, string]>([
    ["a mark that comes late", { marked: 140 }, "marked-for-termination within 1 s of the fault"],
    ["another time than two minutes ahead", { names: "2026-01-05T00:03:15.000Z" }, "which is +1:00"],
    ["an agent that looks too rarely", { seen: 145 }, "the agent has seen it"],
    ["a save after the end", { saved: 260 }, "its save is committed"],
    ["no save at all", { saved: 130 }, "to commit a checkpoint after the notice"],
    ["a log after the end", { uploaded: 257 }, "its final log is uploaded"],
    ["an instance that stays", { ended: 300 }, "instance-terminated-by-price"],
    ["a request that does not say why", { code: "request-canceled-and-instance-running" }, "to be gone, and its request to say why"],
  ])("fails for %s", (_, times, told) => expect(timeline(times)).toMatchObject({ status: "fail", detail: expect.stringContaining(told) as string }));
});

test("final-logs fails where the struck instance has none", () => {
  expect(check("final-logs", `${VANISH}expect: {finalLogs: true}\n`, vanished())).toMatchObject({ status: "fail", detail: expect.stringContaining(A) });
  expect(check("final-logs", `${VANISH}expect: {finalLogs: true}\n`, vanished(), [final({ finalLogs: [{ key: "k", launch: 1, instanceId: A }] })])).toMatchObject({ status: "pass" });
});

test("log-events fails with what the log does say", () => {
  const log = (message: string): HistoryEvent => ({ type: "agent-log", job: "job", launch: 1, instanceId: A, level: "info", message, fields: {}, atSeconds: 140 });
  const yaml = `${VANISH}expect: {logEvents: [superseded]}\n`;
  expect(check("log-events", yaml, [...vanished(), log("notice")])).toMatchObject({ status: "fail", detail: expect.stringContaining("seen: notice") });
  expect(check("log-events", yaml, [...vanished(), log("superseded")])).toMatchObject({ status: "pass" });
  expect(check("log-events", "expect: {logEvents: [superseded]}\n", [log("notice")])).toMatchObject({ status: "fail", detail: expect.stringContaining("final log of job") });
  expect(check("log-events", "expect: {logEvents: [superseded]}\n", [log("superseded")])).toMatchObject({ status: "pass" });
});

describe("deregistered", () => {
  const yaml = `${VANISH}expect: {deregistered: true}\n`;
  const log = (message: string, atSeconds: number, instanceId = A): HistoryEvent => ({ type: "agent-log", job: "job", launch: 1, instanceId, level: "info", message, fields: {}, atSeconds });
  const instances = [{ instanceId: A, launch: 1, state: "terminated", lifecycle: "spot" as const, launchedSeconds: 0, endedSeconds: 140 }];
  const orderly = [log("job-started", 45), log("registered", 45), log("deregistered", 130)];
  const run = (logs: HistoryEvent[], targets?: TargetState[]) =>
    runChecks({ ...history(yaml, [...vanished(), ...logs], [final({ instances })]), ...(targets === undefined ? {} : { targets }) }).find((result) => result.name === "deregistered");
  test("passes when each instance left before its end", () => expect(run(orderly, [{ instanceId: A, state: "draining" }])).toMatchObject({ status: "pass" }));
  test("fails when one is still a target", () => {
    expect(run(orderly, [{ instanceId: A, state: "unused", reason: "Target.InvalidState" }])).toMatchObject({ status: "fail", detail: expect.stringContaining(`${A} is unused (Target.InvalidState)`) });
  });
  test("fails when one was not registered, not deregistered, or too late", () => {
    expect(run(orderly.slice(0, 1), [])).toMatchObject({ status: "fail", detail: expect.stringContaining("to be registered") });
    expect(run(orderly.slice(0, 2), [])).toMatchObject({ status: "fail", detail: expect.stringContaining("to be deregistered") });
    expect(run([...orderly.slice(0, 2), log("deregistered", 200)], [])).toMatchObject({ status: "fail", detail: expect.stringContaining("before its end") });
  });
  test("is unknown without a target group, or when nothing worked", () => {
    expect(run(orderly)).toMatchObject({ status: "unknown" });
    expect(run([], [])).toMatchObject({ status: "unknown" });
  });
});

describe("instances-gone", () => {
  const yaml = "faults: [{kind: stop-execution, at: {percent: 25}}]\nexpect: {instancesGoneWithinSeconds: 10}\n";
  const stopped = (goneAt: number): HistoryEvent[] => [launched(1, A, 0), struck("stop-execution", undefined, 135, 25), { type: "instance-state", job: "job", instanceId: A, state: "shutting-down", atSeconds: goneAt }];
  test("passes within the limit", () => expect(check("instances-gone", yaml, stopped(144))).toMatchObject({ status: "pass" }));
  test("fails beyond it", () => expect(check("instances-gone", yaml, stopped(150))).toMatchObject({ status: "fail", detail: expect.stringContaining(`${A} ran until 2:30`), atSeconds: 145 }));
});

test("instances-at-once fails where two are there at the same moment", () => {
  const yaml = `${VANISH}expect: {instancesAtOnce: 1}\n`;
  expect(check("instances-at-once", yaml, vanished())).toMatchObject({ status: "pass" });
  expect(check("instances-at-once", yaml, without("instance-state"))).toMatchObject({ status: "fail", atSeconds: 136 });
});

describe("untouched-job", () => {
  const yaml = "jobs: [{name: armed}, {name: spared}]\nfaults: [{kind: vanish, job: armed, at: {percent: 25}}]\n";
  test("passes for one attempt", () => expect(check("untouched-job", yaml, [launched(1, A, 0, "spared")], [final({}, "armed"), final({}, "spared")])).toMatchObject({ status: "pass" }));
  test("fails for two", () => expect(check("untouched-job", yaml, [launched(1, A, 0, "spared"), launched(2, B, 9, "spared")], [final({}, "armed"), final({}, "spared")])).toMatchObject({ status: "fail", detail: expect.stringContaining("spared, which no fault was meant for") }));
  test("says nothing about a single job", () => expect(check("untouched-job", VANISH, vanished())).toBeUndefined());
});

describe("work-chain", () => {
  const saved = (changes: object) => [final({ workload: { jobId: "x", unitsDone: 360, unitsTotal: 360, digest: chainDigest("x", 360), ...changes } })];
  test("is the chain of the job contract", () => expect(chainDigest("x", 2)).toBe("6efd26329fd69d1023361cf7695957bd260993a6f6f70ed22cd67ec4043a0d6e"));
  test("fails for a digest of other units", () => expect(check("work-chain", VANISH, vanished(), saved({ digest: chainDigest("x", 359) }))).toMatchObject({ status: "fail", detail: expect.stringContaining("units were skipped, repeated or out of order") }));
  test("fails for units that are missing", () => expect(check("work-chain", VANISH, vanished(), saved({ unitsDone: 350 }))).toMatchObject({ status: "fail", detail: expect.stringContaining("seen: 350") }));
  test("fails for another job's save", () => expect(check("work-chain", VANISH, vanished(), saved({ jobId: "y" }))).toMatchObject({ status: "fail" }));
  test("fails for a checkpoint that cannot be read back", () => expect(check("work-chain", VANISH, vanished(), [final({ checkpointProblem: "it is gone" })])).toMatchObject({ status: "fail", detail: expect.stringContaining("it is gone") }));
  test("is unknown for a job that is not the default workload", () => expect(check("work-chain", VANISH, vanished(), [final({ workload: undefined })])).toMatchObject({ status: "unknown", detail: expect.stringContaining("no state.json") }));
});

describe("permitted", () => {
  const refusals = [{ principal: "spotproof-watcher", action: "dynamodb:GetItem", resource: "arn:table", message: "", where: "inline policy spotproof-watcher of role spotproof-watcher", add: '{"Effect":"Allow"}', count: 1 }];
  test("fails for a call that IAM refused, with who, what and the line to add", () => expect(runChecks({ ...history(VANISH, vanished()), refusals }).find(({ name }) => name === "permitted")).toMatchObject({
    status: "fail", detail: expect.stringMatching(/spotproof-watcher may not dynamodb:GetItem on arn:table\n {2}add to the inline policy spotproof-watcher of role spotproof-watcher: {"Effect":"Allow"}/),
  }));
  test("passes when there is none", () => expect(runChecks({ ...history(VANISH, vanished()), refusals: [] }).find(({ name }) => name === "permitted")).toMatchObject({ status: "pass" }));
  test("says nothing where the target cannot tell", () => expect(check("permitted", VANISH, vanished())).toBeUndefined());
});

test("nothing-left-running fails for an instance that runs", () =>
  expect(check("nothing-left-running", VANISH, vanished(), [final({ instances: [{ instanceId: B, launch: 2, state: "running", launchedSeconds: 9, lifecycle: "spot" }] })])).toMatchObject({ status: "fail", detail: expect.stringContaining(`${B} is running`) }));

describe("no-superseded-write", () => {
  test("fails for a commit of an earlier epoch", () => expect(check("no-superseded-write", VANISH, [...vanished(), committed(1, 4, 30, 200)])).toMatchObject({ status: "fail", atSeconds: 200, detail: expect.stringContaining("writes of epoch 1 to be refused, since epoch 2 owns job") }));
  test("fails for a release of an earlier epoch", () => expect(check("no-superseded-write", VANISH, [...vanished(), { type: "ownership-released", job: "job", epoch: 1, instanceId: A, reason: "finished", atSeconds: 200 }])).toMatchObject({ status: "fail" }));
  test("fails for progress in the ledger that falls while the owner stays", () => {
    const report = (percent: number, atSeconds: number): HistoryEvent => ({ type: "progress-reported", job: "job", epoch: 2, percent, atSeconds });
    expect(check("no-superseded-write", VANISH, [...vanished(), report(40, 330), report(26, 331)])).toMatchObject({ status: "fail", detail: expect.stringContaining("26% at 5:31 after 40%") });
  });
  test("lets the owner run the job again, from what is committed", () => {
    const report = (percent: number, atSeconds: number): HistoryEvent => ({ type: "progress-reported", job: "job", epoch: 2, percent, atSeconds });
    const again = (percent: number, atSeconds: number): HistoryEvent => ({ type: "agent-log", job: "job", launch: 2, instanceId: B, level: "info", message: "restored", fields: { epoch: 2, percent }, atSeconds });
    const reports = [report(40, 330), report(34, 341)];
    expect(check("no-superseded-write", VANISH, [...vanished(), again(0, 181), again(33.3333, 338), ...reports])).toMatchObject({ status: "pass" });
    expect(check("no-superseded-write", VANISH, [...vanished(), again(0, 181), again(36, 338), ...reports])).toMatchObject({ status: "fail" });
    expect(check("no-superseded-write", VANISH, [...vanished(), again(0, 181), again(33.3333, 200), ...reports])).toMatchObject({ status: "fail" });
  });
  test("fails for a takeover that does not raise the epoch", () => expect(check("no-superseded-write", VANISH, [...vanished(), taken(2, A, 300)])).toMatchObject({ status: "fail" }));
});

describe("metrics-monotonic", () => {
  test("fails for progress that goes back within an attempt", () => expect(check("metrics-monotonic", VANISH, [...vanished(), ...samples(350, 350, 34, 33.3333)])).toMatchObject({ status: "fail", detail: expect.stringContaining("progress of job never to go back within a run of it, epoch 2") }));
  test("fails for a committed percentage that goes back", () => expect(check("metrics-monotonic", VANISH, [...vanished(), ...samples(350, 350, 50, 0)])).toMatchObject({ status: "fail", detail: expect.stringContaining("committed of job") }));
  test("lets a new attempt begin further back", () => expect(check("metrics-monotonic", VANISH, vanished())).toMatchObject({ status: "pass" }));
  test("is unknown without a sample", () => expect(check("metrics-monotonic", VANISH, without("progress"))).toMatchObject({ status: "unknown" }));
});

describe("resumes-from-checkpoint", () => {
  const resumed = (fromPercent: number) => [taken(1, A, 45), ...samples(45, 165, 0, 0), committed(1, 1, 33.3333, 168), struck("vanish", A, 169, 33.3333), taken(2, B, 215), ...samples(215, 455, fromPercent, fromPercent)];
  test("passes when the next attempt goes on from the checkpoint", () => expect(check("resumes-from-checkpoint", VANISH, resumed(33.3333))).toMatchObject({ status: "pass" }));
  test("fails when it starts over, however little that costs", () => expect(check("resumes-from-checkpoint", VANISH, resumed(0))).toMatchObject({ status: "fail", atSeconds: 215, detail: expect.stringContaining("33.3333%") }));
});

describe("committed-never-decreases", () => {
  test("fails for a smaller commit", () => expect(check("committed-never-decreases", VANISH, [...vanished(), committed(2, 4, 30, 552)])).toMatchObject({ status: "fail", detail: expect.stringContaining("never to fall below 100%") }));
  test("fails for a number that comes again", () => expect(check("committed-never-decreases", VANISH, [...vanished(), committed(2, 3, 100, 552)])).toMatchObject({ status: "fail" }));
});

describe("alarms", () => {
  const rang = (alarm: string): HistoryEvent => ({ type: "alarm-state", alarm, state: "ALARM", reason: "Threshold Crossed", atSeconds: 200 });
  test("fails for one that nobody asked for, with its reason", () => expect(check("alarms", VANISH, [...vanished(), rang("swept")])).toMatchObject({ status: "fail", atSeconds: 200, detail: "expected no alarm to go off; seen: swept at 3:20: Threshold Crossed" }));
  test("fails for one that was asked for and kept silent", () => expect(check("alarms", `${VANISH}expect: {alarms: [swept, no-progress]}\n`, [...vanished(), rang("swept")])).toMatchObject({ status: "fail", detail: "expected the alarm no-progress to go off; seen: only swept" }));
  test("passes when those went off that should", () => expect(check("alarms", `${VANISH}expect: {alarms: [swept]}\n`, [...vanished(), rang("swept"), rang("swept")])).toMatchObject({ status: "pass", detail: "swept" }));
});
