import { CloudWatchClient, DeleteDashboardsCommand, DescribeAlarmsCommand, GetDashboardCommand, GetMetricDataCommand, GetMetricStatisticsCommand, paginateGetMetricData, PutDashboardCommand, PutMetricAlarmCommand, PutMetricDataCommand, type PutMetricAlarmCommandInput } from "@aws-sdk/client-cloudwatch";
import { minutes, seconds, toSeconds } from "../../../../../harness/time/clock";
import { boto3, startRegion, type TestRegion } from "../../support/region";

let test_: TestRegion;
let cloudwatch: CloudWatchClient;
const START = Date.parse("2026-01-01T00:00:00Z");
const at = (second: number): Date => new Date(START + second * 1000);

beforeEach(async () => {
  test_ = await startRegion();
  cloudwatch = new CloudWatchClient(test_.region.sdkConfig() as object);
});
afterEach(async () => {
  cloudwatch.destroy();
  await test_.region.close();
});

const call = <T = Record<string, unknown>>(operation: string, input: object): Promise<T> => test_.region.call<T>(test_.region.admin, "cloudwatch", operation, input);
const job = (name: string) => [{ Name: "JobId", Value: name }];
const put = (MetricName: string, values: Record<number, number>, Job = "a", more: object = {}) => cloudwatch.send(new PutMetricDataCommand({
  Namespace: "spotproof", MetricData: Object.entries(values).map(([second, Value]) => ({ MetricName, Dimensions: job(Job), Timestamp: at(Number(second)), Value, Unit: "Percent", StorageResolution: 1, ...more })),
}));
const query = (Id: string, MetricName: string, Period: number, Stat: string, more: object = {}) => ({ Id, MetricStat: { Metric: { Namespace: "spotproof", MetricName, Dimensions: job("a") }, Period, Stat }, ...more });
const data = async (MetricDataQueries: object[], more: object = {}) => {
  const { MetricDataResults } = await cloudwatch.send(new GetMetricDataCommand({ MetricDataQueries: MetricDataQueries as never, StartTime: at(0), EndTime: at(3600), ScanBy: "TimestampAscending", ...more }));
  return MetricDataResults!.map(({ Id, Label, Timestamps, Values }) => ({ Id, Label, points: Timestamps!.map((time, index) => [(time.getTime() - START) / 1000, Values![index]]) }));
};

describe("metric data", () => {
  test("may come compressed, as SDKs send what is large, in each protocol", async () => {
    const many = Array.from({ length: 400 }, (_, index) => ({ MetricName: "m", Value: index, Timestamp: at(index), StorageResolution: 1 }));
    await cloudwatch.send(new PutMetricDataCommand({ Namespace: "n", MetricData: many }));
    expect(await boto3(test_.region, `
cw = client("cloudwatch")
cw.put_metric_data(Namespace="n", MetricData=[{"MetricName": "py", "Value": i, "Timestamp": "2026-01-01T00:00:00Z"} for i in range(400)])
result = [refused(cw.put_metric_data, Namespace="n", MetricData=[{"MetricName": "py", "Value": 1}] * 1001)[:2]]`)).toEqual([["ValidationError", 400]]);
    const counted = async (MetricName: string) => (await cloudwatch.send(new GetMetricStatisticsCommand({ Namespace: "n", MetricName, StartTime: at(0), EndTime: at(3600), Period: 3600, Statistics: ["SampleCount"] }))).Datapoints![0]!.SampleCount;
    expect([await counted("m"), await counted("py")]).toEqual([400, 400]);
  });

  test("is trimmed by percentages and by values", async () => {
    await cloudwatch.send(new PutMetricDataCommand({ Namespace: "n", MetricData: [{ MetricName: "m", Values: [1, 2, 3, 4, 100], Timestamp: at(0) }] }));
    const wanted = ["tm80", "TM(20%:80%)", "TM(1:4)", "TC(:3)", "TC(3:)", "TS(2:100)", "PR(:3)", "PR(1:3)", "WM(2:4)", "TC(500:)"];
    const { Datapoints } = await cloudwatch.send(new GetMetricStatisticsCommand({ Namespace: "n", MetricName: "m", StartTime: at(0), EndTime: at(60), Period: 60, ExtendedStatistics: wanted.slice(0, 10) }));
    expect(Datapoints![0]!.ExtendedStatistics).toEqual({ tm80: 2.5, "TM(20%:80%)": 3, "TM(1:4)": 3, "TC(:3)": 3, "TC(3:)": 2, "TS(2:100)": 107, "PR(:3)": 60, "PR(1:3)": 40, "WM(2:4)": 3, "TC(500:)": 0 });
    for (const wrong of ["PR(1%:3%)", "TM(1:3%)", "TM(3:1)", "TM(:)", "TM(0%:101%)"]) {
      await expect(cloudwatch.send(new GetMetricStatisticsCommand({ Namespace: "n", MetricName: "m", StartTime: at(0), EndTime: at(60), Period: 60, ExtendedStatistics: [wrong] }))).rejects.toThrow(`The value ${wrong}`);
    }
  });

  test("of seconds can be read for three hours, and by the minute afterwards", async () => {
    await put("progress", { 0: 1, 1: 3 });
    await test_.clock.run("test", () => test_.clock.sleep(seconds(3 * 3600)));
    expect((await data([query("m", "progress", 1, "Average")]))[0]!.points).toEqual([[0, 1], [1, 3]]);
    await test_.clock.run("test", () => test_.clock.sleep(seconds(60)));
    expect((await data([query("m", "progress", 1, "Average")]))[0]!.points).toEqual([]);
    expect((await data([query("m", "progress", 60, "Average")]))[0]!.points).toEqual([[0, 2]]);
  });

  test("comes back by the second, and by longer periods", async () => {
    await put("progress", { 0: 1, 1: 2, 61: 5 });
    expect(await data([query("m", "progress", 1, "Average")])).toEqual([{ Id: "m", Label: "progress", points: [[0, 1], [1, 2], [61, 5]] }]);
    expect((await data([query("m", "progress", 60, "Maximum")]))[0]!.points).toEqual([[0, 2], [60, 5]]);
    expect((await data([query("m", "progress", 60, "Sum")], { ScanBy: "TimestampDescending" }))[0]!.points).toEqual([[60, 5], [0, 3]]);
  });

  test("has every statistic that its values allow", async () => {
    await cloudwatch.send(new PutMetricDataCommand({ Namespace: "n", MetricData: [{ MetricName: "m", Values: [1, 2, 3, 4], Counts: [1, 1, 1, 7], Timestamp: at(0) }] }));
    const { Datapoints } = await cloudwatch.send(new GetMetricStatisticsCommand({ Namespace: "n", MetricName: "m", StartTime: at(0), EndTime: at(60), Period: 60, Statistics: ["SampleCount", "Sum", "Average", "Minimum", "Maximum"] }));
    expect(Datapoints).toEqual([{ Timestamp: at(0), SampleCount: 10, Sum: 34, Average: 3.4, Minimum: 1, Maximum: 4, Unit: "None" }]);
    const percentiles = await cloudwatch.send(new GetMetricStatisticsCommand({ Namespace: "n", MetricName: "m", StartTime: at(0), EndTime: at(60), Period: 60, ExtendedStatistics: ["p50", "p0", "p10"] }));
    expect(percentiles.Datapoints![0]!.ExtendedStatistics).toEqual({ p50: 4, p0: 1, p10: expect.closeTo(1.9) });
  });

  test("may be summaries", async () => {
    await cloudwatch.send(new PutMetricDataCommand({ Namespace: "n", MetricData: [{ MetricName: "m", StatisticValues: { SampleCount: 4, Sum: 10, Minimum: 1, Maximum: 4 }, Timestamp: at(0) }] }));
    const { Datapoints } = await cloudwatch.send(new GetMetricStatisticsCommand({ Namespace: "n", MetricName: "m", StartTime: at(0), EndTime: at(60), Period: 60, Statistics: ["Average", "Maximum"] }));
    expect(Datapoints).toMatchObject([{ Average: 2.5, Maximum: 4 }]);
  });

  test("is kept by the second for three hours only", async () => {
    await put("progress", { 1: 7 });
    await test_.clock.run("test", async () => {
      await test_.clock.sleep(minutes(181));
      expect((await data([query("m", "progress", 1, "Average")]))[0]!.points).toEqual([]);
      expect((await data([query("m", "progress", 60, "Average")]))[0]!.points).toEqual([[0, 7]]);
    });
  });

  test("comes in pages", async () => {
    await put("progress", { 0: 0, 1: 1, 2: 2, 3: 3, 4: 4 });
    await put("other", { 0: 9 });
    const found: [string, number][] = [];
    for await (const page of paginateGetMetricData({ client: cloudwatch }, { MetricDataQueries: [query("a", "progress", 1, "Sum"), query("b", "other", 1, "Sum")], StartTime: at(0), EndTime: at(60), MaxDatapoints: 2, ScanBy: "TimestampAscending" })) {
      for (const { Id, Values } of page.MetricDataResults!) for (const value of Values!) found.push([Id!, value]);
    }
    expect(found).toEqual([["a", 0], ["a", 1], ["a", 2], ["a", 3], ["a", 4], ["b", 9]]);
  });

  test.each<[object, string, string]>([
    [{ Value: 1, Timestamp: at(-15 * 86_400) }, "InvalidParameterValueException", "two weeks in the past"],
    [{ Value: 1, Timestamp: at(3 * 3600) }, "InvalidParameterValueException", "within the next two hours"],
    [{ Value: 1, StorageResolution: 5 }, "InvalidParameterValueException", "StorageResolution"],
    [{ Value: 1, Unit: "Furlongs" }, "InvalidParameterValueException", "Furlongs"],
    [{}, "MissingRequiredParameterException", "MetricData.member.1.Value"],
    [{ Value: 1, Values: [1] }, "InvalidParameterCombinationException", "mutually exclusive"],
    [{ Value: Infinity }, "InvalidParameterValueException", "Infinity"],
  ])("is refused with %j", async (datum, name, message) => {
    await expect(cloudwatch.send(new PutMetricDataCommand({ Namespace: "n", MetricData: [{ MetricName: "m", ...datum }] }))).rejects.toMatchObject({ name, message: expect.stringContaining(message) });
  });

  test("in AWS's own namespaces cannot be put", async () => {
    await expect(cloudwatch.send(new PutMetricDataCommand({ Namespace: "AWS/EC2", MetricData: [{ MetricName: "m", Value: 1 }] }))).rejects.toMatchObject({ name: "InvalidParameterValueException" });
  });
});

describe("metric math", () => {
  beforeEach(async () => {
    await put("checkpointed", { 0: 10, 60: 20, 120: 30 });
    await put("unsaved", { 0: 1, 60: 2 });
    await put("checkpointed", { 0: 50 }, "b");
  });
  const expression = async (Expression: string) => (await data([query("c", "checkpointed", 60, "Average", { ReturnData: false }), query("u", "unsaved", 60, "Average", { ReturnData: false }), { Id: "e", Expression, Label: "e" }])).map(({ points }) => points);

  test.each<[string, unknown]>([
    ["c + u", [[[0, 11], [60, 22]]]],
    ["(c - 10) * 2 / 4 ^ 0.5", [[[0, 0], [60, 10], [120, 20]]]],
    ["-c", [[[0, -10], [60, -20], [120, -30]]]],
    ["SUM([c, u])", [[[0, 11], [60, 22], [120, 30]]]],
    ["SUM(METRICS())", [[[0, 11], [60, 22], [120, 30]]]],
    ["MAX(c)", Array.from({ length: 1 }, () => expect.arrayContaining([[0, 30]]))],
    ["DIFF(c)", [[[60, 10], [120, 10]]]],
    ["RATE(c)", [[[60, 10 / 60], [120, 10 / 60]]]],
    ["RUNNING_SUM(u)", [[[0, 1], [60, 3]]]],
    ["IF(c > 15, c, 0)", [[[0, 0], [60, 20], [120, 30]]]],
    ["c > 15 AND u < 3", [[[0, 0], [60, 1]]]],
    ["FILL(u, 0) + c", [[[0, 11], [60, 22], [120, 30]]]],
    ["FILL(u, REPEAT)".replace("REPEAT", "'REPEAT'") + " + c", [[[0, 11], [60, 22], [120, 32]]]],
    ["SEARCH('{spotproof,JobId} MetricName=\"checkpointed\"', 'Maximum', 60)", [[[0, 10], [60, 20], [120, 30]], [[0, 50]]]],
    ["SEARCH('{spotproof,JobId} checkpointed JobId=\"b\"', 'Maximum', 60)", [[[0, 50]]]],
    ["SEARCH('{spotproof,JobId} MetricName=(\"unsaved\" OR \"other\")', 'Maximum', 60)", [[[0, 1], [60, 2]]]],
  ])("%s", async (text, expected) => {
    expect(await expression(text)).toEqual(expected);
  });

  test("labels what a search finds by what tells it apart", async () => {
    expect((await data([{ Id: "e", Expression: "SEARCH('{spotproof,JobId} MetricName=\"checkpointed\"', 'Maximum', 60)" }])).map(({ Label }) => Label)).toEqual(["a", "b"]);
    expect((await data([{ Id: "e", Expression: "SEARCH('{spotproof,JobId}', 'Maximum', 60)" }])).map(({ Label }) => Label)).toEqual(["a checkpointed", "b checkpointed", "a unsaved"]);
  });

  test.each(["c +", "nothing", "FOO(c)", "(c", "c c"])("%s is refused", async (text) => {
    await expect(expression(text)).rejects.toMatchObject({ Code: "ValidationError" });
  });
});

describe("alarms", () => {
  const alarm = (more: Partial<PutMetricAlarmCommandInput> = {}) => cloudwatch.send(new PutMetricAlarmCommand({
    AlarmName: "high", Namespace: "spotproof", MetricName: "progress", Dimensions: job("a"), Statistic: "Maximum", Period: 60, EvaluationPeriods: 1, Threshold: 50, ComparisonOperator: "GreaterThanThreshold", ...more,
  }));
  const state = async () => (await cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: ["high"] }))).MetricAlarms![0]!;

  test("look back at most a day, or a week with periods of an hour and more", async () => {
    await expect(alarm({ Period: 300, EvaluationPeriods: 289 })).rejects.toThrow("across more than a day (EvaluationPeriods * Period must be <= 86400)");
    await expect(alarm({ Period: 3600, EvaluationPeriods: 169 })).rejects.toThrow("across more than a week (EvaluationPeriods * Period must be <= 604800)");
    await alarm({ Period: 3600, EvaluationPeriods: 168 });
  });

  test("follow their metric, evaluated every minute", async () => {
    await test_.clock.run("test", async () => {
      await alarm();
      expect(await state()).toMatchObject({ StateValue: "INSUFFICIENT_DATA", StateReason: "Unchecked: Initial alarm creation", AlarmArn: "arn:aws:cloudwatch:us-east-1:123456789012:alarm:high" });
      await test_.clock.sleep(seconds(10));
      await put("progress", { 10: 80 });
      expect((await state()).StateValue).toBe("INSUFFICIENT_DATA");
      await test_.clock.sleep(seconds(51));
      expect(await state()).toMatchObject({
        StateValue: "ALARM", StateUpdatedTimestamp: at(60), StateTransitionedTimestamp: at(60),
        StateReason: "Threshold Crossed: 1 out of the last 1 datapoint [80.0 (01/01/26 00:00:00)] was greater than the threshold (50.0) (minimum 1 datapoint for OK -> ALARM transition).",
      });
      await put("progress", { 61: 20 });
      await test_.clock.sleep(seconds(60));
      expect((await state()).StateValue).toBe("OK");
    });
  });

  test("go back to INSUFFICIENT_DATA when data stops, and then keep nothing running", async () => {
    await test_.clock.run("test", async () => {
      await alarm();
      await put("progress", { 0: 80 });
      await test_.clock.sleep(seconds(61));
      expect((await state()).StateValue).toBe("ALARM");
    });
    await test_.clock.idle();
    expect(toSeconds(test_.clock.now()) - START / 1000).toBeLessThanOrEqual(300);
    expect((await state()).StateValue).toBe("INSUFFICIENT_DATA");
  });

  test("treat missing data as they are told", async () => {
    await alarm({ TreatMissingData: "notBreaching" });
    await test_.clock.idle();
    expect((await state()).StateValue).toBe("OK");
    await alarm({ TreatMissingData: "breaching" });
    await test_.clock.idle();
    expect(await state()).toMatchObject({ StateValue: "ALARM", StateReason: "Threshold Crossed: no datapoints were received for 1 period and 1 missing datapoint was treated as [Breaching]." });
  });

  test("of M out of N wait for M", async () => {
    await test_.clock.run("test", async () => {
      await alarm({ EvaluationPeriods: 3, DatapointsToAlarm: 2 });
      for (const [minute, value] of [80, 10, 80, 10, 10].entries()) {
        await put("progress", { [minute * 60]: value });
        await test_.clock.sleep(minutes(1));
        await test_.clock.sleep(0);
        if (minute === 1) expect((await state()).StateValue).not.toBe("ALARM");
        if (minute === 2) expect((await state()).StateValue).toBe("ALARM");
      }
      expect((await state()).StateValue).toBe("OK");
    });
  });

  test("with a short period are evaluated every ten seconds", async () => {
    await test_.clock.run("test", async () => {
      await alarm({ Period: 10 });
      await put("progress", { 1: 80 });
      await test_.clock.sleep(seconds(11));
      expect((await state()).StateUpdatedTimestamp).toEqual(at(10));
    });
  });

  test("may watch an expression", async () => {
    await test_.clock.run("test", async () => {
      await cloudwatch.send(new PutMetricAlarmCommand({ AlarmName: "high", EvaluationPeriods: 1, Threshold: 100, ComparisonOperator: "GreaterThanOrEqualToThreshold", Metrics: [query("m", "progress", 60, "Maximum", { ReturnData: false }), { Id: "double", Expression: "m * 2" }] }));
      await put("progress", { 0: 50 });
      await test_.clock.sleep(seconds(61));
      expect(await state()).toMatchObject({ StateValue: "ALARM", Metrics: [{ Id: "m", ReturnData: false }, { Id: "double", Expression: "m * 2", ReturnData: true }] });
    });
  });

  test("tell the event bus of each change", async () => {
    const logs = (operation: string, input: object) => test_.region.call(test_.region.admin, "cloudwatch-logs", operation, input);
    const group = "arn:aws:logs:us-east-1:123456789012:log-group:/aws/events/alarms";
    await logs("CreateLogGroup", { logGroupName: "/aws/events/alarms" });
    await logs("PutResourcePolicy", { policyName: "p", policyDocument: JSON.stringify({ Statement: [{ Effect: "Allow", Principal: "*", Action: "logs:*", Resource: "*" }] }) });
    await test_.region.call(test_.region.admin, "eventbridge", "PutRule", { Name: "r", EventPattern: '{"source": ["aws.cloudwatch"]}' });
    await test_.region.call(test_.region.admin, "eventbridge", "PutTargets", { Rule: "r", Targets: [{ Id: "log", Arn: group }] });
    await test_.clock.run("test", async () => {
      await alarm({ AlarmDescription: "d" });
      await call("SetAlarmState", { AlarmName: "high", StateValue: "ALARM", StateReason: "by hand" });
      await test_.clock.sleep(seconds(2));
    });
    const { events } = await logs("FilterLogEvents", { logGroupName: "/aws/events/alarms" });
    expect(JSON.parse(events[0].message)).toMatchObject({
      "detail-type": "CloudWatch Alarm State Change", resources: ["arn:aws:cloudwatch:us-east-1:123456789012:alarm:high"],
      detail: {
        alarmName: "high", state: { value: "ALARM", reason: "by hand", timestamp: "2026-01-01T00:00:00.000+0000" }, previousState: { value: "INSUFFICIENT_DATA" },
        configuration: { description: "d", metrics: [{ metricStat: { metric: { namespace: "spotproof", name: "progress", dimensions: { JobId: "a" } }, period: 60, stat: "Maximum" }, returnData: true }] },
      },
    });
  });

  test("are refused when they cannot be", async () => {
    await expect(alarm({ Period: 15 })).rejects.toMatchObject({ Code: "ValidationError" });
    await expect(alarm({ DatapointsToAlarm: 2 })).rejects.toMatchObject({ Code: "ValidationError" });
    await expect(alarm({ AlarmActions: ["arn:aws:automate:us-east-1:ec2:stop"] })).rejects.toMatchObject({ message: expect.stringContaining("does not support alarm actions other than") });
    await expect(call("SetAlarmState", { AlarmName: "none", StateValue: "OK", StateReason: "" })).rejects.toMatchObject({ code: "ResourceNotFound", status: 404 });
  });
});

describe("dashboards", () => {
  test("are given back as they were put", async () => {
    await cloudwatch.send(new PutDashboardCommand({ DashboardName: "jobs", DashboardBody: '{"widgets":[]}' }));
    expect(await cloudwatch.send(new GetDashboardCommand({ DashboardName: "jobs" }))).toMatchObject({ DashboardBody: '{"widgets":[]}', DashboardArn: "arn:aws:cloudwatch::123456789012:dashboard/jobs" });
    await expect(cloudwatch.send(new PutDashboardCommand({ DashboardName: "jobs", DashboardBody: "no" }))).rejects.toMatchObject({ name: "DashboardInvalidInputError" });
    await cloudwatch.send(new DeleteDashboardsCommand({ DashboardNames: ["jobs"] }));
    await expect(cloudwatch.send(new GetDashboardCommand({ DashboardName: "jobs" }))).rejects.toMatchObject({ Code: "ResourceNotFound", $metadata: { httpStatusCode: 404 } });
  });
});

describe("on the wire", () => {
  test("boto3 reads and writes as the SDK for JavaScript does", async () => {
    expect(await boto3(test_.region, `
import datetime
c = client("cloudwatch")
t = datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)
c.put_metric_data(Namespace="n", MetricData=[{"MetricName": "m", "Dimensions": [{"Name": "JobId", "Value": "a"}], "Timestamp": t, "Value": 1.5, "StorageResolution": 1}, {"MetricName": "m", "Dimensions": [{"Name": "JobId", "Value": "a"}], "Timestamp": t, "Values": [2.5], "Counts": [1.0]}])
d = c.get_metric_data(MetricDataQueries=[{"Id": "q", "MetricStat": {"Metric": {"Namespace": "n", "MetricName": "m", "Dimensions": [{"Name": "JobId", "Value": "a"}]}, "Period": 60, "Stat": "Sum"}}], StartTime=t, EndTime=t + datetime.timedelta(minutes=1))["MetricDataResults"][0]
c.put_metric_alarm(AlarmName="a", Namespace="n", MetricName="m", Statistic="Sum", Period=60, EvaluationPeriods=1, Threshold=1.5, ComparisonOperator="GreaterThanThreshold")
result = [d["Values"], str(d["Timestamps"][0]), [m["MetricName"] for m in c.list_metrics(Namespace="n")["Metrics"]], c.describe_alarms()["MetricAlarms"][0]["Threshold"], refused(c.put_metric_data, Namespace="AWS/x", MetricData=[{"MetricName": "m", "Value": 1}])]
`)).toEqual([[4], "2026-01-01 00:00:00+00:00", ["m"], 1.5, ["InvalidParameterValue", 400, "The value AWS/ for parameter Namespace is invalid."]]);
  });

  test("the query protocol of older clients reaches the same operations", async () => {
    const post = async (form: string) => {
      const response = await fetch(test_.region.endpoint, {
        method: "POST", body: form,
        headers: { "content-type": "application/x-www-form-urlencoded", authorization: "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/monitoring/aws4_request, SignedHeaders=host, Signature=0" },
      });
      return { status: response.status, text: await response.text() };
    };
    const metric = "Namespace=n&MetricName=m&Dimensions.member.1.Name=JobId&Dimensions.member.1.Value=a";
    await post("Action=PutMetricData&Version=2010-08-01&Namespace=n&MetricData.member.1.MetricName=m&MetricData.member.1.Dimensions.member.1.Name=JobId&MetricData.member.1.Dimensions.member.1.Value=a&MetricData.member.1.Timestamp=2026-01-01T00%3A00%3A00Z&MetricData.member.1.Value=1.5&MetricData.member.1.StorageResolution=1");
    const { text } = await post(`Action=GetMetricStatistics&Version=2010-08-01&${metric}&StartTime=2026-01-01T00%3A00%3A00Z&EndTime=2026-01-01T00%3A01%3A00Z&Period=60&Statistics.member.1=Sum`);
    expect(text).toContain("<member><Timestamp>2026-01-01T00:00:00Z</Timestamp><Sum>1.5</Sum><Unit>None</Unit></member>");
    const refused = await post("Action=PutMetricData&Version=2010-08-01&Namespace=AWS%2Fx&MetricData.member.1.MetricName=m&MetricData.member.1.Value=1");
    expect([refused.status, /<Code>(.*)<\/Code>/.exec(refused.text)![1]]).toEqual([400, "InvalidParameterValue"]);
  });
});

it("DeleteAlarms deletes all of its alarms, or none when one of them is not there", async () => {
  const { region, clock } = await startRegion();
  const call = <T>(operation: string, input: object) => region.call<T>(region.admin, "cloudwatch", operation, input);
  const names = async () => (await call<{ MetricAlarms: { AlarmName: string }[] }>("DescribeAlarms", {})).MetricAlarms.map(({ AlarmName }) => AlarmName);
  try {
    await clock.run("alarms", async () => {
      for (const AlarmName of ["a", "b"]) await call("PutMetricAlarm", { AlarmName, Namespace: "n", MetricName: "m", Statistic: "Sum", Period: 60, EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: "GreaterThanThreshold" });
      await expect(call("DeleteAlarms", { AlarmNames: ["a", "none"] })).rejects.toMatchObject({ status: 404 });
      expect(await names()).toEqual(["a", "b"]);
      await call("DeleteAlarms", { AlarmNames: ["a", "a"] });
      expect(await names()).toEqual(["b"]);
    });
  } finally {
    await region.close();
  }
});
