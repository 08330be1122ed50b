/**
 * How many transitions a second the States Language interpreter makes: a counting loop of Pass and Choice, in JSONPath and
 * in JSONata, of 10,000 transitions, and of a quarter of them, to show that the cost grows with the history's length and no
 * faster. Run it alone with `node -r ./harness/register.js bench/asl.ts`.
 */
import { Execution } from "../harness/asl/execution";
import { parseDefinition } from "../harness/asl/parse";
import type { TaskRunner } from "../harness/asl/tasks";
import { createRandom } from "../harness/time/prng";
import { createVirtualClock } from "../harness/time/virtual-clock";

export interface AslFigure { name: string; transitions: number; seconds: number; transitionsPerSecond: number }

const NO_TASKS: TaskRunner = { run: () => Promise.reject(new Error("the loop has no tasks")), open: () => undefined, close: () => undefined };

/** Counts from 0 to `$.limit`: two transitions a step. */
const JSONPATH_LOOP = {
  StartAt: "Add", States: {
    Add: { Type: "Pass", Parameters: { "count.$": "States.MathAdd($.count, 1)", "limit.$": "$.limit" }, Next: "More?" },
    "More?": { Type: "Choice", Choices: [{ Variable: "$.count", NumericLessThanPath: "$.limit", Next: "Add" }], Default: "Done" },
    Done: { Type: "Succeed" },
  },
};
const JSONATA_LOOP = {
  QueryLanguage: "JSONata", StartAt: "Add", States: {
    Add: { Type: "Pass", Output: { count: "{% $states.input.count + 1 %}", limit: "{% $states.input.limit %}" }, Next: "More?" },
    "More?": { Type: "Choice", Choices: [{ Condition: "{% $states.input.count < $states.input.limit %}", Next: "Add" }], Default: "Done" },
    Done: { Type: "Succeed" },
  },
};

async function loop(definition: object, transitions: number): Promise<number> {
  const machine = parseDefinition(JSON.stringify(definition), { resolve: () => "none" });
  const clock = createVirtualClock({ startMicroseconds: 0, watchdogSeconds: 0 });
  const identity = { executionArn: "e", executionName: "bench", stateMachineArn: "m", stateMachineName: "bench", roleArn: "r", region: "us-east-1" };
  const started = performance.now();
  const execution = await clock.run("bench", async () => {
    const made = new Execution({ machine, input: { count: 0, limit: transitions / 2 }, clock, random: createRandom("bench"), tasks: NO_TASKS, identity });
    await made.run();
    return made;
  });
  const seconds = (performance.now() - started) / 1000;
  if (execution.status !== "SUCCEEDED") throw new Error(`the loop ended ${execution.status}: ${execution.error ?? ""} ${execution.cause ?? ""}`);
  return seconds;
}

const median = (values: number[]): number => [...values].sort((left, right) => left - right)[Math.floor(values.length / 2)] as number;

/** The median of several runs each, after one to warm up. */
export async function measureAsl(runs = 7): Promise<AslFigure[]> {
  const figures: AslFigure[] = [];
  for (const [name, definition] of [["JSONPath", JSONPATH_LOOP], ["JSONata", JSONATA_LOOP]] as const) {
    for (const transitions of [2_500, 10_000]) {
      await loop(definition, transitions);
      const times: number[] = [];
      for (let run = 0; run < runs; run += 1) times.push(await loop(definition, transitions));
      const seconds = median(times);
      figures.push({ name: `${name} loop of ${transitions}`, transitions, seconds, transitionsPerSecond: Math.round(transitions / seconds) });
    }
  }
  return figures;
}

if (require.main === module) {
  void measureAsl().then((figures) => {
    for (const { name, seconds, transitionsPerSecond } of figures) console.log(`${name}: ${transitionsPerSecond} transitions/s (${(seconds * 1000).toFixed(1)} ms)`);
  });
}
