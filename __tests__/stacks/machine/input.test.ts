import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import jsonata from "jsonata";
import { parseScenario } from "../../../harness/model/scenario-file";
import { INPUT_FIELDS } from "../../../stacks/machine/input";
import { finish, machineFor, runMachine } from "./world";

/* eslint-disable @typescript-eslint/no-explicit-any */

describe("the input", () => {
  const good = { durationMinutes: 6, checkpointMinutes: 2 };
  it.each([
    [{}, /durationMinutes is missing.*checkpointMinutes is missing/],
    [{ ...good, durationMinutes: "6" }, /durationMinutes is 6; it must be a number of minutes/],
    [{ ...good, durationMinutes: -1 }, /durationMinutes is -1/],
    [{ ...good, durationMinutes: null }, /durationMinutes is null/],
    [{ ...good, durationMinutes: 1e9 }, /durationMinutes is 1e9|durationMinutes is 1000000000/],
    [{ ...good, checkpointMinutes: 0 }, /checkpointMinutes is 0/],
    [{ ...good, checkpointMinutes: [2] }, /checkpointMinutes is/],
    [{ ...good, saveSeconds: -1 }, /saveSeconds is -1; it must be a number of seconds from 0 to 3600/],
    [{ ...good, jobId: "a/b" }, /jobId is a\/b; it must be 1 to 80 letters/],
    [{ ...good, jobId: "" }, /jobId is/],
    [{ ...good, jobId: 7 }, /jobId is 7/],
    [{ ...good, checkpointMinute: 2 }, /there is no field checkpointMinute; fields are durationMinutes, checkpointMinutes, saveSeconds, saveMegabytes, deadlineMinutes, maxAttempts, maxInstanceHours, maxDollars, jobId/],
    [{ ...good, deadlineMinutes: 0 }, /deadlineMinutes is 0; it must be a number of minutes from 5/],
    [{ ...good, deadlineMinutes: "soon" }, /deadlineMinutes is soon/],
    [{ ...good, maxAttempts: 2.5 }, /maxAttempts is 2\.5; it must be a whole number from 1 to 400/],
    [{ ...good, maxAttempts: -3 }, /maxAttempts is -3/],
    [{ ...good, maxInstanceHours: true }, /maxInstanceHours is true; it must be a number of hours/],
    [{ ...good, maxDollars: 0 }, /maxDollars is 0; it must be a number of US dollars/],
    [{ ...good, jobId: "two\nlines" }, /jobId is two/],
    [{ ...good, jobId: "x".repeat(100_000) }, /^jobId is x{100}\.\.\.; it must be/],
    [Object.fromEntries(Array.from({ length: 2000 }, (_, index) => [`field${index}`, index])), /^durationMinutes is missing/],
    ["text", /the input must be an object/],
    [[good], /the input must be an object/],
    [null, /the input must be an object/],
  ])("%j is refused before anything is done", async (input, message) => {
    const ran = await runMachine({ input: input as any });
    expect(ran).toMatchObject({ status: "FAILED", error: "InvalidInput", calls: {} });
    expect(ran.cause).toMatch(message);
  });

  it("takes the execution's name as the job's id, if it can be one", async () => {
    expect((await runMachine({ name: "nightly-7" })).output.jobId).toBe("nightly-7");
    const refused = await runMachine({ name: "näm(e)" });
    expect(refused).toMatchObject({ status: "FAILED", error: "InvalidInput" });
    expect(refused.cause).toContain("jobId defaults to the execution name, näm(e)");
  });

  it("may hold what Step Functions adds when another execution starts this one", async () => {
    expect((await runMachine({ input: { ...good, AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID: "arn" } })).status).toBe("SUCCEEDED");
  });

  it("may have a checkpoint interval longer than the job", async () => {
    expect((await runMachine({ input: { durationMinutes: 2, checkpointMinutes: 10 } })).status).toBe("SUCCEEDED");
  });

  it("cannot bound the money of a job that may go on On-Demand at a price that nobody has told", async () => {
    const config = { onDemandAfterMinutes: 10 };
    const refused = await runMachine({ config, input: { ...good, maxDollars: 1 } });
    expect(refused).toMatchObject({ status: "FAILED", error: "InvalidInput", cause: expect.stringContaining("onDemandDollarsPerHour") });
    expect((await runMachine({ config: { ...config, onDemandDollarsPerHour: 0.1 }, input: { ...good, maxDollars: 1 }, attempt: finish })).status).toBe("SUCCEEDED");
  });
});

describe("any input", () => {
  const { States } = machineFor() as any;
  const expression = jsonata(States["Check the input"].Assign.problem.slice(2, -2));
  const problemOf = (input: unknown): Promise<string> => expression.evaluate(undefined, { states: { input, context: { Execution: { Name: "run" } } } });

  /** What each field may be, written down a second time. */
  const within = (least: number, most: number) => (value: unknown): boolean => typeof value === "number" && value >= least && value <= most;
  const ALLOWED: Record<string, (value: unknown) => boolean> = {
    durationMinutes: within(0.1, 43_200), checkpointMinutes: within(0.1, 43_200), saveSeconds: within(0, 3600), saveMegabytes: within(0, 100_000), deadlineMinutes: within(5, 525_600),
    maxAttempts: (value) => within(1, 400)(value) && Number.isInteger(value), maxInstanceHours: within(0.1, 1e6), maxDollars: within(0.001, 1e6),
    jobId: (value) => typeof value === "string" && /^[A-Za-z0-9][A-Za-z0-9_.-]{0,79}$/.test(value) && !/\s/.test(value),
  };
  const value = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer({ min: -10, max: 1000 }), fc.constantFrom(0, -1, 1, 0.1, 400, 401, 43_200, 43_200.1, 525_600, 1e6, 1e9, 1e308, -1e308, 5e-324),
    fc.string({ maxLength: 300 }), fc.constantFrom("6", "", "NaN", "Infinity", "x".repeat(50_000), "job-1", "a b", null, true, false), fc.array(fc.integer(), { maxLength: 3 }), fc.dictionary(fc.string(), fc.integer(), { maxKeys: 2 }),
  );
  const input = fc.dictionary(fc.oneof({ weight: 8, arbitrary: fc.constantFrom(...Object.keys(ALLOWED)) }, { weight: 1, arbitrary: fc.stringMatching(/^[a-zA-Z]{1,20}$/) }), value, { maxKeys: 9 });

  it("has a row for every field", () => expect(Object.keys(ALLOWED).sort()).toEqual(Object.keys(INPUT_FIELDS).sort()));

  it("is refused by the name of each field that is wrong, and only of those", async () => {
    await fc.assert(fc.asyncProperty(input, async (given) => {
      const problem = await problemOf(given);
      const wrong = [
        ...Object.keys(given).filter((name) => !(ALLOWED[name]?.(given[name]) ?? false)),
        ...["durationMinutes", "checkpointMinutes"].filter((name) => !(name in given)),
      ];
      if (wrong.length === 0) expect(problem).toBe("");
      for (const name of Object.keys(ALLOWED)) expect([name, new RegExp(`(^|\\. )${name} is `).test(problem) || problem.includes(`${name} is missing`)]).toEqual([name, wrong.includes(name)]);
      for (const name of wrong.filter((each) => !(each in ALLOWED))) expect(problem).toContain(`there is no field ${name};`);
      expect(problem.length).toBeLessThanOrEqual(4000);
    }), { numRuns: 400 });
  });

  it("of a kind that the scenario bad-input has is there for every field that can have it", () => {
    const file = "bad-input.yaml";
    const { jobs } = parseScenario(readFileSync(join(__dirname, "../../../harness/scenarios", file), "utf8"), file)[0]!;
    const names = Object.keys(INPUT_FIELDS);
    const numbers = names.filter((name) => name !== "jobId");
    const fieldsOf = { negative: names, text: names, null: names, "yes-or-no": names, lists: names, objects: names, absurd: numbers, long: numbers, "no-number": numbers };
    for (const [kind, fields] of Object.entries(fieldsOf)) {
      const { input = {}, cause = [] } = jobs.find(({ name }) => name === kind)!;
      expect([kind, ...Object.keys(input)]).toEqual([kind, ...fields]);
      for (const name of fields) expect([kind, name, cause.some((text) => text.startsWith(`${name} is `))]).toEqual([kind, name, true]);
    }
    expect(jobs.find(({ name }) => name === "missing")!.cause!.map((text) => text.split(" ")[0])).toEqual(names.filter((name) => INPUT_FIELDS[name]!.required));
  });

  it("that is no object is refused", async () => {
    await fc.assert(fc.asyncProperty(fc.oneof(fc.string(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean(), fc.constant(null), fc.array(fc.integer(), { minLength: 1 })), async (given) => {
      expect(await problemOf(given)).toMatch(/^the input must be an object/);
    }), { numRuns: 50 });
  });
});
