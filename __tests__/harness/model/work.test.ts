import fc from "fast-check";
import { editDistance, nearest } from "../../../harness/model/nearest";
import { percentAfter, secondsUntil } from "../../../harness/model/work";

const job = { name: "job", durationMinutes: 6, checkpointMinutes: 2, saveSeconds: 3 };
const start = { percent: 0, savedPercent: 0 };

test("work goes on at one second a second", () => expect(percentAfter(job, start, 90)).toBeCloseTo(25));
test("a save stops it", () => {
  expect(secondsUntil(job, start, 50)).toBeCloseTo(183);
  expect(percentAfter(job, start, 121.5)).toBeCloseTo(100 / 3);
  expect(percentAfter(job, start, 183)).toBeCloseTo(50);
});
test("the save at the very point is still to come", () => expect(secondsUntil(job, start, 100 / 3)).toBeCloseTo(120));
test("what is saved is not saved again", () => {
  expect(secondsUntil(job, { percent: 100 / 3, savedPercent: 100 / 3 }, 50)).toBeCloseTo(60);
  expect(secondsUntil(job, { percent: 100 / 3, savedPercent: 0 }, 50)).toBeCloseTo(63);
});
test("a save in between, as on a notice, changes no later one", () => expect(secondsUntil(job, { percent: 38, savedPercent: 38 }, 70)).toBeCloseTo(0.32 * 360 + 3));
test("what is reached takes no time", () => expect(secondsUntil(job, { percent: 40, savedPercent: 0 }, 30)).toBe(0));
test("work never exceeds the job", () => expect(percentAfter(job, start, 1e6)).toBe(100));

test("the two are each other's inverse, and work never goes back", () => {
  const jobs = fc.record({ name: fc.constant("j"), durationMinutes: fc.integer({ min: 1, max: 600 }), checkpointMinutes: fc.integer({ min: 1, max: 90 }), saveSeconds: fc.integer({ min: 0, max: 60 }) });
  fc.assert(fc.property(jobs, fc.double({ min: 0, max: 99, noNaN: true }), fc.double({ min: 0.01, max: 1, noNaN: true }), (spec, from, share) => {
    const standing = { percent: from, savedPercent: Math.floor((from * spec.durationMinutes) / 100 / spec.checkpointMinutes) * spec.checkpointMinutes * (100 / spec.durationMinutes) };
    const to = from + share * (100 - from);
    expect(percentAfter(spec, standing, secondsUntil(spec, standing, to))).toBeCloseTo(to, 3);
    expect(percentAfter(spec, standing, 10)).toBeGreaterThanOrEqual(from - 1e-9);
  }), { numRuns: 200 });
});

test("a slip of the hand is told from another word", () => {
  expect(nearest("interupt", ["interrupt", "terminate"])).toBe("interrupt");
  expect(nearest("unint", ["uninterrupted", "terminated"])).toBe("uninterrupted");
  expect(nearest("banana", ["interrupt", "terminate"])).toBeUndefined();
  expect(editDistance("ab", "ba")).toBe(1);
});
