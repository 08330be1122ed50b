/** A region with a Step Functions client, and executions run to their end on its virtual clock. */
import { SFNClient, CreateStateMachineCommand, DescribeExecutionCommand, GetExecutionHistoryCommand, StartExecutionCommand, type HistoryEvent } from "@aws-sdk/client-sfn";
import { seconds } from "../../../../../harness/time/clock";
import { startRegion, type TestRegion } from "../../support/region";

export const ROLE = "arn:aws:iam::123456789012:role/machine";

export interface SfnTest extends TestRegion {
  sfn: SFNClient;
  /** Creates a machine of that definition; the name is new each time. */
  create(definition: object): Promise<string>;
  /** Starts an execution and waits until it has ended. */
  execute(definition: object, input?: unknown): Promise<Executed>;
  /** Runs a body as an actor on the clock. */
  run<T>(body: () => Promise<T>): Promise<T>;
}

export interface Executed { arn: string; status: string; output: any; error: string | undefined; cause: string | undefined; events: HistoryEvent[]; types: string[]; seconds: number } // eslint-disable-line @typescript-eslint/no-explicit-any

export async function startSfn(): Promise<SfnTest> {
  const test = await startRegion({ unknownRoles: "administrator", settings: { functionSeconds: 0 } });
  const sfn = new SFNClient(test.region.sdkConfig());
  let count = 0;
  const create = async (definition: object): Promise<string> => {
    count += 1;
    const { stateMachineArn } = await sfn.send(new CreateStateMachineCommand({ name: `machine-${count}`, definition: JSON.stringify(definition), roleArn: ROLE }));
    return stateMachineArn as string;
  };
  const run = <T>(body: () => Promise<T>): Promise<T> => test.clock.run("test", body);
  return {
    ...test, sfn, create, run,
    execute: (definition, input = {}) => run(async () => {
      const stateMachineArn = await create(definition);
      const { executionArn } = await sfn.send(new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) }));
      for (;;) {
        await test.clock.sleep(seconds(1));
        const { status, output, error, cause, startDate, stopDate } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
        if (status === "RUNNING") continue;
        const { events = [] } = await sfn.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 }));
        return {
          arn: executionArn as string, status: status as string, output: output === undefined ? undefined : JSON.parse(output), error, cause,
          events, types: events.map(({ type }) => type as string), seconds: ((stopDate as Date).getTime() - (startDate as Date).getTime()) / 1000,
        };
      }
    }),
  };
}
