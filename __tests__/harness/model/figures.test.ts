import { figuresOf } from "../../../harness/model/figures";
import type { HistoryEvent } from "../../../harness/model/history";
import { A, B, committed, final, history, launched, samples, struck, taken, vanished, VANISH } from "../checks/hand-written";

test("a kill costs what was not committed, and the time until the next attempt works", () => {
  const { interruptions, attempts, percent, lostWorkSeconds } = figuresOf(history(VANISH, vanished()));
  expect({ attempts, percent, lostWorkSeconds }).toEqual({ attempts: 2, percent: 100, lostWorkSeconds: 90 });
  expect(interruptions).toMatchObject([{ kind: "vanish", atSeconds: 135, job: "job", atPercent: 25, pauseSeconds: 46, lostWorkSeconds: 90 }]);
});

describe("a notice that is answered by a save", () => {
  const noticed = (until: number): HistoryEvent[] => {
    const reached = ((until - 45) / 360) * 100;
    return [launched(1, A, 0), taken(1, A, 45), ...samples(45, until, 0, 0), struck("interrupt", A, 181, 37.7778), committed(1, 1, reached, until + 3),
      launched(2, B, until + 4), taken(2, B, until + 50, reached), ...samples(until + 50, until + 60, reached, reached)];
  };
  test("costs no work; its pause begins where the work ends, not where the notice came", () => {
    const [interruption] = figuresOf(history(VANISH, noticed(186))).interruptions;
    expect(interruption).toMatchObject({ lostWorkSeconds: 0, pauseSeconds: 50 });
  });
  test("is of the longest gap only", () => {
    const [interruption] = figuresOf(history(VANISH, noticed(200))).interruptions;
    expect(interruption!.pauseSeconds).toBe(50);
  });
});

test("samples that come rarely do not look like pauses", () => {
  const sparse = [launched(1, A, 0), taken(1, A, 45), ...samples(45, 345, 0, 0).filter((_, index) => index % 60 === 0), struck("vanish", A, 345, 83.3333),
    launched(2, B, 346), taken(2, B, 390), ...samples(391, 691, 0, 0).filter((_, index) => index % 60 === 59)];
  const [interruption] = figuresOf(history(VANISH, sparse)).interruptions;
  expect(interruption!.pauseSeconds).toBeCloseTo(46, 0);
  expect(interruption!.lostWorkSeconds).toBeCloseTo(300, 0);
});

test("a takeover between two looks: a sample that falls back is the new owner's", () => {
  const events = vanished().map((event) => (event.type === "ownership-taken" && event.epoch === 2 ? { ...event, atSeconds: 181.75, notBeforeSeconds: 180.75 } : event));
  const [first, second] = figuresOf(history(VANISH, events)).jobs[0]!.runs;
  expect(first!.samples.at(-1)!.atSeconds).toBe(130);
  expect(second!.samples[0]!.atSeconds).toBe(181);
});

test("of two faults on one instance the last is what it cost", () => {
  const events = [...vanished(), struck("rebalance", A, 100, 15, 1)];
  expect(figuresOf(history(VANISH, events)).interruptions).toEqual([
    expect.objectContaining({ kind: "rebalance", pauseSeconds: null, lostWorkSeconds: 0 }),
    expect.objectContaining({ kind: "vanish", pauseSeconds: 46, lostWorkSeconds: 90 }),
  ]);
});

describe("a job that its owner runs again", () => {
  const killed = (log: boolean): HistoryEvent[] => {
    const restored = (percent: number, atSeconds: number): HistoryEvent[] => (log ? [{ type: "agent-log", job: "job", launch: 1, instanceId: A, level: "info", message: "restored", fields: { epoch: 1, percent }, atSeconds }] : []);
    return [launched(1, A, 0), taken(1, A, 45), ...restored(0, 45), ...samples(45, 165, 0, 0), committed(1, 1, 33.3333, 168), ...samples(168, 200, 33.3333, 33.3333), struck("kill-process", A, 200.5, 42.2222),
      ...restored(33.3333, 202.2), ...samples(202, 300, 33.3333, 33.3333)];
  };
  const KILL = "faults: [{kind: kill-process, process: job, at: {percent: 42}}]\n";
  test.each([["as its log tells", true], ["as its samples show, where the log is gone", false]])("loses what was not committed, and pauses until it works again: %s", (_, log) => {
    const { jobs, interruptions } = figuresOf(history(KILL, killed(log)));
    expect(jobs[0]!.runs.map(({ epoch, first, fromPercent }) => [epoch, first, fromPercent])).toEqual([[1, true, 0], [1, false, 33.3333]]);
    expect(interruptions).toMatchObject([{ kind: "kill-process" }]);
    expect(interruptions[0]!.lostWorkSeconds).toBeCloseTo(32, 0);
    expect(interruptions[0]!.pauseSeconds).toBeCloseTo(1.7, 0);
  });
  test("progress that goes back by itself is no further run", () => {
    const events = [...vanished(), ...samples(351, 351, 40, 33.3333)];
    expect(figuresOf(history(VANISH, events)).jobs[0]!.runs).toHaveLength(2);
  });
});

test("a former owner that is struck has nothing to lose any more", () => {
  const events = [...vanished(), struck("terminate", A, 250, 15, 1)];
  expect(figuresOf(history(VANISH, events)).interruptions[1]).toMatchObject({ pauseSeconds: null, lostWorkSeconds: 0 });
});

test("an instance struck before it owned anything loses nothing, and the pause lasts until someone works", () => {
  const events = [...vanished().filter((event) => event.atSeconds < 170), struck("vanish", B, 150, 0, 1), launched(3, "i-c", 152), taken(2, "i-c", 200), ...samples(200, 230, 0, 0)];
  const [first, second] = figuresOf(history(VANISH, events)).interruptions;
  expect(first).toMatchObject({ pauseSeconds: 65, lostWorkSeconds: 90 });
  expect(second).toMatchObject({ pauseSeconds: 50, lostWorkSeconds: 0 });
});

test("where no attempt follows there is no pause", () => {
  const events = vanished().filter((event) => event.atSeconds < 170);
  expect(figuresOf(history(VANISH, events, [final({ ledger: {} })])).interruptions[0]!.pauseSeconds).toBeNull();
});

test("of several jobs the lowest percent and the most attempts count", () => {
  const yaml = "jobs: [{name: a}, {name: b}]\n";
  const figures = figuresOf(history(yaml, [launched(1, A, 0, "a"), launched(1, B, 0, "b"), launched(2, "i-c", 0, "b")], [final({}, "a"), final({ ledger: { last: { percent: 40 } } }, "b")]));
  expect(figures).toMatchObject({ percent: 40, attempts: 2 });
});
