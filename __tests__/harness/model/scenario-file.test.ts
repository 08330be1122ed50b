import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { UsageError } from "../../../harness/model/errors";
import { CONDITION_NAMES } from "../../../harness/model/region-conditions";
import { parseScenario, refuseDoubles } from "../../../harness/model/scenario-file";

const HEAD = "name: test\ndescription: what it proves\n";
const parse = (yaml: string) => parseScenario(HEAD + yaml, "my.yaml");
const refusal = (yaml: string, whole = false): string => {
  try {
    parseScenario(whole ? yaml : HEAD + yaml, "my.yaml");
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    return (error as Error).message;
  }
  throw new Error("it was accepted");
};

test("every scenario of the project is accepted and says what it proves", () => {
  const folder = join(__dirname, "../../../harness/scenarios");
  const runs = readdirSync(folder).filter((file) => file.endsWith(".yaml")).flatMap((file) => parseScenario(readFileSync(join(folder, file), "utf8"), file));
  refuseDoubles(runs);
  expect(runs.length).toBeGreaterThanOrEqual(18);
  for (const run of runs) {
    expect(run.description.length).toBeGreaterThan(40);
    expect(`${run.name}.yaml`).toBe(run.file);
  }
});

describe("what is left out", () => {
  test("is a job of six minutes that saves every two", () => expect(parse("")[0]!.jobs).toEqual([{ name: "job", durationMinutes: 6, checkpointMinutes: 2, saveSeconds: 3 }]));
  test("is success", () => expect(parse("")[0]!.expect).toEqual({ status: "SUCCEEDED" }));
  test("is the first job, for a fault", () => expect(parse("jobs: [{name: a}, {name: b}]\nfaults: [{kind: vanish, at: {percent: 3}}]")[0]!.faults[0]!.job).toBe("a"));
});

test("one number stands for both bounds", () => expect(parse("expect: {attempts: 2, lostWorkSeconds: {atMost: 5}}")[0]!.expect).toMatchObject({ attempts: { atLeast: 2, atMost: 2 }, lostWorkSeconds: { atMost: 5 } }));

describe("a matrix", () => {
  const yaml = "matrix:\n  k: [1, 2]\n  kind: [vanish, interrupt]\nfaults:\n  - kind: ${matrix.kind}\n    at:\n      checkpoint: ${matrix.k}\n";
  test("gives a run for each combination, with its values' types kept", () => {
    const runs = parse(yaml);
    expect(runs.map((run) => run.id)).toEqual(["test/1,vanish", "test/1,interrupt", "test/2,vanish", "test/2,interrupt"]);
    expect(runs[3]!.faults[0]).toMatchObject({ kind: "interrupt", at: { checkpoint: 2 } });
  });
  test("fills placeholders within text", () => expect(parseScenario("name: t\ndescription: at ${matrix.p} percent\nmatrix: {p: [5]}\n", "f")[0]!.description).toBe("at 5 percent"));
  test("refuses a placeholder without a value", () => expect(refusal("matrix: {percent: [1]}\nfaults:\n  - kind: vanish\n    at:\n      percent: ${matrix.precent}\n")).toBe('my.yaml:7:16: faults[0].at.percent: ${matrix.precent} has no value: the matrix has percent; did you mean "percent"?'));
  test("refuses a value that no field uses", () => expect(refusal("matrix: {p: [1, 2]}\n")).toMatch(/my.yaml:3:10: matrix.p: no field uses/));
  test("names the combination that is refused", () => expect(refusal("matrix: {p: [20, 400]}\nfaults:\n  - kind: vanish\n    at:\n      percent: ${matrix.p}\n")).toMatch(/400; allowed: percent of the job, from 0 to 100 \(with matrix.p = 400\)/));
  test("refuses what could not stand in a name", () => expect(refusal('matrix: {p: ["a b"]}\n')).toMatch(/matrix.p\[0\]: "a b"; allowed/));
  test("refuses more runs than anyone wants", () => expect(refusal(`matrix:\n${["a", "b", "c", "d"].map((key) => `  ${key}: [${Array.from({ length: 10 }, (_, i) => i).join(", ")}]`).join("\n")}\n`)).toMatch(/more than 1000 runs/));
});

describe("a refusal names file, line, column and field, what was given and what is allowed", () => {
  test.each([
    ["an unknown field", "faults:\n  - kind: vanish\n    at: {percent: 5}\n    when: now\n", 'my.yaml:6:5: faults[0].when: unknown field; allowed: kind, at, job, durationSeconds, toTimesMaximum, toDollarsPerHour, pools, instance, repeat, process, scope, service, answer, damage, input, ends'],
    ["a mistyped field", "exepct: {}\n", 'my.yaml:3:1: exepct: unknown field; allowed: name, description, job, jobs, faults, region, program, knobs, expect, timeoutMinutes; did you mean "expect"?'],
    ["an unknown fault kind", "faults: [{kind: interupt, at: {percent: 5}}]\n", 'my.yaml:3:17: faults[0].kind: "interupt"; allowed: interrupt, terminate, vanish, rebalance, price-rise, reclaim, no-capacity, suspend, kill-process, network-cut, storage-errors, checkpoint-damage, stop-execution, start-execution; did you mean "interrupt"?'],
    ["a negative duration", "job: {durationMinutes: -6}\n", "my.yaml:3:24: job.durationMinutes: -6; allowed: minutes, from 0.5 to 43200"],
    ["an absurd duration", "job: {durationMinutes: 1e9}\n", "my.yaml:3:24: job.durationMinutes: 1000000000; allowed: minutes, from 0.5 to 43200"],
    ["a number that is text", 'job: {saveSeconds: "3"}\n', 'my.yaml:3:20: job.saveSeconds: "3"; allowed: seconds, from 0 to 3600'],
    ["no number at all", "job: {saveSeconds: .nan}\n", "my.yaml:3:20: job.saveSeconds: null; allowed: seconds, from 0 to 3600"],
    ["a trigger past the end", "faults: [{kind: vanish, at: {percent: 100}}]\n", "my.yaml:3:30: faults[0].at.percent: 100 is past the end of the job, which lasts 6 min; allowed: less than 100"],
    ["a checkpoint past the end", "faults: [{kind: vanish, at: {checkpoint: 4}}]\n", "my.yaml:3:30: faults[0].at.checkpoint: checkpoint 4 is past the end of the job, which lasts 6 min and saves every 2 min; allowed: 1 to 3"],
    ["a save past the end", "faults: [{kind: vanish, at: {duringSave: 4}}]\n", "my.yaml:3:30: faults[0].at.duringSave: save 4 is past the end of the job, which lasts 6 min and saves every 2 min; allowed: 1 to 3"],
    ["a time past the end", "faults: [{kind: vanish, at: {afterSeconds: 400}}]\n", "my.yaml:3:30: faults[0].at.afterSeconds: 400 s is past the end of the job, which lasts 6 min; allowed: less than 360"],
    ["an offset past the end", "faults: [{kind: vanish, at: {checkpoint: 2, offsetSeconds: 300}}]\n", "my.yaml:3:30: faults[0].at.checkpoint: checkpoint 2 and 300 s is past the end of the job, which lasts 6 min"],
    ["two triggers", "faults: [{kind: vanish, at: {checkpoint: 1, percent: 3}}]\n", "my.yaml:3:29: faults[0].at: checkpoint and percent; allowed: exactly one of checkpoint, percent, afterSeconds, phase, duringSave, beforeStart, afterEnd"],
    ["no trigger", "faults: [{kind: vanish, at: {}}]\n", "my.yaml:3:29: faults[0].at: no trigger; allowed: exactly one of checkpoint, percent, afterSeconds, phase, duringSave, beforeStart, afterEnd"],
    ["a fault before there is anything", "faults: [{kind: vanish, at: {beforeStart: true}}]\n", "my.yaml:3:30: faults[0].at.beforeStart: vanish needs something that runs; allowed before the start: no-capacity, price-rise, reclaim"],
    ["a process of another kind's", "faults: [{kind: vanish, process: agent, at: {percent: 4}}]\n", "my.yaml:3:25: faults[0].process: vanish kills no process; allowed with kill-process"],
    ["a phase that there is not", "faults: [{kind: vanish, at: {phase: bot}}]\n", 'my.yaml:3:37: faults[0].at.phase: "bot"; allowed: launch, boot, restore, work, handoff, ready, takeover, upload, commit, committed, final-log, report, reported; did you mean "boot"?'],
    ["a moment that comes once, again and again", "faults: [{kind: vanish, repeat: 3, at: {percent: 4}}]\n", "my.yaml:3:25: faults[0].repeat: only a phase comes again, with another instance; allowed with at: { phase: … }"],
    ["one attempt, again and again", "faults: [{kind: vanish, repeat: every, at: {phase: boot, attempt: 2}}]\n", "my.yaml:3:58: faults[0].at.attempt: stands beside repeat, which strikes one instance after the other; allowed: one of the two"],
    ["too few to be a repetition", "faults: [{kind: vanish, repeat: 1, at: {phase: boot}}]\n", "my.yaml:3:33: faults[0].repeat: 1; allowed: every, or how many times: a whole number from 2 to 100"],
    ["one of two instances, of what strikes none", "faults: [{kind: no-capacity, instance: owner, durationSeconds: 4, at: {percent: 4}}]\n", "my.yaml:3:30: faults[0].instance: no-capacity strikes no instance"],
    ["a scope of another kind's", "faults: [{kind: vanish, scope: s3, at: {percent: 4}}]\n", "my.yaml:3:25: faults[0].scope: vanish cuts no network; allowed with network-cut"],
    ["an answer of another kind's", "faults: [{kind: vanish, answer: denied, at: {percent: 4}}]\n", "my.yaml:3:25: faults[0].answer: vanish gives no errors; allowed with storage-errors"],
    ["damage of another kind's", "faults: [{kind: vanish, damage: older, at: {percent: 4}}]\n", "my.yaml:3:25: faults[0].damage: vanish damages no checkpoint; allowed with checkpoint-damage"],
    ["errors without an end", "faults: [{kind: storage-errors, at: {percent: 4}}]\n", "my.yaml:3:10: faults[0]: storage-errors needs durationSeconds; allowed: seconds, from 1 to 2592000"],
    ["a cut without an end", "faults: [{kind: network-cut, at: {percent: 4}}]\n", "my.yaml:3:10: faults[0]: network-cut needs durationSeconds; allowed: seconds, from 1 to 2592000"],
    ["a missing duration", "faults: [{kind: suspend, at: {percent: 4}}]\n", "my.yaml:3:10: faults[0]: suspend needs durationSeconds; allowed: seconds, from 1 to 2592000"],
    ["a duration that means nothing", "faults: [{kind: vanish, at: {percent: 4}, durationSeconds: 4}]\n", "my.yaml:3:43: faults[0].durationSeconds: vanish takes no duration"],
    ["a price rise to no price", "faults: [{kind: price-rise, at: {percent: 4}}]\n", "my.yaml:3:10: faults[0]: price-rise without a price; allowed: exactly one of toTimesMaximum, toDollarsPerHour"],
    ["a price rise to two", "faults: [{kind: price-rise, at: {percent: 4}, toTimesMaximum: 2, toDollarsPerHour: 1}]\n", "my.yaml:3:10: faults[0]: toTimesMaximum and toDollarsPerHour; allowed: exactly one of toTimesMaximum, toDollarsPerHour"],
    ["a rise that is none", "faults: [{kind: price-rise, at: {percent: 4}, toTimesMaximum: 1}]\n", "my.yaml:3:63: faults[0].toTimesMaximum: 1; allowed: a multiple of the maximum price, from 1.001 to 1000"],
    ["a price of what has none", "faults: [{kind: reclaim, at: {percent: 4}, toDollarsPerHour: 1}]\n", "my.yaml:3:44: faults[0].toDollarsPerHour: reclaim sets no price; allowed with price-rise"],
    ["pools of what strikes none", "faults: [{kind: vanish, at: {percent: 4}, pools: all}]\n", "my.yaml:3:43: faults[0].pools: vanish strikes no pools; allowed with price-rise, reclaim"],
    ["a further execution of which nothing is asked", "faults: [{kind: start-execution, at: {percent: 5}}]\n", "my.yaml:3:10: faults[0]: start-execution needs ends: how that execution has to end; allowed: fields (status, error, cause, withinSeconds)"],
    ["further executions of one name", "faults: [{kind: start-execution, at: {phase: work}, repeat: 2, ends: {status: FAILED}}]\n", "my.yaml:3:53: faults[0].repeat: start-execution starts one execution; allowed: one such fault for each, with at: { phase: …, attempt: … }"],
    ["input beside a whole input", "job: {wholeInput: six}\nfaults: [{kind: start-execution, at: {percent: 5}, input: {a: 1}, ends: {status: FAILED}}]\n", "my.yaml:4:52: faults[0].input: stands beside the wholeInput of job, which has no fields to differ from; allowed: one of the two"],
    ["an ending of what starts nothing", "faults: [{kind: vanish, at: {percent: 5}, ends: {status: FAILED}}]\n", "my.yaml:3:43: faults[0].ends: vanish starts nothing; allowed with start-execution"],
    ["the error of a success", "faults: [{kind: start-execution, at: {percent: 5}, ends: {status: SUCCEEDED, error: X}}]\n", "my.yaml:3:78: faults[0].ends.error: stands beside status SUCCEEDED, which has none"],
    ["a fault after the end", "faults: [{kind: vanish, at: {afterEnd: true}}]\n", "my.yaml:3:30: faults[0].at.afterEnd: vanish needs something that runs; allowed after the end: start-execution"],
    ["the pool of an instance before there is one", "faults: [{kind: reclaim, at: {beforeStart: true}, durationSeconds: 9}]\n", "my.yaml:3:10: faults[0]: before the start there is no instance whose pool it could be; allowed: pools: all"],
    ["no capacity for good", "faults: [{kind: reclaim, pools: all, at: {beforeStart: true}}]\n", "my.yaml:3:10: faults[0]: reclaim of all pools before the start needs durationSeconds, or nothing would ever run"],
    ["a maximum before there is one", "faults: [{kind: price-rise, pools: all, toTimesMaximum: 2, durationSeconds: 9, at: {beforeStart: true}}]\n", "my.yaml:3:41: faults[0].toTimesMaximum: before the start there is no request yet; allowed: toDollarsPerHour"],
    ["a condition that the region does not know", "region: {noticeEvent: 0}\n", `my.yaml:3:10: region.noticeEvent: unknown field; allowed: ${CONDITION_NAMES.join(", ")}; did you mean "noticeEvents"?`],
    ["an action that is none", "region: {deniedAction: everything}\n", 'my.yaml:3:24: region.deniedAction: "everything"; allowed: an action such as ec2:CreateFleet'],
    ["somebody to whom nothing is denied", "region: {deniedTo: watcher}\n", "my.yaml:3:10: region.deniedTo: denies nothing by itself; allowed with deniedAction: an action such as ec2:CreateFleet"],
    ["a market that is none", "expect: {lifecycles: [reserved]}\n", 'my.yaml:3:23: expect.lifecycles[0]: "reserved"; allowed: spot, on-demand'],
    ["input that is no object", "job: {input: [1]}\n", "my.yaml:3:14: job.input: [1]; allowed: fields of the execution's input"],
    ["knobs that are no names with values", "knobs: [spotMaxPrice]\n", 'my.yaml:3:8: knobs: ["spotMaxPrice"]; allowed: knobs of the deployment by their names, each a text, a number, true, false or a list of texts'],
    ["a condition that cannot be", "region: {noticeEvents: 1.5}\n", "my.yaml:3:24: region.noticeEvents: 1.5; allowed: times: a whole number from 0 to 10"],
    ["a job that is not there", "jobs: [{name: left}]\nfaults: [{kind: vanish, job: lefr, at: {percent: 4}}]\n", 'my.yaml:4:30: faults[0].job: "lefr" is no job of this scenario; allowed: left; did you mean "left"?'],
    ["a job twice", "jobs: [{name: a}, {name: a}]\n", 'my.yaml:3:26: jobs[1].name: "a" is the name of an earlier job too'],
    ["job beside jobs", "job: {}\njobs: [{name: a}]\n", "my.yaml:3:1: job: stands beside jobs; allowed: one of the two"],
    ["bounds the wrong way round", "expect: {attempts: {atLeast: 3, atMost: 2}}\n", "my.yaml:3:20: expect.attempts: atLeast 3 is more than atMost 2"],
    ["an expectation that nothing could meet", "expect: {spotRequestStatus: [fulfilled]}\n", "my.yaml:3:10: expect.spotRequestStatus: says nothing without a fault of kind interrupt or terminate or vanish or price-rise or reclaim"],
  ])("%s", (_, yaml, message) => expect(refusal(yaml)).toBe(message));

  test("a missing field", () => expect(refusal("name: test\n", true)).toBe("my.yaml:1:1: description: is missing; allowed: what the scenario proves, in words"));
  test("a name that could not be one", () => expect(refusal("name: Two Jobs\ndescription: d\n", true)).toMatch(/^my.yaml:1:7: name: "Two Jobs"; allowed: lower-case letters/));
  test("invalid YAML", () => expect(refusal("name: a\n  b: [\n", true)).toMatch(/^my.yaml:\d+:\d+: invalid YAML: /));
  test("an alias without end", () => expect(refusal("name: &a [*a]\n", true)).toBe("my.yaml:1:1: invalid YAML: an alias stands within what it refers to"));
  test("a key given twice", () => expect(refusal("name: b\n")).toMatch(/^my.yaml:3:1: invalid YAML: Map keys must be unique/));
  test.each(["", "- a", "text", "3"])("no scenario at all: %j", (yaml) => expect(refusal(yaml, true)).toMatch(/^my.yaml:1:1: a scenario is a list of fields/));
  test("everything that is wrong, in the order of the file", () => expect(refusal("job: {saveSeconds: -1}\nfaults: [{kind: nope, at: {percent: 5}}]\n").split("\n")).toHaveLength(2));
});

test("beside other faults only what is certain is past the end", () => {
  expect(parse("faults: [{kind: interrupt, at: {percent: 20}}, {kind: vanish, at: {checkpoint: 4}}]")).toHaveLength(1);
  expect(refusal("faults: [{kind: vanish, at: {percent: 20}}, {kind: vanish, at: {checkpoint: 4}}]")).toMatch(/allowed: 1 to 3/);
});

test("a name used in two files is refused with both", () => {
  const [a] = parseScenario(HEAD, "one.yaml");
  const [b] = parseScenario(HEAD, "two.yaml");
  expect(() => refuseDoubles([a!, b!])).toThrow('The scenario name "test" is used twice: in one.yaml and in two.yaml.');
});

test("whatever a file holds, it gives runs or a UsageError", () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json(), fc.array(fc.constantFrom("name: a", "description: b", "job:", "  durationMinutes: 3", "faults:", "  - kind: vanish", "    at: {percent: 3}", "matrix: {a: [1]}", "- ", "${matrix.a}", "&a [*a]", "\t", "expect: {attempts: 1}")).map((lines) => lines.join("\n"))), (text) => {
    try {
      parseScenario(text, "f");
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
    }
  }), { numRuns: 500 });
});
