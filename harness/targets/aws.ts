/**
 * AWS itself (or whatever AWS_ENDPOINT_URL points at) as a target: SDK clients with the default credentials, the outputs of the deployed
 * stacks, and the system's clock, at the pace that the endpoint says is its own.
 */
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EC2Client } from "@aws-sdk/client-ec2";
import { FisClient } from "@aws-sdk/client-fis";
import { S3Client } from "@aws-sdk/client-s3";
import { SFNClient } from "@aws-sdk/client-sfn";
import { createRandom } from "../time/prng";
import { createSystemClock } from "../time/system-clock";
import { endpointPace } from "./endpoint-clock";
import { apiInjectors } from "./injectors";
import type { Clients, Outputs, Target } from "./target";

/** FIS takes some seconds from the call to the action's start. */
const RESOLUTION_SECONDS = 10;

export interface AwsTargetOptions {
  outputs: Outputs;
  seed: string;
  purpose: string;
}

/** AWS SDK clients with the default configuration; retries are many, since a run of hours should not end by one throttle. */
export function awsClients(outputs: Pick<Outputs, "stateMachineArn">): Clients {
  // Where the environment names no region, the state machine's ARN does.
  const named = process.env["AWS_REGION"] ?? process.env["AWS_DEFAULT_REGION"];
  const fromArn = outputs.stateMachineArn.split(":")[3];
  const common = { maxAttempts: 8, ...(named === undefined && fromArn ? { region: fromArn } : {}) };
  const elsewhere = process.env["AWS_ENDPOINT_URL"] !== undefined || process.env["AWS_ENDPOINT_URL_S3"] !== undefined;
  return {
    sfn: new SFNClient(common), ec2: new EC2Client(common), fis: new FisClient(common), dynamodb: new DynamoDBClient(common),
    s3: new S3Client({ ...common, ...(elsewhere ? { forcePathStyle: true } : {}) }), cloudwatch: new CloudWatchClient(common),
  };
}

/** Throws UsageError when the endpoint's time cannot be followed. */
export async function createAwsTarget({ outputs, seed, purpose }: AwsTargetOptions): Promise<Target> {
  let fail!: (error: Error) => void;
  const failure = new Promise<Error>((resolve) => (fail = resolve));
  const clock = createSystemClock({
    ...(await endpointPace()),
    onUncaught: (error, actorName) => fail(Object.assign(new Error(`${actorName} failed: ${(error as Error)?.message ?? String(error)}`), { cause: error })),
  });
  const clients = awsClients(outputs);
  return {
    kind: "aws", seed, clock, random: createRandom(`${seed}/${purpose}`), clients, outputs, failure,
    injectors: apiInjectors(RESOLUTION_SECONDS),
    conditions: [],
    ownDeployment: false,
    pollSeconds: { fine: 0.5, close: 2, far: 30 },
    outlivesHarness: true,
    async close() {
      clock.close();
      for (const client of Object.values(clients) as { destroy(): void }[]) client.destroy();
    },
  };
}
