/** What the out-of-memory killer does when it cannot help: it says so once, and nobody waits for it again. */
import type { Held } from "../../../../harness/region/guest/memory";
import { OomKiller, type Victims } from "../../../../harness/region/guest/oom-killer";

const held: Held = { pid: 7, bytes: 200, badBytes: 200, virtualBytes: 200, anonBytes: 200, fileBytes: 0, sharedBytes: 0, tablesBytes: 0 };
const panics: string[] = [];
beforeEach(() => panics.splice(0));

/** Of a memory that is spent until process 7 has gone. */
function killer(victims: Pick<Victims, "candidate" | "end">): OomKiller {
  let isSpent = true;
  const memory = { bytes: 100, spentBy: () => (isSpent ? [held] : undefined), forget: () => { isSpent = false; } };
  const bound = { bytes: 100, unitScore: () => 0, givenScore: () => undefined, killing: () => undefined, gone: () => undefined };
  return new OomKiller(memory, bound, { ...victims, panic: (text) => panics.push(text) });
}
const candidate = (oomScoreAdjust: number) => () => ({ unit: "work", name: "eats", oomScoreAdjust });
const pids = (): number[] => [7];

it("ends a process, and is asked again when memory is spent again", async () => {
  const ended: number[] = [];
  const it_ = killer({ candidate: candidate(0), end: async (pid) => ended.push(pid) });
  const relief = it_.relieve(pids);
  expect(it_.relieve(pids)).toBe(relief);
  await relief;
  expect(it_.relieve(pids)).toBeUndefined();
  expect([ended, panics]).toEqual([[7], []]);
});

it("that may end nothing says so once: memory stays spent, and nobody waits for it", async () => {
  const it_ = killer({ candidate: candidate(-1000), end: async () => undefined });
  await it_.relieve(pids);
  expect(it_.relieve(pids)).toBeUndefined();
  expect(panics).toEqual(["its processes hold more than its memory of 100 bytes, and none of them may be ended: a kernel would panic, and a guest has none"]);
});

it("whose kill fails says so once, and does not reject", async () => {
  const it_ = killer({ candidate: candidate(0), end: () => Promise.reject(new Error("no such guest")) });
  await expect(it_.relieve(pids)).resolves.toBeUndefined();
  expect(it_.relieve(pids)).toBeUndefined();
  expect(panics).toEqual(["its processes hold more than its memory of 100 bytes, and one of them could not be ended: no such guest"]);
});
