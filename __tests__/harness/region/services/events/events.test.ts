import { EventBridgeClient, PutEventsCommand, PutRuleCommand } from "@aws-sdk/client-eventbridge";
import { minutes, seconds, toSeconds } from "../../../../../harness/time/clock";
import type { EventsService } from "../../../../../harness/region/services/events";
import { boto3 } from "../../support/region";
import { startLambda, type LambdaTest } from "../lambda/support";

let test_: LambdaTest;
let events: EventsService;
beforeEach(async () => {
  test_ = await startLambda();
  events = test_.region.service<EventsService>("eventbridge");
});
afterEach(() => test_.region.close());

const call = <T = Record<string, unknown>>(operation: string, input: object): Promise<T> => test_.region.call<T>(test_.region.admin, "eventbridge", operation, input);
const FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:seen";

/** A function that notes what it is given, permitted to that rule; and the rule with it as its target. */
async function ruleWithFunction(pattern: object | undefined, target: object = {}, more: object = {}): Promise<void> {
  await test_.create("seen", "exports.handler = async (event) => { console.log('got ' + JSON.stringify(event)); };");
  const { RuleArn } = await call<{ RuleArn: string }>("PutRule", { Name: "rule", ...(pattern ? { EventPattern: JSON.stringify(pattern) } : {}), ...more });
  await test_.call("AddPermission", { FunctionName: "seen", StatementId: "rule", Action: "lambda:InvokeFunction", Principal: "events.amazonaws.com", SourceArn: RuleArn });
  await call("PutTargets", { Rule: "rule", Targets: [{ Id: "one", Arn: FUNCTION, ...target }] });
}

async function seen(): Promise<{ at: number; event: Record<string, unknown> }[]> {
  const { events: lines } = await test_.region.call<{ events: { timestamp: number; message: string }[] }>(test_.region.admin, "cloudwatch-logs", "FilterLogEvents", { logGroupName: "/aws/lambda/seen", filterPattern: "got" }).catch(() => ({ events: [] }));
  return lines.map(({ timestamp, message }) => ({ at: (timestamp - Date.parse("2026-01-01T00:00:00Z")) / 1000, event: JSON.parse(message.slice(message.indexOf("got ") + 4)) as Record<string, unknown> }));
}

const state = (value: string) => events.publish({ source: "aws.ec2", "detail-type": "EC2 Instance State-change Notification", resources: ["arn:instance"], detail: { "instance-id": "i-1", state: value } });

describe("an event of a service", () => {
  test("reaches the targets of the rules that match it, a second later, in its envelope", async () => {
    await ruleWithFunction({ source: ["aws.ec2"], detail: { state: ["terminated"] } });
    await test_.run(async () => {
      state("running");
      state("terminated");
      await test_.clock.sleep(seconds(5));
    });
    expect(await seen()).toEqual([{
      at: 1,
      event: {
        version: "0", id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/), "detail-type": "EC2 Instance State-change Notification", source: "aws.ec2",
        account: "123456789012", time: "2026-01-01T00:00:00Z", region: "us-east-1", resources: ["arn:instance"], detail: { "instance-id": "i-1", state: "terminated" },
      },
    }]);
  });

  test("comes after those that were published before it", async () => {
    await ruleWithFunction({ source: ["aws.ec2"] });
    await test_.run(async () => {
      for (const value of ["a", "b", "c"]) state(value);
      await test_.clock.sleep(seconds(2));
    });
    expect((await seen()).map(({ event }) => (event["detail"] as { state: string }).state)).toEqual(["a", "b", "c"]);
  });

  test("does not reach a disabled rule, nor a target that was removed", async () => {
    await ruleWithFunction({ source: ["aws.ec2"] });
    await test_.run(async () => {
      await call("DisableRule", { Name: "rule" });
      state("a");
      await call("EnableRule", { Name: "rule" });
      await call("RemoveTargets", { Rule: "rule", Ids: ["one"] });
      state("b");
      await test_.clock.sleep(seconds(2));
    });
    expect(await seen()).toEqual([]);
  });

  test("is not delivered to a function whose policy does not let the rule in; it goes to the dead letters", async () => {
    const Arn = "arn:aws:sqs:us-east-1:123456789012:dead";
    const { QueueUrl } = await test_.region.call(test_.region.admin, "sqs", "CreateQueue", { QueueName: "dead", Attributes: { Policy: JSON.stringify({ Statement: [{ Effect: "Allow", Principal: { Service: "events.amazonaws.com" }, Action: "sqs:SendMessage", Resource: Arn }] }) } });
    await ruleWithFunction({ source: ["aws.ec2"] }, { DeadLetterConfig: { Arn } });
    await test_.call("RemovePermission", { FunctionName: "seen", StatementId: "rule" });
    await test_.run(async () => {
      state("a");
      await test_.clock.sleep(seconds(2));
    });
    expect(await seen()).toEqual([]);
    expect(events.failures).toMatchObject([{ rule: "rule", target: FUNCTION, code: "AccessDeniedException" }]);
    const { Messages } = await test_.run(() => test_.region.call(test_.region.admin, "sqs", "ReceiveMessage", { QueueUrl, MessageAttributeNames: ["All"] }));
    expect(JSON.parse(Messages[0].Body)).toMatchObject({ source: "aws.ec2", detail: { state: "a" } });
    expect(Messages[0].MessageAttributes).toMatchObject({ ERROR_CODE: { StringValue: "AccessDeniedException" }, RULE_ARN: { StringValue: "arn:aws:events:us-east-1:123456789012:rule/rule" } });
  });

  test("reaches a queue whose policy lets the rule in, in the form that its transformer gives it", async () => {
    const queues = { open: "arn:aws:sqs:us-east-1:123456789012:open", closed: "arn:aws:sqs:us-east-1:123456789012:closed" };
    const Policy = JSON.stringify({ Statement: [{ Effect: "Allow", Principal: { Service: "events.amazonaws.com" }, Action: "sqs:SendMessage", Resource: queues.open, Condition: { ArnEquals: { "aws:SourceArn": "arn:aws:events:us-east-1:123456789012:rule/to-queues" } } }] });
    const { QueueUrl } = await test_.region.call(test_.region.admin, "sqs", "CreateQueue", { QueueName: "open", Attributes: { Policy } });
    await test_.region.call(test_.region.admin, "sqs", "CreateQueue", { QueueName: "closed" });
    await call("PutRule", { Name: "to-queues", EventPattern: JSON.stringify({ source: ["aws.ec2"] }) });
    await call("PutTargets", {
      Rule: "to-queues",
      Targets: [{ Id: "open", Arn: queues.open, InputTransformer: { InputPathsMap: { state: "$.detail.state" }, InputTemplate: "{\"now\": <state>, \"text\": \"it is <state>\"}" } }, { Id: "closed", Arn: queues.closed }],
    });
    await test_.run(async () => {
      state("running");
      await test_.clock.sleep(seconds(2));
    });
    const { Messages } = await test_.run(() => test_.region.call(test_.region.admin, "sqs", "ReceiveMessage", { QueueUrl }));
    expect(JSON.parse(Messages[0].Body)).toEqual({ now: "running", text: "it is running" });
    expect(events.failures).toMatchObject([{ rule: "to-queues", target: queues.closed, code: "AccessDenied" }]);
  });
});

describe("what a target gets", () => {
  const given = async (target: object) => {
    await ruleWithFunction({ source: ["aws.ec2"] }, target);
    await test_.run(async () => {
      state("running");
      await test_.clock.sleep(seconds(2));
    });
    return (await seen())[0]?.event;
  };

  test("may be a part of the event", async () => expect(await given({ InputPath: "$.detail" })).toEqual({ "instance-id": "i-1", state: "running" }));
  test("may be a constant", async () => expect(await given({ Input: '{"always": 1}' })).toEqual({ always: 1 }));
  test("may be a template with parts of it", async () => {
    expect(await given({
      InputTransformer: {
        InputPathsMap: { id: "$.detail.instance-id", all: "$.detail", first: "$.resources[0]", none: "$.detail.nothing" },
        InputTemplate: '{"text": "instance <id> (<first>) of <aws.events.rule-name>", "id": <id>, "all": <all>, "none": <none>, "at": <aws.events.event.ingestion-time>}',
      },
    })).toEqual({ text: "instance i-1 (arn:instance) of rule", id: "i-1", all: { "instance-id": "i-1", state: "running" }, none: "", at: "2026-01-01T00:00:00.000Z" });
  });
});

describe("targets other than functions", () => {
  test("log groups take events where a resource policy allows it", async () => {
    const logs = (operation: string, input: object) => test_.region.call(test_.region.admin, "cloudwatch-logs", operation, input);
    const group = "arn:aws:logs:us-east-1:123456789012:log-group:/aws/events/all";
    await logs("CreateLogGroup", { logGroupName: "/aws/events/all" });
    await call("PutRule", { Name: "rule", EventPattern: '{"source": ["aws.ec2"]}' });
    await call("PutTargets", { Rule: "rule", Targets: [{ Id: "log", Arn: group }] });
    await test_.run(async () => {
      state("refused");
      await test_.clock.sleep(seconds(2));
      await logs("PutResourcePolicy", { policyName: "p", policyDocument: JSON.stringify({ Statement: [{ Effect: "Allow", Principal: { Service: ["events.amazonaws.com"] }, Action: ["logs:CreateLogStream", "logs:PutLogEvents"], Resource: `${group}:*` }] }) });
      state("taken");
      await test_.clock.sleep(seconds(2));
    });
    expect(events.failures.map(({ code }) => code)).toEqual(["AccessDeniedException"]);
    expect((await test_.log("/aws/events/all")).map((line) => (JSON.parse(line) as { detail: { state: string } }).detail.state)).toEqual(["taken"]);
  });

  test("of kinds that the region does not have are refused by name", async () => {
    await call("PutRule", { Name: "rule", EventPattern: '{"source": ["aws.ec2"]}' });
    await expect(call("PutTargets", { Rule: "rule", Targets: [{ Id: "a", Arn: "arn:aws:kinesis:us-east-1:123456789012:stream/s" }] })).rejects.toMatchObject({ code: "ValidationException", message: expect.stringContaining("does not support targets other than Lambda functions") });
  });
});

describe("scheduled rules", () => {
  test("send their event at their rate, while they are enabled", async () => {
    await test_.run(async () => {
      await ruleWithFunction(undefined, {}, { ScheduleExpression: "rate(5 minutes)" });
      await test_.clock.sleep(minutes(11));
      await call("DisableRule", { Name: "rule" });
      await test_.clock.sleep(minutes(11));
    });
    const found = await seen();
    expect(found.map(({ at }) => at)).toEqual([301, 601]);
    expect(found[0]!.event).toMatchObject({ source: "aws.events", "detail-type": "Scheduled Event", resources: ["arn:aws:events:us-east-1:123456789012:rule/rule"], detail: {}, time: "2026-01-01T00:05:00Z" });
  });
});

describe("a schedule", () => {
  test("keeps no run alive: time does not move for it", async () => {
    await call("PutRule", { Name: "often", ScheduleExpression: "rate(1 minute)" });
    await test_.clock.run("test", () => test_.clock.sleep(seconds(90)));
    await test_.clock.idle();
    expect(toSeconds(test_.clock.now()) - Date.parse("2026-01-01T00:00:00Z") / 1000).toBe(90);
  });
});

describe("the API", () => {
  test("shows rules, targets and tags as they were put", async () => {
    await ruleWithFunction({ source: ["aws.ec2"] }, {}, { Description: "d", Tags: [{ Key: "a", Value: "1" }] });
    expect(await call("DescribeRule", { Name: "rule" })).toEqual({ Name: "rule", Arn: "arn:aws:events:us-east-1:123456789012:rule/rule", EventPattern: '{"source":["aws.ec2"]}', State: "ENABLED", Description: "d", EventBusName: "default", CreatedBy: "123456789012" });
    expect((await call<{ Targets: object[] }>("ListTargetsByRule", { Rule: "rule" })).Targets).toEqual([{ Id: "one", Arn: FUNCTION }]);
    expect(await call("ListTagsForResource", { ResourceARN: "arn:aws:events:us-east-1:123456789012:rule/rule" })).toEqual({ Tags: [{ Key: "a", Value: "1" }] });
    expect((await call<{ Rules: object[] }>("ListRules", { NamePrefix: "r" })).Rules).toHaveLength(1);
    await expect(call("DeleteRule", { Name: "rule" })).rejects.toMatchObject({ code: "ValidationException", message: "Rule can't be deleted since it has targets." });
    await call("RemoveTargets", { Rule: "rule", Ids: ["one"] });
    await call("DeleteRule", { Name: "rule" });
    await expect(call("DescribeRule", { Name: "rule" })).rejects.toMatchObject({ code: "ResourceNotFoundException", message: "Rule rule does not exist on EventBus default." });
  });

  test("refuses entries one by one", async () => {
    const entry = { Source: "mine", DetailType: "t", Detail: "{}" };
    const { FailedEntryCount, Entries } = await call<{ FailedEntryCount: number; Entries: { ErrorCode?: string; EventId?: string }[] }>("PutEvents", { Entries: [entry, { ...entry, Detail: "no" }, { ...entry, Source: "aws.ec2" }, { ...entry, Source: undefined }] });
    expect(FailedEntryCount).toBe(3);
    expect(Entries.map(({ ErrorCode }) => ErrorCode)).toEqual([undefined, "MalformedDetail", "NotAuthorizedForSourceException", "InvalidArgument"]);
  });

  test("reads the same to the SDK for JavaScript and boto3", async () => {
    const client = new EventBridgeClient(test_.region.sdkConfig() as object);
    await expect(client.send(new PutRuleCommand({ Name: "bad", EventPattern: "{" }))).rejects.toMatchObject({ name: "InvalidEventPatternException" });
    await ruleWithFunction({ source: ["mine"] });
    await test_.run(async () => {
      await client.send(new PutEventsCommand({ Entries: [{ Source: "mine", DetailType: "t", Detail: '{"a":1}', Time: new Date("2025-12-31T23:00:00Z") }] }));
      await test_.clock.sleep(seconds(2));
    });
    expect((await seen())[0]!.event).toMatchObject({ time: "2025-12-31T23:00:00Z", detail: { a: 1 } });
    expect(await boto3(test_.region, `
e = client("events")
result = [e.put_rule(Name="b", EventPattern='{"source": ["x"]}')["RuleArn"], [r["Name"] for r in e.list_rules()["Rules"]], refused(e.put_rule, Name="c", EventPattern='{"source": "x"}'), e.put_events(Entries=[{"Source": "x", "DetailType": "t", "Detail": "{}"}])["FailedEntryCount"]]
`)).toEqual(["arn:aws:events:us-east-1:123456789012:rule/b", ["b", "rule"], ["InvalidEventPatternException", 400, 'Event pattern is not valid. Reason: "source" must be an object or an array'], 0]);
  });
});
