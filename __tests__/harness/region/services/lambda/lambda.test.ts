import { InvokeCommand, LambdaClient, ListTagsCommand, UntagResourceCommand } from "@aws-sdk/client-lambda";
import { minutes, seconds, toSeconds } from "../../../../../harness/time/clock";
import type { LambdaService } from "../../../../../harness/region/services/lambda";
import { boto3 } from "../../support/region";
import { ROLE, startLambda, zip, type LambdaTest } from "./support";

let test_: LambdaTest;
beforeEach(async () => { test_ = await startLambda(); });
afterEach(() => test_.region.close());

const ECHO = "exports.handler = async (event) => event;";
/** Notes each run's time in its log and fails as long as the event says so. */
const FAILING = "exports.handler = async (event) => { console.log('run'); if (event.fails) throw new Error('again'); return 'ok'; };";
const runsOf = async (name: string): Promise<number[]> => {
  const { events } = await test_.region.call<{ events: { timestamp: number; message: string }[] }>(test_.region.admin, "cloudwatch-logs", "FilterLogEvents", { logGroupName: `/aws/lambda/${name}`, filterPattern: "run" });
  return events.map(({ timestamp }) => (timestamp - Date.parse("2026-01-01T00:00:00Z")) / 1000);
};
const FAILED_QUEUE = "arn:aws:sqs:us-east-1:123456789012:failed";
const received = async (): Promise<{ Body: string; MessageAttributes?: object }[]> => {
  const { QueueUrl } = await test_.region.call(test_.region.admin, "sqs", "GetQueueUrl", { QueueName: "failed" });
  return (await test_.region.call(test_.region.admin, "sqs", "ReceiveMessage", { QueueUrl, MessageAttributeNames: ["All"] })).Messages ?? [];
};

describe("functions", () => {
  test("are created, shown and deleted", async () => {
    const created = await test_.create("f", ECHO, { Description: "d", MemorySize: 256, Timeout: 60, Architectures: ["arm64"], Environment: { Variables: { SETTING: "1" } }, Tags: { team: "batch" } });
    expect(created).toMatchObject({ FunctionName: "f", FunctionArn: "arn:aws:lambda:us-east-1:123456789012:function:f", Runtime: "nodejs22.x", Role: ROLE, Handler: "index.handler", MemorySize: 256, Timeout: 60, State: "Active", Version: "$LATEST", LastModified: "2026-01-01T00:00:00.000+0000", LoggingConfig: { LogFormat: "Text", LogGroup: "/aws/lambda/f" } });
    expect(await test_.call("GetFunction", { FunctionName: created["FunctionArn"] })).toMatchObject({ Configuration: { CodeSha256: created["CodeSha256"] }, Tags: { team: "batch" } });
    await expect(test_.create("f", ECHO)).rejects.toMatchObject({ code: "ResourceConflictException", status: 409, message: "Function already exist: f" });
    await test_.call("DeleteFunction", { FunctionName: "f" });
    await expect(test_.call("GetFunction", { FunctionName: "f" })).rejects.toMatchObject({ code: "ResourceNotFoundException", status: 404, message: "Function not found: arn:aws:lambda:us-east-1:123456789012:function:f" });
  });

  test.each([
    [{ Runtime: "java21" }, "InvalidParameterValueException", "The embedded region does not support the runtime java21; it has nodejs18.x"],
    [{ Role: "arn:aws:iam::123456789012:role/none" }, "InvalidParameterValueException", "The role defined for the function cannot be assumed by Lambda."],
    [{ Timeout: 901 }, "ValidationException", "less than or equal to 900"],
    [{ Environment: { Variables: { AWS_REGION: "x" } } }, "InvalidParameterValueException", "Reserved keys used in this request: AWS_REGION"],
    [{ Code: { ZipFile: Buffer.from("no zip") } }, "InvalidParameterValueException", "Could not unzip uploaded file"],
    [{ VpcConfig: { SubnetIds: ["subnet-1"] } }, "InvalidParameterValueException", "does not support functions in a VPC"],
    [{ PackageType: "Image" }, "InvalidParameterValueException", "does not support functions packaged as container images"],
  ])("are refused with %j", async (more, code, message) => {
    await expect(test_.create("f", ECHO, more)).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
  });

  test("are pending at first, and in progress after each update", async () => {
    await test_.region.close();
    test_ = await startLambda({ functionSeconds: 2 });
    await test_.run(async () => {
      const state = async () => (await test_.call<{ Configuration: object }>("GetFunction", { FunctionName: "f" })).Configuration;
      expect(await test_.create("f", ECHO)).toMatchObject({ State: "Pending", StateReason: "The function is being created.", StateReasonCode: "Creating" });
      const pending = { code: "ResourceConflictException", status: 409, message: "The operation cannot be performed at this time. The function is currently in the following state: Pending" };
      await expect(test_.invoke("f")).rejects.toMatchObject(pending);
      await expect(test_.call("UpdateFunctionConfiguration", { FunctionName: "f", Timeout: 9 })).rejects.toMatchObject(pending);
      await test_.clock.sleep(seconds(3));
      expect(await state()).toMatchObject({ State: "Active", LastUpdateStatus: "Successful" });
      expect(await test_.call("UpdateFunctionConfiguration", { FunctionName: "f", Timeout: 9 })).toMatchObject({ State: "Active", LastUpdateStatus: "InProgress", LastUpdateStatusReasonCode: "Creating", Timeout: 9 });
      await expect(test_.call("UpdateFunctionCode", { FunctionName: "f", ZipFile: zip({ "index.js": ECHO }) })).rejects.toMatchObject({ code: "ResourceConflictException", message: "The operation cannot be performed at this time. An update is in progress for resource: arn:aws:lambda:us-east-1:123456789012:function:f" });
      expect((await test_.invoke("f", 1)).value).toBe(1);
      await test_.clock.sleep(seconds(3));
      expect(await state()).toMatchObject({ LastUpdateStatus: "Successful" });
    });
  });

  test("may come from a bucket", async () => {
    const { region } = test_;
    await region.call(region.admin, "s3", "CreateBucket", { Bucket: "code" });
    await region.call(region.admin, "s3", "PutObject", { Bucket: "code", Key: "f.zip", Body: zip({ "index.js": ECHO }) });
    await test_.create("f", ECHO, { Code: { S3Bucket: "code", S3Key: "f.zip" } });
    expect((await test_.run(() => test_.invoke("f", 7))).value).toBe(7);
    await expect(test_.create("g", ECHO, { Code: { S3Bucket: "code", S3Key: "none" } })).rejects.toMatchObject({ code: "InvalidParameterValueException", message: expect.stringContaining("S3 Error Code: NoSuchKey") });
  });

  test("have versions that stay, and aliases that move", async () => {
    await test_.create("f", "exports.handler = async () => 'one';", { Publish: true });
    await test_.call("CreateAlias", { FunctionName: "f", Name: "live", FunctionVersion: "1" });
    await test_.call("UpdateFunctionCode", { FunctionName: "f", ZipFile: zip({ "index.js": "exports.handler = async (e, c) => 'two of ' + c.functionVersion;" }), Publish: true });
    const call = async (Qualifier: string) => (await test_.run(() => test_.invoke("f", {}, { Qualifier }))).value;
    expect([await call("live"), await call("2"), await call("$LATEST")]).toEqual(["one", "two of 2", "two of $LATEST"]);
    await test_.call("UpdateAlias", { FunctionName: "f", Name: "live", FunctionVersion: "2" });
    expect(await call("live")).toBe("two of 2");
    expect((await test_.call<{ Versions: { Version: string }[] }>("ListVersionsByFunction", { FunctionName: "f" })).Versions.map(({ Version }) => Version)).toEqual(["$LATEST", "1", "2"]);
  });

  test("answer no more calls at once than are reserved for them", async () => {
    await test_.create("f", "exports.handler = () => new Promise((resolve) => setTimeout(resolve, 1000));");
    await test_.call("PutFunctionConcurrency", { FunctionName: "f", ReservedConcurrentExecutions: 1 });
    await test_.run(async () => {
      const first = test_.clock.spawn("first", async () => void (await test_.invoke("f")));
      await test_.clock.sleep(seconds(0.1));
      await expect(test_.invoke("f")).rejects.toMatchObject({ code: "TooManyRequestsException", status: 429, message: "Rate Exceeded." });
      await test_.clock.join(first);
      await test_.invoke("f");
    });
  });

  test("that are called count in their metrics", async () => {
    await test_.create("f", FAILING);
    await test_.run(async () => {
      await test_.invoke("f");
      await test_.invoke("f", { fails: true });
    });
    const sum = async (MetricName: string) => (await test_.region.call(test_.region.admin, "cloudwatch", "GetMetricStatistics", {
      Namespace: "AWS/Lambda", MetricName, Dimensions: [{ Name: "FunctionName", Value: "f" }], StartTime: new Date("2026-01-01T00:00:00Z"), EndTime: new Date("2026-01-01T00:01:00Z"), Period: 60, Statistics: ["Sum"],
    })).Datapoints[0]?.Sum;
    expect([await sum("Invocations"), await sum("Errors"), await sum("Throttles")]).toEqual([2, 1, undefined]);
  });
});

describe("queued events", () => {
  const enqueue = (event: unknown) => test_.call<{ StatusCode: number }>("Invoke", { FunctionName: "f", InvocationType: "Event", Payload: Buffer.from(JSON.stringify(event)) });

  test("are run in time, by an actor of their own", async () => {
    await test_.create("f", FAILING);
    await test_.run(async () => {
      expect((await enqueue({})).StatusCode).toBe(202);
      await test_.clock.sleep(seconds(1));
      expect(await runsOf("f")).toEqual([0]);
    });
  });

  test("that fail are run again after one and two minutes, then recorded", async () => {
    await test_.region.call(test_.region.admin, "sqs", "CreateQueue", { QueueName: "failed" });
    await test_.create("f", FAILING);
    await test_.call("PutFunctionEventInvokeConfig", { FunctionName: "f", DestinationConfig: { OnFailure: { Destination: FAILED_QUEUE } } });
    await test_.run(async () => {
      await enqueue({ fails: true });
      await test_.clock.sleep(minutes(10));
      expect(await runsOf("f")).toEqual([0, 60, 180]);
      const [message] = await received();
      expect(JSON.parse(message!.Body)).toMatchObject({ version: "1.0", requestContext: { functionArn: "arn:aws:lambda:us-east-1:123456789012:function:f:$LATEST", condition: "RetriesExhausted", approximateInvokeCount: 3 }, requestPayload: { fails: true }, responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: "Unhandled" }, responsePayload: { errorType: "Error", errorMessage: "again" } });
    });
  });

  test("are run as often as the function says, and go to its dead letters", async () => {
    await test_.region.call(test_.region.admin, "sqs", "CreateQueue", { QueueName: "failed" });
    await test_.create("f", FAILING, { DeadLetterConfig: { TargetArn: FAILED_QUEUE } });
    await test_.call("PutFunctionEventInvokeConfig", { FunctionName: "f", MaximumRetryAttempts: 0 });
    await test_.run(async () => {
      await enqueue({ fails: true });
      await test_.clock.sleep(minutes(10));
      expect(await runsOf("f")).toEqual([0]);
      const [message] = await received();
      expect([message!.Body, message!.MessageAttributes]).toEqual(['{"fails":true}', expect.objectContaining({ ErrorMessage: { DataType: "String", StringValue: "again" } })]);
    });
  });

  test("that are throttled wait their turn", async () => {
    await test_.create("f", FAILING);
    await test_.call("PutFunctionConcurrency", { FunctionName: "f", ReservedConcurrentExecutions: 0 });
    await test_.run(async () => {
      await enqueue({});
      await test_.clock.sleep(seconds(5));
      await test_.call("DeleteFunctionConcurrency", { FunctionName: "f" });
      await test_.clock.sleep(seconds(5));
      expect(await runsOf("f")).toEqual([7]);
    });
  });
});

describe("other services", () => {
  const invoke = (sourceArn: string) => test_.region.service<LambdaService>("lambda").invokeForService({ functionArn: "arn:aws:lambda:us-east-1:123456789012:function:f", payload: "{}", principal: "events.amazonaws.com", sourceArn });

  test("may invoke a function only as its policy says", async () => {
    await test_.create("f", FAILING);
    await test_.run(async () => {
      expect(() => invoke("arn:rule")).toThrow(expect.objectContaining({ code: "AccessDeniedException", status: 403 }));
      await test_.call("AddPermission", { FunctionName: "f", StatementId: "one", Action: "lambda:InvokeFunction", Principal: "events.amazonaws.com", SourceArn: "arn:aws:events:us-east-1:123456789012:rule/one" });
      expect(() => invoke("arn:aws:events:us-east-1:123456789012:rule/two")).toThrow("does not allow");
      invoke("arn:aws:events:us-east-1:123456789012:rule/one");
      await test_.clock.sleep(seconds(1));
      expect(await runsOf("f")).toEqual([0]);
    });
    expect(JSON.parse((await test_.call<{ Policy: string }>("GetPolicy", { FunctionName: "f" })).Policy)).toMatchObject({ Statement: [{ Sid: "one", Principal: { Service: "events.amazonaws.com" }, Condition: { ArnLike: { "AWS:SourceArn": "arn:aws:events:us-east-1:123456789012:rule/one" } } }] });
  });
});

describe("on the wire", () => {
  test("the SDK for JavaScript and boto3 read the same answers", async () => {
    await test_.create("f", "exports.handler = async (event) => { if (event.fails) throw new Error('no'); return { got: event }; };", { Tags: { a: "1", b: "2" } });
    const client = new LambdaClient(test_.region.sdkConfig() as object);
    const answer = await client.send(new InvokeCommand({ FunctionName: "f", Payload: '{"x":1}' }));
    expect([answer.StatusCode, answer.Payload!.transformToString(), answer.ExecutedVersion, answer.FunctionError]).toEqual([200, '{"got":{"x":1}}', "$LATEST", undefined]);
    await client.send(new UntagResourceCommand({ Resource: "arn:aws:lambda:us-east-1:123456789012:function:f", TagKeys: ["a"] }));
    expect((await client.send(new ListTagsCommand({ Resource: "arn:aws:lambda:us-east-1:123456789012:function:f" }))).Tags).toEqual({ b: "2" });
    expect(await boto3(test_.region, `
l = client("lambda")
ok = l.invoke(FunctionName="f", Payload=b'{"x": 1}')
bad = l.invoke(FunctionName="f", Payload=b'{"fails": true}')
result = [ok["StatusCode"], json.loads(ok["Payload"].read()), bad["FunctionError"], json.loads(bad["Payload"].read())["errorMessage"], l.invoke(FunctionName="f", InvocationType="Event")["StatusCode"], refused(l.get_function, FunctionName="none"), refused(l.invoke, FunctionName="f", Payload=b"{")[:2]]
`)).toEqual([200, { got: { x: 1 } }, "Unhandled", "no", 202, ["ResourceNotFoundException", 404, "Function not found: arn:aws:lambda:us-east-1:123456789012:function:none"], ["InvalidRequestContentException", 400]]);
    expect(toSeconds(test_.clock.now())).toBe(Date.parse("2026-01-01T00:00:00Z") / 1000);
  });
});
