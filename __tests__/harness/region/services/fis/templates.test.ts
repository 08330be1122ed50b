import {
  DeleteExperimentTemplateCommand, GetActionCommand, GetExperimentTemplateCommand, ListActionsCommand, ListExperimentTemplatesCommand, ListTagsForResourceCommand, TagResourceCommand, UntagResourceCommand, UpdateExperimentTemplateCommand,
} from "@aws-sdk/client-fis";
import { boto3 } from "../../support/region";
import { refusal } from "../ec2/support";
import { createExperimentTemplate, INTERRUPT, WAIT, withFis, type TemplateInput } from "./support";

/** Errors in a role's calls, with some parameters of one's own. */
const apiErrors = (service: string, more: Record<string, string> = {}): TemplateInput => ({
  targets: { role: { resourceType: "aws:iam:role", resourceArns: ["arn:aws:iam::123456789012:role/machine"], selectionMode: "ALL" } },
  actions: { errors: { actionId: "aws:fis:inject-api-throttle-error", parameters: { duration: "PT1M", percentage: "50", service, operations: "RunInstances", ...more }, targets: { Roles: "role" } } },
});

describe("an experiment template", () => {
  it("is created, read, listed, changed and deleted", () => withFis(async (test) => {
    const id = await createExperimentTemplate(test, { ...INTERRUPT, tags: { a: "1" } });
    expect(id).toMatch(/^EXT[A-Za-z0-9]{15}$/);
    const read = async () => (await test.fis.send(new GetExperimentTemplateCommand({ id }))).experimentTemplate!;
    expect(await read()).toMatchObject({
      id, description: "test", roleArn: test.roleArn, tags: { a: "1" }, stopConditions: [{ source: "none" }], experimentOptions: { accountTargeting: "single-account", emptyTargetResolutionMode: "fail" },
      targets: INTERRUPT.targets, actions: INTERRUPT.actions, creationTime: new Date("2026-01-01T00:00:00Z"),
    });
    expect((await test.fis.send(new ListExperimentTemplatesCommand({}))).experimentTemplates!.map((template) => template.id)).toEqual([id]);
    await test.fis.send(new UpdateExperimentTemplateCommand({ id, description: "other", experimentOptions: { emptyTargetResolutionMode: "skip" } }));
    expect(await read()).toMatchObject({ description: "other", experimentOptions: { emptyTargetResolutionMode: "skip" }, actions: INTERRUPT.actions });
    await test.fis.send(new DeleteExperimentTemplateCommand({ id }));
    expect(await refusal(read())).toBe(`ResourceNotFoundException: Experiment template ${id} not found.`);
  }));

  it("has tags that can be changed", () => withFis(async (test) => {
    const resourceArn = `arn:aws:fis:us-east-1:123456789012:experiment-template/${await createExperimentTemplate(test, { ...WAIT, tags: { a: "1", b: "2" } })}`;
    await test.fis.send(new TagResourceCommand({ resourceArn, tags: { c: "3" } }));
    await test.fis.send(new UntagResourceCommand({ resourceArn, tagKeys: ["a"] }));
    expect((await test.fis.send(new ListTagsForResourceCommand({ resourceArn }))).tags).toEqual({ b: "2", c: "3" });
  }));

  const interrupt = INTERRUPT.actions!["interrupt"]!;
  const armed = INTERRUPT.targets!["armed"]!;
  const wrong: [string, TemplateInput, RegExp][] = [
    ["no action", { actions: {} }, /must have at least one action/],
    ["an action that does not exist", { actions: { a: { actionId: "stop" } } }, /The action id "stop" is not valid/],
    ["an action that is not supported", { actions: { a: { actionId: "aws:ec2:stop-instances" } } }, /does not support the action aws:ec2:stop-instances/],
    ["a missing parameter", { ...INTERRUPT, actions: { interrupt: { ...interrupt, parameters: {} } } }, /Required parameter "durationBeforeInterruption" is missing from action "interrupt"\./],
    ["an unknown parameter", { actions: { a: { actionId: "aws:fis:wait", parameters: { duration: "PT1M", speed: "1" } } } }, /Unexpected parameter "speed" found in action "a"\./],
    ["a duration that is none", { actions: { a: { actionId: "aws:fis:wait", parameters: { duration: "2 minutes" } } } }, /not a duration in ISO 8601/],
    ["a duration out of range", { ...INTERRUPT, actions: { interrupt: { ...interrupt, parameters: { durationBeforeInterruption: "PT16M" } } } }, /must be from PT2M to PT15M/],
    ["a wrong target key", { ...INTERRUPT, actions: { interrupt: { ...interrupt, targets: { Instances: "armed" } } } }, /^ValidationException: Unexpected target "Instances" found in action "interrupt"\.$/],
    ["a further target key", { ...INTERRUPT, actions: { interrupt: { ...interrupt, targets: { SpotInstances: "armed", Instances: "armed" } } } }, /Unexpected target "Instances" found/],
    ["no target", { ...INTERRUPT, actions: { interrupt: { ...interrupt, targets: {} } } }, /Required target "SpotInstances" is missing from action "interrupt"/],
    ["a target of the wrong type", { ...INTERRUPT, targets: { armed: { ...armed, resourceType: "aws:ec2:instance" } } }, /takes aws:ec2:spot-instance/],
    ["a type that is not supported", { ...INTERRUPT, targets: { armed: { ...armed, resourceType: "aws:rds:db" } } }, /does not support the resource type aws:rds:db/],
    ["a target that is not there", { ...INTERRUPT, targets: {} }, /target "armed" of action "interrupt" is not defined/],
    ["a target without ARNs and tags", { ...INTERRUPT, targets: { armed: { resourceType: "aws:ec2:spot-instance", selectionMode: "ALL" } } }, /at least one resource ARN or one resource tag/],
    ["a target with both", { ...INTERRUPT, targets: { armed: { ...armed, resourceArns: ["arn:aws:ec2:us-east-1:123456789012:instance/i-0"] } } }, /both resource ARNs and resource tags/],
    ["ARNs and filters", { ...INTERRUPT, targets: { armed: { ...armed, resourceTags: undefined, resourceArns: ["arn:aws:ec2:us-east-1:123456789012:instance/i-0"] } } }, /both resource ARNs and filters/],
    ["more ARNs than a target may have", { ...INTERRUPT, targets: { armed: { resourceType: "aws:ec2:spot-instance", selectionMode: "ALL", resourceArns: Array.from({ length: 6 }, () => "arn:aws:ec2:us-east-1:123456789012:instance/i-0") } } }, /'targets.armed.member.resourceArns' failed to satisfy constraint: Member must have length less than or equal to 5/],
    ["a parameter that the type does not take", { ...INTERRUPT, targets: { armed: { ...armed, parameters: { vpc: "vpc-1" } } } }, /Unexpected parameter "vpc" found in target "armed"/],
    ["a role target by tags", { ...WAIT, targets: { role: { resourceType: "aws:iam:role", resourceTags: { a: "b" }, selectionMode: "ALL" } } }, /by resource ARNs only/],
    ["a bad selection mode", { ...INTERRUPT, targets: { armed: { ...armed, selectionMode: "SOME" } } }, /selection mode "SOME"/],
    ["a percentage of none", { ...INTERRUPT, targets: { armed: { ...armed, selectionMode: "PERCENT(0)" } } }, /selection mode "PERCENT\(0\)"/],
    ["actions in a circle", { actions: { a: { ...WAIT.actions!["wait"]!, startAfter: ["b"] }, b: { ...WAIT.actions!["wait"]!, startAfter: ["a"] } } }, /a -> b -> a start after each other in a circle/],
    ["an action after itself", { actions: { a: { ...WAIT.actions!["wait"]!, startAfter: ["a"] } } }, /a -> a start after each other in a circle/],
    ["an action after one that is not there", { actions: { a: { ...WAIT.actions!["wait"]!, startAfter: ["b"] } } }, /starts after "b", which is not an action/],
    ["too many actions", { actions: Object.fromEntries(Array.from({ length: 21 }, (_, at) => [`a${at}`, WAIT.actions!["wait"]!])) }, /at most 20 actions/],
    ["too many at once", { actions: Object.fromEntries(Array.from({ length: 11 }, (_, at) => [`a${at}`, WAIT.actions!["wait"]!])) }, /at most 10 actions that run in parallel; 11 would/],
    ["a service without the faults", { ...apiErrors("kinesis") }, /does not support the service kinesis/],
    ["a percentage over 100", { ...apiErrors("ec2", { percentage: "101" }) }, /whole number from 1 to 100/],
    ["no stop condition", { ...WAIT, stopConditions: [] }, /at least one stop condition/],
    ["none beside an alarm", { ...WAIT, stopConditions: [{ source: "none" }, { source: "none" }] }, /must be the only one/],
    ["a stop condition that is no alarm", { ...WAIT, stopConditions: [{ source: "aws:cloudwatch:alarm", value: "arn:aws:sns:us-east-1:123456789012:guard" }] }, /not the ARN of a CloudWatch alarm/],
    ["a role that is none", { ...WAIT, roleArn: "arn:aws:iam::123456789012:user/me" }, /not that of an IAM role/],
    ["a description that is too long", { ...WAIT, description: "x".repeat(513) }, /at 'description' failed to satisfy constraint: Member must have length less than or equal to 512/],
    ["an option that there is not", { ...WAIT, experimentOptions: { emptyTargetResolutionMode: "ignore" as never } }, /'experimentOptions.emptyTargetResolutionMode' failed to satisfy constraint: Member must satisfy enum value set: \[fail, skip\]/],
    ["several accounts", { ...WAIT, experimentOptions: { accountTargeting: "multi-account" } }, /does not support experiments over several accounts/],
    ["a log without a destination", { ...WAIT, logConfiguration: { logSchemaVersion: 2 } }, /must have a destination/],
    ["a log of another schema", { ...WAIT, logConfiguration: { logSchemaVersion: 3, cloudWatchLogsConfiguration: { logGroupArn: "arn:aws:logs:us-east-1:123456789012:log-group:a:*" } } }, /must be 1 or 2/],
  ];
  it.each(wrong)("is refused with %s", (_what, input, message) => withFis(async (test) => {
    const refused = await refusal(createExperimentTemplate(test, input));
    expect(refused).toMatch(/^ValidationException: /);
    expect(refused).toMatch(message);
  }));

  it("is made once under a client token, which stands for that request alone", () => withFis(async (test) => {
    const make = (description: string) => createExperimentTemplate(test, { ...WAIT, description, clientToken: "one" });
    expect(await make("a")).toBe(await make("a"));
    expect(await refusal(make("b"))).toMatch(/^ConflictException: /);
    expect(await refusal(test.region.call(test.region.admin, "fis", "CreateExperimentTemplate", {}))).toMatch(/^ValidationException: .*Value null at 'clientToken'/);
  }));

  it("is checked as a whole when it is changed, and keeps what it was when that is refused", () => withFis(async (test) => {
    const id = await createExperimentTemplate(test, INTERRUPT);
    expect(await refusal(test.fis.send(new UpdateExperimentTemplateCommand({ id, targets: {} })))).toMatch(/target "armed" of action "interrupt" is not defined/);
    expect((await test.fis.send(new GetExperimentTemplateCommand({ id }))).experimentTemplate).toMatchObject({ targets: INTERRUPT.targets });
  }));

  it("gives its log up with an empty configuration", () => withFis(async (test) => {
    const id = await createExperimentTemplate(test, { ...WAIT, logConfiguration: { logSchemaVersion: 2, s3Configuration: { bucketName: "logs", prefix: "a" } } });
    expect((await test.fis.send(new GetExperimentTemplateCommand({ id }))).experimentTemplate!.logConfiguration).toEqual({ logSchemaVersion: 2, s3Configuration: { bucketName: "logs", prefix: "a" } });
    await test.fis.send(new UpdateExperimentTemplateCommand({ id, logConfiguration: {} }));
    expect((await test.fis.send(new GetExperimentTemplateCommand({ id }))).experimentTemplate!.logConfiguration).toBeUndefined();
  }));

  it("speaks to boto3, and refuses by name what newer clients ask for and it does not have", () => withFis(async (test) => {
    const seen = await boto3(test.region, [
      "fis = client('fis')",
      `template = dict(description='d', roleArn='${test.roleArn}', stopConditions=[{'source': 'none'}], actions={'wait': {'actionId': 'aws:fis:wait', 'parameters': {'duration': 'PT1M'}}})`,
      "made = fis.create_experiment_template(**template)['experimentTemplate']",
      "wrong = dict(template, actions={'interrupt': {'actionId': 'aws:ec2:send-spot-instance-interruptions', 'parameters': {'durationBeforeInterruption': 'PT2M'}, 'targets': {'Instances': 'them'}}})",
      "result = [made['id'][:3], made['experimentOptions'], refused(fis.create_experiment_template, **wrong),",
      "  refused(fis.create_experiment_template, **template, experimentReportConfiguration={'preExperimentDuration': 'PT1M'})[2],",
      "  refused(fis.list_target_account_configurations, experimentTemplateId=made['id'])[2],",
      "  fis.get_target_resource_type(resourceType='aws:ec2:instance')['targetResourceType']['description'],",
      "  fis.get_safety_lever(id='default')['safetyLever']['state']['status']]",
    ].join("\n"));
    expect(seen).toEqual([
      "EXT", { accountTargeting: "single-account", emptyTargetResolutionMode: "fail" },
      ["ValidationException", 400, 'Unexpected target "Instances" found in action "interrupt".'],
      "The embedded region does not support experiment reports (experimentReportConfiguration).",
      "The embedded region does not support the operation ListTargetAccountConfigurations of fis.",
      "An Amazon EC2 instance", "disengaged",
    ]);
  }));

  it("is made of the actions that ListActions names", () => withFis(async (test) => {
    const { actions } = await test.fis.send(new ListActionsCommand({}));
    expect(actions!.map(({ id }) => id)).toEqual(expect.arrayContaining(["aws:fis:wait", "aws:ec2:send-spot-instance-interruptions", "aws:ec2:terminate-instances"]));
    const { action } = await test.fis.send(new GetActionCommand({ id: "aws:ec2:send-spot-instance-interruptions" }));
    expect(action).toMatchObject({ targets: { SpotInstances: { resourceType: "aws:ec2:spot-instance" } }, parameters: { durationBeforeInterruption: { required: true } } });
  }));
});
