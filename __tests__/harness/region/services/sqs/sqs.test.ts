import { seconds } from "../../../../../harness/time/clock";
import type { SqsService } from "../../../../../harness/region/services/sqs";
import { boto3, startRegion, type TestRegion } from "../../support/region";

let test: TestRegion;
let url: string;
const sqs = (operation: string, input: object) => test.region.call(test.region.admin, "sqs", operation, input);
beforeEach(async () => {
  test = await startRegion();
  ({ QueueUrl: url } = await sqs("CreateQueue", { QueueName: "dead", Attributes: { MessageRetentionPeriod: "1209600" }, tags: { a: "b" } }));
});
afterEach(() => test.region.close());
const ARN = "arn:aws:sqs:us-east-1:123456789012:dead";

it("hides a received message for its visibility timeout, and deletes it by its newest receipt", async () => {
  await test.clock.run("consumer", async () => {
    await sqs("SendMessage", { QueueUrl: url, MessageBody: "hello" });
    const first = await sqs("ReceiveMessage", { QueueUrl: url, AttributeNames: ["All"] });
    expect(first.Messages).toMatchObject([{ Body: "hello", MD5OfBody: "5d41402abc4b2a76b9719d911017c592", Attributes: { ApproximateReceiveCount: "1", SentTimestamp: "1767225600000" } }]);
    expect((await sqs("ReceiveMessage", { QueueUrl: url })).Messages).toBeUndefined();
    await test.clock.sleep(seconds(30));
    const second = await sqs("ReceiveMessage", { QueueUrl: url });
    await sqs("DeleteMessage", { QueueUrl: url, ReceiptHandle: first.Messages[0].ReceiptHandle });
    expect((await sqs("GetQueueAttributes", { QueueUrl: url, AttributeNames: ["All"] })).Attributes).toMatchObject({ QueueArn: ARN, MaximumMessageSize: "1048576", ApproximateNumberOfMessages: "0", ApproximateNumberOfMessagesNotVisible: "1" });
    await sqs("DeleteMessage", { QueueUrl: url, ReceiptHandle: second.Messages[0].ReceiptHandle });
    expect((await sqs("GetQueueAttributes", { QueueUrl: url, AttributeNames: ["ApproximateNumberOfMessagesNotVisible"] })).Attributes).toEqual({ ApproximateNumberOfMessagesNotVisible: "0" });
  });
});

it("waits for a message as long as it is asked to", async () => {
  await test.clock.run("consumer", async () => {
    test.clock.spawn("producer", async () => {
      await test.clock.sleep(seconds(5));
      await sqs("SendMessage", { QueueUrl: url, MessageBody: "late" });
    });
    const began = test.clock.now();
    expect((await sqs("ReceiveMessage", { QueueUrl: url, WaitTimeSeconds: 20 })).Messages).toMatchObject([{ Body: "late" }]);
    expect(test.clock.now() - began).toBe(seconds(5));
    expect((await sqs("ReceiveMessage", { QueueUrl: url, WaitTimeSeconds: 2 })).Messages).toBeUndefined();
    expect(test.clock.now() - began).toBe(seconds(7));
  });
});

it("moves what was received too often to the dead-letter queue, and forgets what is too old", async () => {
  await test.clock.run("consumer", async () => {
    const { QueueUrl } = await sqs("CreateQueue", { QueueName: "work", Attributes: { VisibilityTimeout: "1", RedrivePolicy: JSON.stringify({ deadLetterTargetArn: ARN, maxReceiveCount: 2 }) } });
    await sqs("SendMessage", { QueueUrl, MessageBody: "poison" });
    for (const times of [1, 2]) {
      expect((await sqs("ReceiveMessage", { QueueUrl })).Messages ?? []).toHaveLength(times > 2 ? 0 : 1);
      await test.clock.sleep(seconds(1));
    }
    expect((await sqs("ReceiveMessage", { QueueUrl })).Messages).toBeUndefined();
    expect((await sqs("GetQueueAttributes", { QueueUrl: url, AttributeNames: ["ApproximateNumberOfMessages"] })).Attributes).toEqual({ ApproximateNumberOfMessages: "1" });
    await test.clock.sleep(seconds(1209600 + 1));
    expect((await sqs("ReceiveMessage", { QueueUrl: url })).Messages).toBeUndefined();
  });
});

const RULE = (name: string): string => `arn:aws:events:us-east-1:123456789012:rule/${name}`;

it("takes messages from services that its policy lets in", async () => {
  const put = (sourceArn: string) => test.region.service<SqsService>("sqs").putForService({ queueArn: ARN, body: "{}", principal: "events.amazonaws.com", sourceArn });
  expect(() => put(RULE("a"))).toThrow(expect.objectContaining({ code: "AccessDenied" }));
  await sqs("SetQueueAttributes", { QueueUrl: url, Attributes: { Policy: JSON.stringify({ Statement: [{ Effect: "Allow", Principal: { Service: ["events.amazonaws.com"] }, Action: ["sqs:SendMessage"], Resource: [ARN], Condition: { ArnEquals: { "aws:SourceArn": [RULE("a")] } } }] }) } });
  put(RULE("a"));
  expect(() => put(RULE("b"))).toThrow(expect.objectContaining({ code: "AccessDenied" }));
  expect((await sqs("ReceiveMessage", { QueueUrl: url })).Messages).toMatchObject([{ Body: "{}" }]);
});

it("answers boto3, and refuses by name what it does not model", async () => {
  expect(await boto3(test.region, `
sqs = client('sqs'); url = sqs.get_queue_url(QueueName='dead')['QueueUrl']
sqs.send_message(QueueUrl=url, MessageBody='hi', MessageAttributes={'a': {'DataType': 'String', 'StringValue': 'x'}})
message = sqs.receive_message(QueueUrl=url, MessageAttributeNames=['All'])['Messages'][0]
result = [message['Body'], message['MessageAttributes']['a']['StringValue'], sqs.list_queue_tags(QueueUrl=url)['Tags'], [u.rsplit('/', 1)[1] for u in sqs.list_queues()['QueueUrls']],
  refused(sqs.get_queue_url, QueueName='none'), refused(sqs.create_queue, QueueName='x.fifo')[2], refused(sqs.set_queue_attributes, QueueUrl=url, Attributes={'VisibilityTimeout': '99999'})[2]]`))
    .toEqual(["hi", "x", { a: "b" }, ["dead"], ["AWS.SimpleQueueService.NonExistentQueue", 400, "The specified queue does not exist."], "The embedded region does not support FIFO queues.", "Invalid value for the parameter VisibilityTimeout."]);
});
