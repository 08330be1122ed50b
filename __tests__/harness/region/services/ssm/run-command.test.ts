/** Run Command, in instances that run for real. */
import {
  CancelCommandCommand, DescribeInstanceInformationCommand, GetCommandInvocationCommand, ListCommandInvocationsCommand, ListCommandsCommand, SendCommandCommand, SSMClient, type SendCommandCommandInput,
} from "@aws-sdk/client-ssm";
import { endIdleParents } from "../../../../../harness/region/guest";
import { boto3 } from "../../support/region";
import { createProfile, createTemplate, launch, refusal, sleep, withEc2, workUserData, type Ec2Test } from "../ec2/support";

afterAll(endIdleParents);

const PROGRAM = `
import os, time
starts = os.environ["STATE_DIRECTORY"] + "/starts"
open(starts, "a").write("x")
print("start", len(open(starts).read()), flush=True)
while True: time.sleep(1)
`;

interface SsmTest extends Ec2Test { ssm: SSMClient; instanceId: string }

/** An instance whose work runs, 60 seconds after its launch. */
const withNode = (body: (test: SsmTest) => Promise<void>, profile: "core" | "powerless" | "none" = "core"): Promise<void> => withEc2(async (test) => {
  const ssm = new SSMClient(test.region.sdkConfig());
  try {
    const more = profile === "none" ? {} : { IamInstanceProfile: { Name: await createProfile(test, "node", profile === "core" ? "AmazonSSMManagedInstanceCore" : undefined) } };
    await createTemplate(test, { UserData: Buffer.from(workUserData(PROGRAM, ["Restart=on-failure", "RestartSec=2"])).toString("base64"), ...more });
    const [instanceId] = await launch(test, { tags: { Name: "worker" } });
    await sleep(test, 60);
    await body({ ...test, ssm, instanceId: instanceId! });
  } finally {
    ssm.destroy();
  }
}, [], { realGuests: true });

const shell = ({ instanceId }: SsmTest, commands: string[], more: Partial<SendCommandCommandInput> = {}): SendCommandCommand =>
  new SendCommandCommand({ DocumentName: "AWS-RunShellScript", InstanceIds: [instanceId], ...more, Parameters: { commands, ...more.Parameters } });
const send = async (test: SsmTest, commands: string[], more?: Partial<SendCommandCommandInput>): Promise<string> => (await test.ssm.send(shell(test, commands, more))).Command!.CommandId!;
const invocation = ({ ssm, instanceId }: SsmTest, CommandId: string) => ssm.send(new GetCommandInvocationCommand({ CommandId, InstanceId: instanceId }));

describe("a command", () => {
  it("runs its script in the instance, and has its output, code and times", () => withNode(async (test) => {
    const CommandId = await send(test, ["echo hello", "sleep 5", "echo trouble >&2"], { Comment: "a test" });
    expect(await invocation(test, CommandId)).toMatchObject({ Status: "Pending", ResponseCode: -1, StandardOutputContent: "" });
    await sleep(test, 3);
    expect(await invocation(test, CommandId)).toMatchObject({ Status: "InProgress", StatusDetails: "InProgress" });
    await sleep(test, 10);
    expect(await invocation(test, CommandId)).toMatchObject({
      Status: "Success", StatusDetails: "Success", ResponseCode: 0, StandardOutputContent: "hello\n", StandardErrorContent: "trouble\n", PluginName: "aws:runShellScript", Comment: "a test",
      ExecutionStartDateTime: "2026-01-01T00:01:01.000Z", ExecutionEndDateTime: "2026-01-01T00:01:06.000Z", ExecutionElapsedTime: "PT5S",
    });
    const { Commands } = await test.ssm.send(new ListCommandsCommand({ CommandId }));
    expect(Commands).toMatchObject([{ Status: "Success", TargetCount: 1, CompletedCount: 1, ErrorCount: 0, InstanceIds: [test.instanceId], RequestedDateTime: new Date("2026-01-01T00:01:00Z") }]);
    const { CommandInvocations } = await test.ssm.send(new ListCommandInvocationsCommand({ CommandId, Details: true }));
    expect(CommandInvocations).toMatchObject([{ InstanceName: "worker", CommandPlugins: [{ ResponseCode: 0, Output: "hello\n\n----------ERROR-------\ntrouble\n" }] }]);
  }));

  it("fails with its script's code", () => withNode(async (test) => {
    const CommandId = await send(test, ["exit 3"]);
    await sleep(test, 5);
    expect(await invocation(test, CommandId)).toMatchObject({ Status: "Failed", StatusDetails: "Failed", ResponseCode: 3 });
  }));

  it("is ended when its time is over", () => withNode(async (test) => {
    const CommandId = await send(test, ["sleep 1000"], { Parameters: { executionTimeout: ["20"] } as never });
    await sleep(test, 30);
    expect(await invocation(test, CommandId)).toMatchObject({ Status: "TimedOut", StatusDetails: "ExecutionTimedOut", ExecutionElapsedTime: "PT20S" });
  }));

  it("is cancelled, and its script ended", () => withNode(async (test) => {
    const CommandId = await send(test, ["sleep 1000"]);
    await sleep(test, 10);
    await test.ssm.send(new CancelCommandCommand({ CommandId }));
    await sleep(test, 1);
    expect(await invocation(test, CommandId)).toMatchObject({ Status: "Cancelled", StatusDetails: "Cancelled" });
    expect((await test.ssm.send(new ListCommandsCommand({ CommandId }))).Commands).toMatchObject([{ Status: "Cancelled" }]);
  }));

  it("is not delivered to a machine that stands still, and given up in the end", () => withNode(async (test) => {
    test.ec2.suspend(test.instanceId);
    const late = await send(test, ["true"]);
    const never = await send(test, ["true"], { TimeoutSeconds: 30 });
    await sleep(test, 60);
    expect(await invocation(test, late)).toMatchObject({ Status: "Pending" });
    expect(await invocation(test, never)).toMatchObject({ Status: "TimedOut", StatusDetails: "DeliveryTimedOut" });
    test.ec2.resume(test.instanceId);
    await sleep(test, 10);
    expect(await invocation(test, late)).toMatchObject({ Status: "Success" });
  }));

  it("of the document AWSFIS-Run-Kill-Process kills processes by name; their unit starts them again", () => withNode(async (test) => {
    const kill = new SendCommandCommand({ DocumentName: "arn:aws:ssm:us-east-1::document/AWSFIS-Run-Kill-Process", InstanceIds: [test.instanceId], Parameters: { ProcessName: ["python3"], Signal: ["SIGKILL"] } });
    const { Command } = await test.ssm.send(kill);
    await sleep(test, 10);
    expect(await invocation(test, Command!.CommandId!)).toMatchObject({ Status: "Success" });
    const lines = test.ec2.guestConsole(test.instanceId).split("\n").filter((line) => / start \d/.test(line)).map((line) => line.slice(11, 19) + line.slice(line.lastIndexOf(":")));
    expect(lines).toEqual(["00:00:45: start 1", "00:01:03: start 2"]);
  }));

  it("goes to the instances that its targets find", () => withNode(async (test) => {
    const { Command } = await test.ssm.send(new SendCommandCommand({ DocumentName: "AWS-RunShellScript", Targets: [{ Key: "tag:Name", Values: ["worker"] }], Parameters: { commands: ["true"] } }));
    expect(Command).toMatchObject({ TargetCount: 1, InstanceIds: [] });
    await sleep(test, 5);
    expect(await invocation(test, Command!.CommandId!)).toMatchObject({ Status: "Success" });
  }));
});

describe("what is refused", () => {
  it.each<[string, Partial<SendCommandCommandInput>, RegExp]>([
    ["a document that is not there", { DocumentName: "mine" }, /^InvalidDocument: Document with name mine does not exist\./],
    ["one of AWS that the region does not have", { DocumentName: "AWSFIS-Run-CPU-Stress" }, /^InvalidDocument: The embedded region does not support .*AWSFIS-Run-CPU-Stress/],
    ["a parameter that it does not take", { Parameters: { speed: ["1"] } }, /^InvalidParameters: Parameter "speed" is not defined/],
    ["a missing one", { Parameters: { commands: undefined as never } }, /^InvalidParameters: Parameter "commands" is required/],
    ["one of a wrong form", { Parameters: { executionTimeout: ["soon"] } }, /^InvalidParameters: .*does not match/],
    ["an instance that is no node", { InstanceIds: ["i-0123456789abcdef0"] }, /^InvalidInstanceId: Instances \[\[i-0123456789abcdef0\]\] not in a valid state for account 123456789012/],
    ["a node twice", { InstanceIds: ["i-0123456789abcdef0", "i-0123456789abcdef0"] }, /^DuplicateInstanceId: /],
    ["a time that is too short", { TimeoutSeconds: 5 }, /^ValidationException: /],
    ["output to a bucket", { OutputS3BucketName: "out" }, /^ValidationException: The embedded region does not support of SendCommand: OutputS3BucketName/],
  ])("%s", (_what, more, expected) => withEc2(async (test) => {
    const ssm = new SSMClient(test.region.sdkConfig());
    expect(await refusal(ssm.send(shell({ instanceId: "i-0123456789abcdef0" } as SsmTest, ["true"], more)))).toMatch(expected);
    ssm.destroy();
  }));
});

describe("an instance is managed", () => {
  it("from when its units are started until it ends", () => withNode(async (test) => {
    const seen = async () => (await test.ssm.send(new DescribeInstanceInformationCommand({ Filters: [{ Key: "InstanceIds", Values: [test.instanceId] }] }))).InstanceInformationList!;
    expect(await seen()).toMatchObject([{ InstanceId: test.instanceId, PingStatus: "Online", PlatformType: "Linux", PlatformName: "Amazon Linux", ResourceType: "EC2Instance" }]);
    await test.region.call(test.region.admin, "ec2", "TerminateInstances", { InstanceIds: [test.instanceId] });
    expect(await seen()).toEqual([]);
    expect(await refusal(send(test, ["true"]))).toMatch(/^InvalidInstanceId: /);
  }));

  it("not without a role", () => withNode(async (test) => {
    expect(await refusal(send(test, ["true"]))).toMatch(/^InvalidInstanceId: /);
  }, "none"));

  it("not when its role may not report", () => withNode(async (test) => {
    expect(await refusal(send(test, ["true"]))).toMatch(/^InvalidInstanceId: /);
  }, "powerless"));
});

it("boto3 understands it", () => withNode(async (test) => {
  const CommandId = await send(test, ["echo hello"]);
  await sleep(test, 5);
  expect(await boto3(test.region, [
    "ssm = client('ssm')",
    `got = ssm.get_command_invocation(CommandId='${CommandId}', InstanceId='${test.instanceId}')`,
    `listed = ssm.list_command_invocations(CommandId='${CommandId}', Details=True)['CommandInvocations'][0]`,
    "result = [got['Status'], got['StandardOutputContent'], str(listed['RequestedDateTime'].timestamp()), listed['CommandPlugins'][0]['Output'], refused(ssm.cancel_command, CommandId='0' * 36)[0]]",
  ].join("\n"))).toEqual(["Success", "hello\n", "1767225660.0", "hello\n", "InvalidCommandId"]);
}));
