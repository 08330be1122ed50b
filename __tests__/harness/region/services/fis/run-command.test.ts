/** aws:ssm:send-command, in instances that run for real. */
import { StopExperimentCommand } from "@aws-sdk/client-fis";
import { endIdleParents } from "../../../../../harness/region/guest";
import { createProfile, createTemplate, launch, refusal, sleep, workUserData } from "../ec2/support";
import { ARMED, actionStates, createExperimentTemplate, start, stateOf, withFis, type FisTest, type TemplateInput } from "./support";

afterAll(endIdleParents);

const documentArn = (name: string): string => `arn:aws:ssm:us-east-1::document/${name}`;
const command = (parameters: Record<string, string>): TemplateInput => ({
  targets: { them: { resourceType: "aws:ec2:instance", resourceTags: ARMED, selectionMode: "ALL" } },
  actions: { command: { actionId: "aws:ssm:send-command", parameters: { duration: "PT2M", ...parameters }, targets: { Instances: "them" } } },
});
const shell = (...commands: string[]): TemplateInput => command({ documentArn: documentArn("AWS-RunShellScript"), documentParameters: JSON.stringify({ commands }) });

/** An armed instance whose work tells of each start, 60 seconds after its launch. */
const withWork = (body: (test: FisTest, instanceId: string) => Promise<void>): Promise<void> => withFis(async (test) => {
  const program = 'import time\nprint("start", flush=True)\nwhile True: time.sleep(1)';
  await createTemplate(test, { UserData: Buffer.from(workUserData(program, ["Restart=always", "RestartSec=2"])).toString("base64"), IamInstanceProfile: { Name: await createProfile(test, "node", "AmazonSSMManagedInstanceCore") } });
  const [instanceId] = await launch(test, { tags: ARMED });
  await sleep(test, 60);
  await body(test, instanceId!);
}, { realGuests: true });

const commands = async (test: FisTest) => (await test.region.call<{ Commands: { Status: string }[] }>(test.region.admin, "ssm", "ListCommands", {})).Commands.map(({ Status }) => Status);

describe("the action that runs a command", () => {
  it("kills a process by name, and is over when its duration is", () => withWork(async (test, instanceId) => {
    const id = await start(test, command({ documentArn: documentArn("AWSFIS-Run-Kill-Process"), documentParameters: '{"ProcessName": "python3", "Signal": "SIGKILL"}' }));
    await sleep(test, 10);
    expect(await actionStates(test, id)).toEqual({ command: "running" });
    expect(test.ec2.guestConsole(instanceId).match(/: start$/gm)).toHaveLength(2);
    await sleep(test, 120);
    expect(await stateOf(test, id)).toBe("completed: Experiment completed.");
  }));

  it("leaves a script alone that outlasts it", () => withWork(async (test) => {
    const id = await start(test, shell("sleep 300"));
    await sleep(test, 130);
    expect(await stateOf(test, id)).toBe("completed: Experiment completed.");
    expect(await commands(test)).toEqual(["InProgress"]);
  }));

  it("cancels its command when the experiment is stopped", () => withWork(async (test) => {
    const id = await start(test, shell("sleep 300"));
    await sleep(test, 20);
    await test.fis.send(new StopExperimentCommand({ id }));
    await sleep(test, 2);
    expect(await stateOf(test, id)).toBe("stopped: Experiment stopped.");
    expect(await commands(test)).toEqual(["Cancelled"]);
  }));

  it("fails when its command does", () => withWork(async (test) => {
    const id = await start(test, shell("exit 3"));
    await sleep(test, 20);
    expect(await stateOf(test, id)).toMatch(/^failed: The action command failed: SSMCommandFailed: The SSM command .* ended with the status Failed\./);
  }));

  it("fails where no agent answers", () => withFis(async (test) => {
    await createTemplate(test);
    await launch(test, { tags: ARMED });
    await sleep(test, 60);
    const id = await start(test, shell("true"));
    await sleep(test, 5);
    expect(await stateOf(test, id)).toMatch(/^failed: The action command failed: InvalidInstanceId: Instances \[\[i-\w+\]\] not in a valid state/);
  }));

  it.each<[string, Record<string, string>, RegExp]>([
    ["a document that is not supported", { documentArn: documentArn("AWSFIS-Run-CPU-Stress") }, /The embedded region does not support .*AWSFIS-Run-CPU-Stress/],
    ["a document of nobody", { documentArn: documentArn("mine") }, /Document with name mine does not exist/],
    ["a document of another Region", { documentArn: "arn:aws:ssm:eu-west-1::document/AWS-RunShellScript" }, /must be that of a document of AWS in this Region/],
    ["no ARN", { documentArn: "AWS-RunShellScript" }, /not the ARN of a Systems Manager document/],
    ["parameters that are no JSON", { documentArn: documentArn("AWS-RunShellScript"), documentParameters: "commands" }, /documentParameters is not valid JSON/],
    ["parameters that are a list", { documentArn: documentArn("AWS-RunShellScript"), documentParameters: "[]" }, /documentParameters is not a JSON object/],
    ["a parameter that the document does not take", { documentArn: documentArn("AWSFIS-Run-Kill-Process"), documentParameters: '{"ProcessName": "a", "Speed": "1"}' }, /Parameter "Speed" is not defined/],
    ["a missing one", { documentArn: documentArn("AWSFIS-Run-Kill-Process") }, /Parameter "ProcessName" is required/],
    ["a signal that it does not send", { documentArn: documentArn("AWSFIS-Run-Kill-Process"), documentParameters: '{"ProcessName": "a", "Signal": "SIGHUP"}' }, /the allowed values are: SIGTERM, SIGKILL/],
    ["another version", { documentArn: documentArn("AWS-RunShellScript"), documentVersion: "7", documentParameters: '{"commands": "true"}' }, /has no version 7/],
  ])("is refused at once with %s", (_what, parameters, expected) => withFis(async (test) => {
    const refused = await refusal(createExperimentTemplate(test, command(parameters)));
    expect(refused).toMatch(/^ValidationException: /);
    expect(refused).toMatch(expected);
  }));
});
