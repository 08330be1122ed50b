import { figuresOf } from "../../../harness/model/figures";
import type { History, HistoryEvent } from "../../../harness/model/history";
import { A, B, committed, final, history, launched, samples, struck, taken } from "../checks/hand-written";
import type { FaultKind } from "../../../harness/model/scenario";

const TIMING = { launchSeconds: 10, bootSeconds: 35, eventDeliverySeconds: 1, shutdownGraceSeconds: 10 };
const log = (message: string, instanceId: string, atSeconds: number, fields: Record<string, unknown>): HistoryEvent =>
  ({ type: "agent-log", job: "job", launch: 1, instanceId, level: "info", message, fields, atSeconds });

/** A works from 45 s on, is struck at 135 s, and B works from 181 s on; a commit took 0.5 s to store, a restore 2 s. */
const events = (kind: FaultKind, more: HistoryEvent[] = []): HistoryEvent[] => [
  launched(1, A, 0), taken(1, A, 45), ...samples(45, 130, 0, 0), struck(kind, A, 135, 25), log("committed", A, 138, { epoch: 1, seconds: 0.5 }),
  launched(2, B, 136), taken(2, B, 179, 25), log("took-over", B, 179, { epoch: 2 }), log("restored", B, 181, { epoch: 2, percent: 25 }), ...samples(181, 301, 25, 25), ...more,
];
const limits = (yaml: string, given: HistoryEvent[], changes: Partial<History> = {}) =>
  figuresOf({ ...history(yaml, given, [final({ heartbeatSeconds: 90 })]), timing: TIMING, ...changes }).interruptions.map((each) => each.limits);
const faultOf = (kind: FaultKind, more = ""): string => `faults: [{kind: ${kind}, at: {percent: 25}${more}}]\n`;

test.each<[string, FaultKind, string, string, number | null, number | null]>([
  ["a notice: handed over to a successor that boots meanwhile", "interrupt", "", "", 10 + 3.5 + 2, 0],
  ["a notice that comes as an event alone", "reclaim", "", "region: {noticeInMetadata: false}\n", 15.5, 0],
  ["a notice of which nothing tells: the shutdown's signal, two minutes later", "price-rise", ", toTimesMaximum: 2", "region: {noticeInMetadata: false, noticeEvents: 0}\n", 10 + 35 + 5 + 2, 0],
  ["a shutdown's signal", "terminate", "", "", 52, 0],
  ["a shutdown's signal, and a save that takes longer than the grace", "terminate", "", "job: {saveSeconds: 30}\n", 52, 120 + 30.5],
  ["a machine that is gone", "vanish", "", "", 52, 123.5],
  ["a machine that is gone, and no event tells", "vanish", "", "region: {stateChangeEvents: 0}\n", 90 + 45 + 2, 123.5],
  ["a machine that is gone, and a watcher that may not tell of it", "vanish", "", "region: {deniedAction: 'dynamodb:GetItem', deniedTo: watcher}\n", 90 + 45 + 2, 123.5],
  ["a machine that is gone, and a watcher that may not look at it", "vanish", "", "region: {deniedAction: 'ec2:DescribeInstances', deniedTo: watcher}\n", 137, 123.5],
  ["a machine that is gone, and a watcher that may not end the wait for it", "vanish", "", "region: {deniedAction: 'states:SendTaskFailure', deniedTo: watcher}\n", 137, 123.5],
  ["a machine that is gone, and a watcher that may not do what it need not do to tell of it", "vanish", "", "region: {deniedAction: 'dynamodb:UpdateItem', deniedTo: watcher}\n", 52, 123.5],
  ["a machine that is gone, and a sweeper that may not look at it", "vanish", "", "region: {deniedAction: 'ec2:DescribeInstances', deniedTo: sweeper}\n", 52, 123.5],
  ["a machine that stands still", "suspend", ", durationSeconds: 600", "", 137, 123.5],
  ["a machine that is cut off", "network-cut", ", durationSeconds: 600", "", 137, 123.5],
  ["a process killed", "kill-process", "", "", 15, 123.5],
  ["a recommendation, handed over", "rebalance", "", "", 15.5, 0],
])("%s", (_, kind, fields, conditions, pauseSeconds, lostWorkSeconds) => {
  expect(limits(conditions + faultOf(kind, fields), events(kind))).toEqual([{ pauseSeconds, lostWorkSeconds, because: expect.stringMatching(/^pause: .+; lost work: ./) }]);
});

test("a machine that is gone while storage answers with errors: until it answers again", () => {
  const yaml = "faults: [{kind: storage-errors, at: {percent: 24}, durationSeconds: 100}, {kind: vanish, at: {percent: 25}}]\n";
  const given = [struck("storage-errors", A, 130, 24), ...events("vanish").map((event) => (event.type === "fault-injected" ? { ...event, fault: 1 } : event))];
  expect(limits(yaml, given.sort((a, b) => a.atSeconds - b.atSeconds)).map(({ pauseSeconds }) => pauseSeconds)).toEqual([null, 230 + 5 - 135 + 2]);
});

test("a recommendation on which the owner saves and runs the job again costs that save", () => {
  const given = [launched(1, A, 0), taken(1, A, 45), log("fresh-start", A, 45, { epoch: 1 }), ...samples(45, 135, 0, 0), struck("rebalance", A, 135, 25), log("restored", A, 139, { epoch: 1, percent: 25 }), ...samples(139, 200, 25, 25)];
  const figures = figuresOf({ ...history(faultOf("rebalance"), given), timing: TIMING });
  expect(figures.interruptions).toMatchObject([{ pauseSeconds: 4, lostWorkSeconds: 0, limits: { pauseSeconds: 3 + 5, lostWorkSeconds: 0 } }]);
});

test("a job that had to be killed, since it did not save when it was asked to, may lose what a kill loses", () => {
  expect(limits(faultOf("interrupt"), events("interrupt", [log("job-killed", A, 150, { epoch: 1 })]))[0]).toMatchObject({ lostWorkSeconds: 123.5, because: expect.stringContaining("the job did not save when it was asked to") });
});

test("capacity that is gone before anything has been launched keeps nobody from working", () => {
  const given = events("vanish").map((event) => (event.type === "fault-injected" ? { ...event, fault: 1 } : event));
  const { instanceId: _, ...before } = struck("reclaim", A, 0, 0) as HistoryEvent & { instanceId: string };
  const yaml = "faults: [{kind: reclaim, pools: all, durationSeconds: 60, at: {beforeStart: true}}, {kind: vanish, at: {percent: 25}}]\n";
  expect(limits(yaml, [before as HistoryEvent, ...given]).map(({ pauseSeconds }) => pauseSeconds)).toEqual([null, 52]);
});

test("what the boot of a successor took is observed where nobody knows it beforehand", () => {
  const observed: HistoryEvent[] = [{ type: "instance-state", job: "job", instanceId: B, state: "running", atSeconds: 140 }, log("booted", B, 178, {})];
  expect(limits(faultOf("vanish"), events("vanish", observed), { timing: undefined } as never)[0]).toMatchObject({ pauseSeconds: 4 + 38 + 5 + 2, because: expect.stringContaining("launch 4 s + boot 38 s") });
});

describe("without capacity for a successor", () => {
  const refused = (from: number, to: number): HistoryEvent[] => Array.from({ length: to - from }, (_, index) => ({ type: "launch-refused", job: "job", code: "InsufficientInstanceCapacity", message: "", atSeconds: from + index }));
  const late = (launchedAt: number): HistoryEvent[] => [
    launched(1, A, 0), taken(1, A, 45), ...samples(45, 240, 0, 0), committed(1, 1, 20, 120), struck("interrupt", A, 135, 25), ...refused(137, launchedAt),
    launched(2, B, launchedAt), taken(2, B, launchedAt + 46, 54), ...samples(launchedAt + 46, launchedAt + 100, 54, 54),
  ];
  test("the owner works until its last safe moment, however long the successor takes", () => {
    // It saves at 135 + 120 - 3 - 10 = 242 s, and works until then.
    expect(limits(faultOf("interrupt"), late(300))[0]).toMatchObject({ pauseSeconds: 300 + 45 + 5 - 242, lostWorkSeconds: 0, because: expect.stringContaining("less the 107 s that there were to work on") });
  });
  test("an owner that has measured no save yet allows a minute for it", () => {
    const given = late(300).filter((event) => event.type !== "checkpoint-committed");
    expect(limits(faultOf("interrupt"), given)[0]).toMatchObject({ pauseSeconds: 300 + 45 + 5 - 185, because: expect.stringContaining("less the 50 s") });
  });
  test("a successor that comes in time makes it a handoff again", () => expect(limits(faultOf("interrupt"), late(150))[0]).toMatchObject({ pauseSeconds: 13 }));
});

describe("several interruptions at once", () => {
  const C = "i-0000000000000000c";
  const both = (kind: FaultKind, first: FaultKind = "interrupt"): HistoryEvent[] => [
    launched(1, A, 0), taken(1, A, 45), ...samples(45, first === "vanish" ? 130 : 232, 0, 0), committed(1, 1, 20, 120), struck(first, A, 135, 25), launched(2, B, 136), struck(kind, B, 170, 34, 1),
    launched(3, C, 172), taken(2, C, 235, 52), ...samples(236, 300, 52, 52),
  ];
  const faults = (first: FaultKind, second: FaultKind): string => `faults: [{kind: ${first}, at: {percent: 25}}, {kind: ${second}, at: {percent: 34}}]\n`;
  test("a successor that is lost while the owner still works costs no more than the handoff", () => {
    expect(limits(faults("interrupt", "vanish"), both("vanish")).map(({ pauseSeconds }) => pauseSeconds)).toEqual([13, 13]);
  });
  test("one that is lost when nobody works has to be launched anew", () => {
    // Known at 175 s, up at 220 s: 85 s after the first fault, 50 s after the second.
    expect(limits(faults("vanish", "vanish"), both("vanish", "vanish")).map(({ pauseSeconds }) => pauseSeconds)).toEqual([85, 50]);
  });
  test("before anyone works there is nothing to hand over", () => {
    const given = [launched(1, A, 0), struck("vanish", A, 12, 0), launched(2, B, 13), taken(1, B, 58), ...samples(58, 100, 0, 0)];
    expect(limits(faultOf("vanish"), given)).toMatchObject([{ pauseSeconds: 50, lostWorkSeconds: 0 }]);
  });
  test("an owner that stands still during its handoff is waited for until its notice is over", () => {
    const given = [launched(1, A, 0), taken(1, A, 45), ...samples(45, 150, 0, 0), struck("interrupt", A, 135, 25), launched(2, B, 136), struck("suspend", A, 155, 30, 1), taken(2, B, 256, 0), ...samples(257, 300, 0, 0)];
    const yaml = "faults: [{kind: interrupt, at: {percent: 25}}, {kind: suspend, durationSeconds: 3600, at: {phase: handoff}}]\n";
    expect(limits(yaml, given)[1]).toMatchObject({ pauseSeconds: 100 + 5, lostWorkSeconds: 123, because: expect.stringContaining("the notice's end after 100 s + 5 s") });
  });
  test("a successor that is lost as it takes over leaves nobody who works", () => {
    const given = [launched(1, A, 0), taken(1, A, 45), ...samples(45, 182, 0, 0), committed(1, 1, 20, 120), struck("interrupt", A, 135, 25), launched(2, B, 136),
      log("released", A, 185, { epoch: 1 }), taken(2, B, 186, 38), struck("vanish", B, 186, 38, 1), launched(3, C, 187), taken(3, C, 232, 38), ...samples(233, 300, 38, 38)];
    // Of the owner's interruption the handoff was due as well; of the successor's only what came after it.
    expect(limits(faults("interrupt", "vanish"), given).map(({ pauseSeconds }) => pauseSeconds)).toEqual([13 + 50, 50]);
  });
  test("a successor that has its notice as it is to take over has two minutes to work itself", () => {
    const given = [launched(1, A, 0), taken(1, A, 45), ...samples(45, 182, 0, 0), committed(1, 1, 20, 120), struck("interrupt", A, 135, 25), launched(2, B, 136), struck("reclaim", B, 184, 38, 1),
      log("released", A, 185, { epoch: 1 }), launched(3, C, 186), taken(2, B, 187, 38), ...samples(188, 230, 38, 38), taken(3, C, 235, 52), ...samples(236, 300, 52, 52)];
    expect(limits(faults("interrupt", "reclaim"), given)[1]).toMatchObject({ pauseSeconds: 13 });
  });
  test("one that has its notice while it boots is granted the rest of its boot", () => {
    const given = [launched(1, A, 0), struck("reclaim", A, 20, 0), launched(2, B, 21), taken(1, A, 46), ...samples(47, 66, 0, 0), taken(2, B, 67, 9), ...samples(68, 100, 9, 9)];
    expect(limits(faultOf("reclaim"), given)).toMatchObject([{ pauseSeconds: 45 + 5 - 20 }]);
  });
  test("what struck the successor can lose no work", () => expect(limits(faults("interrupt", "vanish"), both("vanish"))[1]).toMatchObject({ lostWorkSeconds: 0 }));
});
