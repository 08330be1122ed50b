import { CloudWatchLogsClient, FilterLogEventsCommand, PutLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { minutes, seconds } from "../../../../../harness/time/clock";
import { boto3, startRegion, type TestRegion } from "../../support/region";

let test_: TestRegion;
const call = <T = Record<string, unknown>>(operation: string, input: object): Promise<T> => test_.region.call<T>(test_.region.admin, "cloudwatch-logs", operation, input);
const START = Date.parse("2026-01-01T00:00:00Z");
const put = (messages: string[], at = START, logStreamName = "s") => call("PutLogEvents", { logGroupName: "g", logStreamName, logEvents: messages.map((message, index) => ({ timestamp: at + index, message })) });

beforeEach(async () => {
  test_ = await startRegion();
  await call("CreateLogGroup", { logGroupName: "g", tags: { team: "batch" } });
  await call("CreateLogStream", { logGroupName: "g", logStreamName: "s" });
});
afterEach(() => test_.region.close());

test("groups and streams are made once, described, and missed by name", async () => {
  await expect(call("CreateLogGroup", { logGroupName: "g" })).rejects.toMatchObject({ code: "ResourceAlreadyExistsException", message: "The specified log group already exists" });
  await expect(call("CreateLogStream", { logGroupName: "none", logStreamName: "s" })).rejects.toMatchObject({ code: "ResourceNotFoundException", message: "The specified log group does not exist." });
  await expect(call("GetLogEvents", { logGroupName: "g", logStreamName: "none" })).rejects.toMatchObject({ message: "The specified log stream does not exist." });
  expect((await call<{ logGroups: object[] }>("DescribeLogGroups", { logGroupNamePrefix: "g" })).logGroups).toMatchObject([{ logGroupName: "g", arn: "arn:aws:logs:us-east-1:123456789012:log-group:g:*", logGroupArn: "arn:aws:logs:us-east-1:123456789012:log-group:g", creationTime: START }]);
  expect(await call("ListTagsForResource", { resourceArn: "arn:aws:logs:us-east-1:123456789012:log-group:g" })).toEqual({ tags: { team: "batch" } });
});

test("events come back in order of time, forward and backward", async () => {
  await put(["a", "b", "c", "d"]);
  const page = (input: object) => call<{ events: { message: string }[]; nextForwardToken: string; nextBackwardToken: string }>("GetLogEvents", { logGroupName: "g", logStreamName: "s", limit: 3, ...input });
  const messages = ({ events }: { events: { message: string }[] }) => events.map(({ message }) => message).join("");
  const newest = await page({});
  expect(messages(newest)).toBe("bcd");
  expect(messages(await page({ nextToken: newest.nextBackwardToken }))).toBe("a");
  const oldest = await page({ startFromHead: true });
  expect(messages(oldest)).toBe("abc");
  const rest = await page({ nextToken: oldest.nextForwardToken });
  expect(messages(rest)).toBe("d");
  expect((await page({ nextToken: rest.nextForwardToken })).nextForwardToken).toBe(rest.nextForwardToken);
  expect(messages(await page({ startTime: START + 1, endTime: START + 3 }))).toBe("bc");
});

test("late events take their place by time", async () => {
  await put(["late"], START + 10);
  await put(["early"], START + 5);
  const { events } = await call<{ events: { message: string }[] }>("GetLogEvents", { logGroupName: "g", logStreamName: "s", startFromHead: true });
  expect(events.map(({ message }) => message)).toEqual(["early", "late"]);
});

test("events are refused out of order, and rejected when too old or too new", async () => {
  await expect(call("PutLogEvents", { logGroupName: "g", logStreamName: "s", logEvents: [{ timestamp: START, message: "b" }, { timestamp: START - 1, message: "a" }] })).rejects.toMatchObject({ code: "InvalidParameterException", message: "Log events in a single PutLogEvents request must be in chronological order." });
  expect(await call("PutLogEvents", { logGroupName: "g", logStreamName: "s", logEvents: [{ timestamp: START, message: "a" }, { timestamp: START + 3 * 3_600_000, message: "b" }] })).toMatchObject({ rejectedLogEventsInfo: { tooNewLogEventStartIndex: 1 } });
  expect(await put(["old"], START - 15 * 86_400_000)).toMatchObject({ rejectedLogEventsInfo: { tooOldLogEventEndIndex: 1 } });
});

test("events are found across streams by pattern", async () => {
  await call("CreateLogStream", { logGroupName: "g", logStreamName: "t" });
  await put(['{"event": "notice"}', "other"]);
  await put(['{"event": "notice", "n": 2}'], START - 1, "t");
  const { events } = await call<{ events: object[] }>("FilterLogEvents", { logGroupName: "g", filterPattern: '{ $.event = "notice" }' });
  expect(events).toMatchObject([{ logStreamName: "t", timestamp: START - 1 }, { logStreamName: "s", timestamp: START }]);
});

test("retention takes events after its days", async () => {
  await call("PutRetentionPolicy", { logGroupName: "g", retentionInDays: 1 });
  await expect(call("PutRetentionPolicy", { logGroupName: "g", retentionInDays: 2 })).rejects.toMatchObject({ code: "InvalidParameterException" });
  await put(["a"]);
  const count = async () => (await call<{ events: object[] }>("FilterLogEvents", { logGroupName: "g" })).events.length;
  await test_.clock.run("test", async () => {
    await test_.clock.sleep(minutes(60 * 24));
    expect(await count()).toBe(1);
    await test_.clock.sleep(seconds(1));
    expect(await count()).toBe(0);
  });
});

test("metric filters put what they match into CloudWatch", async () => {
  await call("PutMetricFilter", { logGroupName: "g", filterName: "f", filterPattern: '{ $.event = "saved" }', metricTransformations: [{ metricName: "Bytes", metricNamespace: "jobs", metricValue: "$.bytes", dimensions: { Job: "$.job" } }] });
  await put(['{"event": "saved", "bytes": 10, "job": "a"}', '{"event": "other", "bytes": 99, "job": "a"}', '{"event": "saved", "bytes": 5, "job": "a"}']);
  const { Datapoints } = await test_.region.call(test_.region.admin, "cloudwatch", "GetMetricStatistics", { Namespace: "jobs", MetricName: "Bytes", Dimensions: [{ Name: "Job", Value: "a" }], StartTime: new Date(START), EndTime: new Date(START + 60_000), Period: 60, Statistics: ["Sum", "SampleCount"] });
  expect(Datapoints).toMatchObject([{ Sum: 15, SampleCount: 2 }]);
});

test("the SDK for JavaScript and boto3 read the same", async () => {
  const client = new CloudWatchLogsClient(test_.region.sdkConfig() as object);
  await client.send(new PutLogEventsCommand({ logGroupName: "g", logStreamName: "s", logEvents: [{ timestamp: START, message: "ü" }] }));
  expect((await client.send(new FilterLogEventsCommand({ logGroupName: "g" }))).events).toMatchObject([{ message: "ü", timestamp: START }]);
  expect(await boto3(test_.region, `
l = client("logs")
result = [[e["message"] for e in l.get_log_events(logGroupName="g", logStreamName="s")["events"]], l.describe_log_streams(logGroupName="g")["logStreams"][0]["lastEventTimestamp"], refused(l.create_log_group, logGroupName="g")]
`)).toEqual([["ü"], START, ["ResourceAlreadyExistsException", 400, "The specified log group already exists"]]);
});
