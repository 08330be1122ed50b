import {
  DeleteExperimentTemplateCommand, GetActionCommand, GetExperimentTemplateCommand, ListActionsCommand, ListExperimentTemplatesCommand, ListTagsForResourceCommand, TagResourceCommand, UntagResourceCommand, UpdateExperimentTemplateCommand,
} from "@aws-sdk/client-fis";
import { refusal } from "../ec2/support";
import { createExperimentTemplate, INTERRUPT, WAIT, withFis, type TemplateInput } from "./support";

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
    ["an action that does not exist", { actions: { a: { actionId: "stop" } } }, /The action id 'stop' is not valid/],
    ["an action that is not supported", { actions: { a: { actionId: "aws:ec2:stop-instances" } } }, /does not support the action aws:ec2:stop-instances/],
    ["a missing parameter", { ...INTERRUPT, actions: { interrupt: { ...interrupt, parameters: {} } } }, /missing the required parameter 'durationBeforeInterruption'/],
    ["an unknown parameter", { actions: { a: { actionId: "aws:fis:wait", parameters: { duration: "PT1M", speed: "1" } } } }, /does not support the parameter 'speed'/],
    ["a duration that is none", { actions: { a: { actionId: "aws:fis:wait", parameters: { duration: "2 minutes" } } } }, /not a duration in ISO 8601/],
    ["a duration out of range", { ...INTERRUPT, actions: { interrupt: { ...interrupt, parameters: { durationBeforeInterruption: "PT16M" } } } }, /must be from PT2M to PT15M/],
    ["a wrong target key", { ...INTERRUPT, actions: { interrupt: { ...interrupt, targets: { Instances: "armed" } } } }, /missing the required target 'SpotInstances'/],
    ["a further target key", { ...INTERRUPT, actions: { interrupt: { ...interrupt, targets: { SpotInstances: "armed", Instances: "armed" } } } }, /does not support the target 'Instances'/],
    ["a target of the wrong type", { ...INTERRUPT, targets: { armed: { ...armed, resourceType: "aws:ec2:instance" } } }, /takes aws:ec2:spot-instance/],
    ["a target that is not there", { ...INTERRUPT, targets: {} }, /target 'armed' .* is not defined/],
    ["a target without ARNs and tags", { ...INTERRUPT, targets: { armed: { resourceType: "aws:ec2:spot-instance", selectionMode: "ALL" } } }, /at least one resource ARN or one resource tag/],
    ["a target with both", { ...INTERRUPT, targets: { armed: { ...armed, resourceArns: ["arn:aws:ec2:us-east-1:123456789012:instance/i-0"] } } }, /both resource ARNs and resource tags/],
    ["a role target by tags", { ...WAIT, targets: { role: { resourceType: "aws:iam:role", resourceTags: { a: "b" }, selectionMode: "ALL" } } }, /by resource ARNs only/],
    ["a bad selection mode", { ...INTERRUPT, targets: { armed: { ...armed, selectionMode: "SOME" } } }, /selection mode 'SOME'/],
    ["actions in a circle", { actions: { a: { ...WAIT.actions!["wait"]!, startAfter: ["b"] }, b: { ...WAIT.actions!["wait"]!, startAfter: ["a"] } } }, /a -> b -> a start after each other in a circle/],
    ["an action after one that is not there", { actions: { a: { ...WAIT.actions!["wait"]!, startAfter: ["b"] } } }, /starts after 'b', which is not an action/],
    ["no stop condition", { ...WAIT, stopConditions: [] }, /at least one stop condition/],
    ["a stop condition that is no alarm", { ...WAIT, stopConditions: [{ source: "aws:cloudwatch:alarm", value: "guard" }] }, /not the ARN of a CloudWatch alarm/],
    ["a role that is none", { ...WAIT, roleArn: "experiments" }, /not the ARN of an IAM role/],
  ];
  it.each(wrong)("is refused with %s", (_what, input, message) => withFis(async (test) => {
    const refused = await refusal(createExperimentTemplate(test, input));
    expect(refused).toMatch(/^ValidationException: /);
    expect(refused).toMatch(message);
  }));

  it("is made of the actions that ListActions names", () => withFis(async (test) => {
    const { actions } = await test.fis.send(new ListActionsCommand({}));
    expect(actions!.map(({ id }) => id)).toEqual(expect.arrayContaining(["aws:fis:wait", "aws:ec2:send-spot-instance-interruptions", "aws:ec2:terminate-instances"]));
    const { action } = await test.fis.send(new GetActionCommand({ id: "aws:ec2:send-spot-instance-interruptions" }));
    expect(action).toMatchObject({ targets: { SpotInstances: { resourceType: "aws:ec2:spot-instance" } }, parameters: { durationBeforeInterruption: { required: true } } });
  }));
});
