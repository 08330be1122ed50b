import { runChecks } from "../../../harness/checks";
import type { HistoryEvent } from "../../../harness/model/history";
import { A, B, committed, final, history, struck, vanished, VANISH } from "./hand-written";

const check = (name: string, yaml: string, events: HistoryEvent[] = vanished(), finals = [final()]) => runChecks(history(yaml, events, finals)).find((result) => result.name === name);

describe("checkpoints-pruned", () => {
  const left = (...keys: string[]) => [final({ checkpoints: keys.map((key) => ({ key, sizeBytes: 1, lastModifiedSeconds: 0 })), ledger: { finished: true, last: { key: "c" }, previous: { key: "b" } } })];
  test("passes when the last two are left, or fewer", () => {
    expect(check("checkpoints-pruned", VANISH, vanished(), left("b", "c"))).toMatchObject({ status: "pass" });
    expect(check("checkpoints-pruned", VANISH, vanished(), left("c"))).toMatchObject({ status: "pass" });
  });
  test("fails with what is left besides", () => expect(check("checkpoints-pruned", VANISH, vanished(), left("a", "b", "c"))).toMatchObject({ status: "fail", detail: "expected only the last two checkpoints to be left; seen: also a" }));
  test("says nothing of a job that has not finished", () => expect(check("checkpoints-pruned", VANISH, vanished(), [final({ ledger: { last: { key: "c" } } })])).toBeUndefined());
});

describe("checkpoints-untouched", () => {
  const key = "jobs/x/2-3-u";
  const written = (lastModifiedSeconds: number) => [final({ checkpoints: [{ key, sizeBytes: 1, lastModifiedSeconds }] })];
  test("passes when what is left is as old as its commit", () => expect(check("checkpoints-untouched", VANISH, vanished(), written(550.9))).toMatchObject({ status: "pass" }));
  test("fails when it is younger", () => expect(check("checkpoints-untouched", VANISH, vanished(), written(553))).toMatchObject({ status: "fail", detail: expect.stringContaining("it was written at 9:13") }));
  test("fails when a key is committed twice", () => {
    expect(check("checkpoints-untouched", VANISH, [...vanished(), committed(2, 3, 100, 552)])).toMatchObject({ status: "fail", detail: expect.stringContaining("again") });
  });
  test("says nothing of what a fault has damaged", () => {
    expect(check("checkpoints-untouched", VANISH, [...vanished(), struck("checkpoint-damage", A, 552, 100)], written(553))).toMatchObject({ status: "pass" });
  });
});

test("never-committed counts what was pruned without ever having been committed", () => {
  const pruned = (...keys: string[]): HistoryEvent => ({ type: "agent-log", job: "job", launch: 2, instanceId: B, level: "info", message: "pruned", fields: { keys }, atSeconds: 551 });
  const verdict = (bounds: string, ...more: HistoryEvent[]) => check("never-committed", `${VANISH}expect: {neverCommitted: ${bounds}}\n`, [...vanished(), ...more]);
  expect(verdict("1", pruned("jobs/x/2-1-u", "jobs/x/1-1-v"), pruned("jobs/x/1-1-v"))).toMatchObject({ status: "pass" });
  expect(verdict("1", pruned("jobs/x/2-1-u"))).toMatchObject({ status: "fail", detail: expect.stringContaining("seen: 0") });
});

describe("log-events-of-any", () => {
  const yaml = `${VANISH}expect: {logEventsOfAny: [restored, pruned]}\n`;
  const log = (instanceId: string, message: string): HistoryEvent => ({ type: "agent-log", job: "job", launch: 1, instanceId, level: "info", message, fields: {}, atSeconds: 1 });
  test("passes whichever instances told it", () => expect(check("log-events-of-any", yaml, [...vanished(), log(A, "restored"), log(B, "pruned")])).toMatchObject({ status: "pass" }));
  test("fails with what none told", () => expect(check("log-events-of-any", yaml, [...vanished(), log(B, "restored")])).toMatchObject({ status: "fail", detail: expect.stringContaining("to tell of pruned") }));
});

test("a run may go on from the checkpoint before, when the last one was damaged, and from none further back", () => {
  const committed = (percent: number, atSeconds: number): HistoryEvent => ({ type: "checkpoint-committed", job: "job", epoch: 1, sequence: percent, percent, key: String(percent), atSeconds } as HistoryEvent);
  const events = vanished().filter(({ type }) => type !== "checkpoint-committed");
  const verdict = (...more: HistoryEvent[]) => check("resumes-from-checkpoint", VANISH, [...events, ...more].sort((a, b) => a.atSeconds - b.atSeconds));
  const damage = struck("checkpoint-damage", A, 130, 20);
  expect(verdict(committed(20, 100))).toMatchObject({ status: "fail" });
  expect(verdict(committed(20, 100), damage)).toMatchObject({ status: "pass" });
  expect(verdict(committed(10, 60), committed(20, 100), damage)).toMatchObject({ status: "fail", detail: expect.stringContaining("from the 10%") });
});
