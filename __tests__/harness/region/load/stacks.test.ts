/** The deployment itself, synthesized and loaded: what the services then tell is what `cdktf deploy` would have made. */
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadTerraform } from "../../../../harness/region/load";
import { synthesize } from "../../../../main";
import { seconds } from "../../../../harness/time/clock";
import { startRegion, type TestRegion } from "../support/region";

const days = (count: number) => seconds(count * 86_400);

let folder: string;
let test: TestRegion;
let outputs: Record<string, unknown>;
const call = (service: string, operation: string, input: object) => test.region.call(test.region.admin, service, operation, input);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "stacks-"));
  synthesize(join(__dirname, "..", "..", "..", ".."), {}, folder);
  test = await startRegion();
  await test.clock.run("load", async () => {
    const job = await loadTerraform(test.region, join(folder, "stacks", "job"));
    const faults = await loadTerraform(test.region, join(folder, "stacks", "faults"));
    outputs = { ...job.outputs, ...faults.outputs };
  });
});
afterAll(async () => {
  test.clock.close();
  await test.region.close();
  rmSync(folder, { recursive: true });
});

it("gives the outputs that the harness finds its way by", () => {
  expect(outputs).toMatchObject({
    state_machine_arn: "arn:aws:states:us-east-1:123456789012:stateMachine:spotproof-job", ledger_table: "spotproof-ledger", checkpoint_bucket: "spotproof-checkpoints-123456789012-us-east-1",
    metrics_namespace: "spotproof", name: "spotproof", armed_tag_key: "spotproof:armed", interrupt_template_id: expect.stringMatching(/^EXT/), runner_policy_arn: expect.stringContaining(":policy/"),
  });
});

it("makes a state machine whose references are resolved", async () => {
  const machine = await call("sfn", "DescribeStateMachine", { stateMachineArn: outputs["state_machine_arn"] });
  expect(machine).toMatchObject({ type: "STANDARD", status: "ACTIVE", roleArn: "arn:aws:iam::123456789012:role/spotproof-state-machine", loggingConfiguration: { level: "ALL" } });
  expect(machine.definition).not.toContain("${");
  const { LaunchTemplates } = await call("ec2", "DescribeLaunchTemplates", { LaunchTemplateNames: ["spotproof-job"] });
  expect(machine.definition).toContain(LaunchTemplates[0].LaunchTemplateId);
  expect(machine.definition).toContain("us-east-1f");
});

it("makes what the job stands on, closed as it is declared", async () => {
  expect((await call("dynamodb", "DescribeTable", { TableName: "spotproof-ledger" })).Table).toMatchObject({ TableStatus: "ACTIVE", SSEDescription: { Status: "ENABLED" } });
  const Bucket = outputs["checkpoint_bucket"];
  expect((await call("s3", "GetPublicAccessBlock", { Bucket })).PublicAccessBlockConfiguration).toEqual({ BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true });
  expect((await call("s3", "GetBucketLifecycleConfiguration", { Bucket })).Rules).toHaveLength(3);
  const { LaunchTemplateVersions } = await call("ec2", "DescribeLaunchTemplateVersions", { LaunchTemplateName: "spotproof-job", Versions: ["$Default"] });
  expect(LaunchTemplateVersions[0].LaunchTemplateData).toMatchObject({ InstanceInitiatedShutdownBehavior: "terminate", MetadataOptions: { HttpTokens: "required", InstanceMetadataTags: "enabled" } });
});

it("lets the checkpoints of finished jobs grow old, and keeps those of any other job", async () => {
  const Bucket = outputs["checkpoint_bucket"];
  const keys = ["jobs/finished/1-1-a", "jobs/stopped/1-1-a", "logs/stopped/1-i.log"];
  for (const Key of keys) await call("s3", "PutObject", { Bucket, Key, Body: "x" });
  await call("s3", "PutObjectTagging", { Bucket, Key: keys[0], Tagging: { TagSet: [{ Key: "spotproof:finished", Value: "true" }] } });
  const left = async (): Promise<unknown> => ((await call("s3", "ListObjectsV2", { Bucket })).Contents as { Key: string }[]).map(({ Key }) => Key);
  await test.clock.run("a month", async () => {
    await test.clock.sleep(days(29));
    expect(await left()).toEqual(keys);
    await test.clock.sleep(days(3));
    expect(await left()).toEqual(["jobs/stopped/1-1-a"]);
  });
});

it("puts the agent where the user data says that it is, in the version that it names", async () => {
  const { LaunchTemplateVersions } = await call("ec2", "DescribeLaunchTemplateVersions", { LaunchTemplateName: "spotproof-job", Versions: ["$Default"] });
  const userData = Buffer.from(LaunchTemplateVersions[0].LaunchTemplateData.UserData as string, "base64").toString("utf8");
  const setting = (name: string): string => new RegExp(`^ *SPOTPROOF_AGENT_${name}=(.*)$`, "m").exec(userData)![1]!;
  const { Body } = await call("s3", "GetObject", { Bucket: setting("BUCKET"), Key: setting("KEY"), VersionId: setting("VERSION") });
  const bytes = Buffer.from(await (Body as { transformToByteArray(): Promise<Uint8Array> }).transformToByteArray());
  expect(createHash("sha256").update(bytes).digest("hex")).toBe(setting("SHA256"));
});

it("connects the events to the watcher, and the schedule to the sweeper", async () => {
  const { Rules: all } = await call("eventbridge", "ListRules", {});
  const Rules = all.filter(({ ScheduleExpression }: { ScheduleExpression?: string }) => ScheduleExpression === undefined);
  expect(Rules.map(({ Name }: { Name: string }) => Name).sort()).toEqual(["spotproof-execution-ended", "spotproof-instance-state", "spotproof-spot-interruption", "spotproof-spot-rebalance"]);
  const { Configuration } = await call("lambda", "GetFunction", { FunctionName: "spotproof-watcher" });
  expect(Configuration).toMatchObject({ State: "Active", Role: "arn:aws:iam::123456789012:role/spotproof-watcher" });
  for (const { Name } of Rules) expect((await call("eventbridge", "ListTargetsByRule", { Rule: Name })).Targets).toMatchObject([{ Arn: Configuration.FunctionArn }]);
  expect(all.filter((rule: object) => !Rules.includes(rule))).toMatchObject([{ Name: "spotproof-sweep", ScheduleExpression: "rate(5 minutes)", State: "ENABLED" }]);
  expect((await call("eventbridge", "ListTargetsByRule", { Rule: "spotproof-sweep" })).Targets).toMatchObject([{ Arn: expect.stringMatching(/:function:spotproof-sweeper$/) }]);
});

it("leaves no defect behind", () => {
  expect(test.region.defects).toEqual([]);
  expect(test.region.failures).toEqual([]);
});
