/**
 * How many transitions a second state machines make: the interpreter alone, and the whole service with its API and history, in
 * loops of Pass and Choice of growing length, to show that the cost grows with the history and no faster. Beside them other
 * implementations, in the same loop. A history holds 25,000 events, two a transition: 12,000 transitions are near the most that
 * Step Functions lets an execution have. https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
 */
import { CreateStateMachineCommand, DescribeExecutionCommand, GetExecutionHistoryCommand, SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { Execution } from "../harness/asl/execution";
import { parseDefinition } from "../harness/asl/parse";
import type { TaskRunner } from "../harness/asl/tasks";
import { createRegion } from "../harness/region/region";
import { seconds } from "../harness/time/clock";
import { createRandom } from "../harness/time/prng";
import { createVirtualClock } from "../harness/time/virtual-clock";
import { median, number, rate, timed } from "./figures";
import { checkLoop, LANGUAGES, loopInput, type Language } from "./loops";
import { localStepFunctions, motoServer } from "./others";

const LENGTHS = [1_000, 5_000, 10_000, 12_000];
const LONG = 10_000;
const NO_TASKS: TaskRunner = { run: () => Promise.reject(new Error("the loop has no tasks")), open: () => undefined, close: () => undefined };

async function interpreted(definition: object, transitions: number): Promise<void> {
  const machine = parseDefinition(JSON.stringify(definition), { resolve: () => "none" });
  const clock = createVirtualClock({ startMicroseconds: 0, watchdogSeconds: 0 });
  const identity = { executionArn: "e", executionName: "bench", stateMachineArn: "m", stateMachineName: "bench", roleArn: "r", region: "us-east-1" };
  const execution = await clock.run("bench", async () => {
    const made = new Execution({ machine, input: loopInput(transitions), clock, random: createRandom("bench"), tasks: NO_TASKS, identity });
    await made.run();
    return made;
  });
  if (execution.status !== "SUCCEEDED") throw new Error(`the loop ended ${execution.status}: ${execution.error ?? ""} ${execution.cause ?? ""}`);
  checkLoop(execution.output, transitions);
}

/** From StartExecution to a DescribeExecution that says SUCCEEDED, through the SDK in this process; then its whole history, page by page. */
async function served(runs: number, language: Language): Promise<{ executions: number[]; histories: number[]; events: number }> {
  const clock = createVirtualClock({ startMicroseconds: seconds(1767225600), watchdogSeconds: 0 });
  const region = await createRegion({ clock, random: createRandom("bench"), unknownRoles: "administrator" });
  const sfn = new SFNClient(region.sdkConfig());
  try {
    return await clock.run("bench", async () => {
      const { stateMachineArn } = await sfn.send(new CreateStateMachineCommand({ name: "loop", definition: JSON.stringify(LANGUAGES[language]), roleArn: "arn:aws:iam::123456789012:role/bench" }));
      let executionArn: string | undefined;
      let events = 0;
      const executions = await timed(runs, async () => {
        ({ executionArn } = await sfn.send(new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(loopInput(LONG)) })));
        for (;;) {
          const { status, output } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
          if (status === "SUCCEEDED") return checkLoop(output, LONG);
          if (status !== "RUNNING") throw new Error(`the loop ended ${status}`);
          await clock.sleep(seconds(0.01));
        }
      });
      const histories = await timed(runs, async () => {
        events = 0;
        let nextToken: string | undefined;
        do {
          const page = await sfn.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1000, ...(nextToken === undefined ? {} : { nextToken }) }));
          events += page.events?.length ?? 0;
          ({ nextToken } = page);
        } while (nextToken !== undefined);
      });
      return { executions, histories, events };
    });
  } finally {
    sfn.destroy();
    clock.close();
    await region.close();
  }
}

export async function benchAsl(runs: number): Promise<string[]> {
  const lines: string[] = [];
  for (const language of Object.keys(LANGUAGES) as Language[]) {
    const growth: string[] = [];
    for (const transitions of LENGTHS) {
      const times = await timed(runs, () => interpreted(LANGUAGES[language], transitions));
      if (transitions === LONG) lines.push(`${language} loop of ${number(LONG)} transitions, interpreter alone: ${rate(times, LONG)}`);
      growth.push(`${number(transitions)}: ${((median(times) * 1e6) / transitions).toFixed(2)} us`);
    }
    lines.push(`  time per transition by the loop's length: ${growth.join(", ")}`);
    const { executions, histories, events } = await served(runs, language);
    lines.push(`${language} loop of ${number(LONG)}, whole service, StartExecution to DescribeExecution: ${rate(executions, LONG)}`);
    lines.push(`  its history of ${number(events)} events by GetExecutionHistory: ${rate(histories, events)}`);
  }
  lines.push(await localStepFunctions(runs, LONG), await motoServer(200));
  return lines;
}
