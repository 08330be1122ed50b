/** What the alarms of the deployment watch is there: state names, functions, metrics. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { FIXTURE, PROJECT, removeSynthesized, synthesized } from "./synthesized";

/* eslint-disable @typescript-eslint/no-explicit-any */

let job: any;
beforeAll(() => { ({ job } = synthesized(FIXTURE, { SPOTPROOF_NAME: "nightly", SPOTPROOF_ON_DEMAND_AFTER_MINUTES: "30", SPOTPROOF_SWEEP_MINUTES: "10" })); });
afterAll(removeSynthesized);

const filters = (): any[] => Object.values(job.resource.aws_cloudwatch_log_metric_filter);
const alarms = (): any[] => Object.values(job.resource.aws_cloudwatch_metric_alarm);
const of = (id: string): any => job.resource.aws_cloudwatch_metric_alarm[`alarm_${id}`];

it("counts lines of states that the machine has, by their kinds", () => {
  const { States: states } = JSON.parse(job.resource.aws_sfn_state_machine.machine.definition.replace(/"places":\$\{[^}]*\}/, '"places":[]'));
  const ofExecutions = filters().filter(({ log_group_name: group }) => group === "/aws/vendedlogs/states/nightly-job");
  const named = ofExecutions.map(({ pattern }) => /^\{ \$\.type = "(\w+)StateEntered" && \$\.details\.name = "([^"]+)" \}$/.exec(pattern)!.slice(1));
  expect(named.map(([, name]) => [states[name!]?.Type, name])).toEqual(named);
});

it("counts lines that the agent writes", () => {
  const events = filters().filter(({ log_group_name: group }) => group === "/spotproof/nightly/agent").map(({ pattern }) => /^\{ \$\.event = "([^"]+)" \}$/.exec(pattern)![1]!);
  expect(events).toEqual(["crash-loop"]);
});

it("keeps what one deployment counts apart from the others", () => {
  expect(filters().map(({ metric_transformation: { namespace } }) => namespace)).toEqual(filters().map(() => "spotproof/nightly"));
  for (const { namespace, dimensions } of alarms().filter((alarm) => alarm.namespace === "spotproof")) expect([namespace, dimensions]).toEqual(["spotproof", { Name: "nightly" }]);
});

it("watches every metric that is counted, and only such, but for what the deployment has asked for", () => {
  const counted = filters().map(({ metric_transformation: { name } }) => name).filter((name) => name !== "onDemand");
  const health = readFileSync(join(PROJECT, "functions", "sweeper", "health.ts"), "utf8");
  const swept = [...health.matchAll(/metric: "(\w+)"(?: \| "(\w+)")?/g)].flatMap((match) => match.slice(1)).filter((name) => name !== undefined);
  expect([...new Set(alarms().filter(({ namespace }) => namespace.startsWith("spotproof")).map((alarm) => alarm.metric_name))].sort()).toEqual([...new Set([...counted, ...swept, "swept"])].sort());
});

it("stays on from one sweep to the next while a job is unwell", () => {
  for (const id of ["no_progress", "attempts_running_out"]) expect(of(id).period).toBeGreaterThan(600);
});

it("takes silence for health", () => {
  expect(new Set(alarms().map((alarm) => alarm.treat_missing_data))).toEqual(new Set(["notBreaching"]));
});
