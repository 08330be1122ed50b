/**
 * How many API calls a second, one after another: through the SDK in the region's own process, and from another process over
 * loopback (`npm run region`), through the SDK and through boto3.
 */
import { spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import { CreateTableCommand, DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { DescribeInstancesCommand, EC2Client } from "@aws-sdk/client-ec2";
import { CreateBucketCommand, HeadObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { ListStateMachinesCommand, SFNClient } from "@aws-sdk/client-sfn";
import { createRegion } from "../harness/region/region";
import { seconds } from "../harness/time/clock";
import { createRandom } from "../harness/time/prng";
import { createVirtualClock } from "../harness/time/virtual-clock";
import { rate, timed } from "./figures";

const CALLS = 500;
const PROJECT = join(__dirname, "..");
type Calls = Readonly<Record<string, () => Promise<unknown>>>;

async function callsOf(config: object): Promise<{ calls: Calls; close: () => void }> {
  const [dynamodb, ec2, s3, sfn] = [new DynamoDBClient(config), new EC2Client(config), new S3Client({ ...config, forcePathStyle: true }), new SFNClient(config)];
  const names = { TableName: "bench" };
  await dynamodb.send(new CreateTableCommand({ ...names, BillingMode: "PAY_PER_REQUEST", AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }], KeySchema: [{ AttributeName: "id", KeyType: "HASH" }] }));
  await dynamodb.send(new PutItemCommand({ ...names, Item: { id: { S: "a" }, text: { S: "x".repeat(500) } } }));
  await s3.send(new CreateBucketCommand({ Bucket: "bench" }));
  await s3.send(new PutObjectCommand({ Bucket: "bench", Key: "a", Body: "x" }));
  return {
    calls: {
      "DynamoDB GetItem": () => dynamodb.send(new GetItemCommand({ ...names, Key: { id: { S: "a" } } })),
      "S3 HeadObject": () => s3.send(new HeadObjectCommand({ Bucket: "bench", Key: "a" })),
      "EC2 DescribeInstances": () => ec2.send(new DescribeInstancesCommand({})),
      "Step Functions ListStateMachines": () => sfn.send(new ListStateMachinesCommand({})),
    },
    close: () => [dynamodb, ec2, s3, sfn].forEach((client: { destroy(): void }) => client.destroy()),
  };
}

async function measured(where: string, runs: number, calls: Calls): Promise<string[]> {
  const lines: string[] = [];
  for (const [name, call] of Object.entries(calls)) {
    const times = await timed(runs, async () => { for (let count = 0; count < CALLS; count += 1) await call(); });
    lines.push(`calls ${where}, ${name}: ${rate(times, CALLS)}`);
  }
  return lines;
}

async function inProcess(runs: number): Promise<string[]> {
  const clock = createVirtualClock({ startMicroseconds: seconds(1767225600), watchdogSeconds: 0 });
  const region = await createRegion({ clock, random: createRandom("bench") });
  try {
    return await clock.run("bench", async () => {
      const { calls, close } = await callsOf(region.sdkConfig());
      return measured("in the region's process", runs, calls).finally(close);
    });
  } finally {
    clock.close();
    await region.close();
  }
}

const BOTO3 = `
import boto3, sys, time
from botocore.config import Config
endpoint, runs, calls = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
def client(name): return boto3.client(name, region_name="us-east-1", endpoint_url=endpoint, aws_access_key_id="test", aws_secret_access_key="test", config=Config(retries={"max_attempts": 0}))
dynamodb, s3, ec2, sfn = client("dynamodb"), client("s3"), client("ec2"), client("stepfunctions")
for name, call in {
    "DynamoDB GetItem": lambda: dynamodb.get_item(TableName="bench", Key={"id": {"S": "a"}}),
    "S3 HeadObject": lambda: s3.head_object(Bucket="bench", Key="a"),
    "EC2 DescribeInstances": lambda: ec2.describe_instances(),
    "Step Functions ListStateMachines": lambda: sfn.list_state_machines(),
}.items():
    call()
    for _ in range(runs):
        started = time.perf_counter()
        for _ in range(calls): call()
        print(name, time.perf_counter() - started, sep="\\t")
`;

async function overLoopback(runs: number): Promise<string[]> {
  const server = spawn(process.execPath, ["-r", "./harness/register.js", "harness/serve/cli.ts", "--port", "0", "--quiet"], { cwd: PROJECT, stdio: ["ignore", "pipe", "inherit"] });
  try {
    const endpoint = await new Promise<string>((resolve, reject) => {
      let said = "";
      server.stdout.on("data", (chunk: Buffer) => {
        said += chunk.toString("utf8");
        const found = /^Ready at (\S+?)\.? /m.exec(said)?.[1];
        if (found !== undefined) resolve(found);
      });
      server.once("exit", (code) => reject(new Error(`the server ended with ${String(code)}: ${said}`)));
    });
    const { calls, close } = await callsOf({ endpoint, region: "us-east-1", credentials: { accessKeyId: "test", secretAccessKey: "test" }, maxAttempts: 1 });
    const lines = await measured("over loopback, SDK", runs, calls).finally(close);
    const python = process.env["SPOTPROOF_PYTHON"] ?? "python3";
    const { status, stdout, stderr } = spawnSync(python, ["-c", BOTO3, endpoint, String(runs), String(CALLS)], { encoding: "utf8" });
    if (status !== 0) return [...lines, `calls over loopback, boto3: not measured, for ${python} failed (${stderr.trim().split("\n").at(-1)})`];
    const times = new Map<string, number[]>();
    for (const line of stdout.trim().split("\n")) {
      const [name, spent] = line.split("\t") as [string, string];
      times.set(name, [...(times.get(name) ?? []), Number(spent)]);
    }
    return [...lines, ...[...times].map(([name, spent]) => `calls over loopback, boto3, ${name}: ${rate(spent, CALLS)}`)];
  } finally {
    server.kill("SIGINT");
  }
}

export const benchCalls = async (runs: number): Promise<string[]> => [...(await inProcess(runs)), ...(await overLoopback(runs))];
