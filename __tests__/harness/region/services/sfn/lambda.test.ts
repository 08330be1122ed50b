/** Functions as tasks: the events and the names and causes of errors, with a function's own ARN and through the optimized integration. */
import { strToU8, zipSync } from "fflate";
import { startSfn, type Executed, type SfnTest } from "./support";

let test_: SfnTest;
beforeEach(async () => {
  test_ = await startSfn();
  const { region } = test_;
  await region.call(region.admin, "iam", "CreateRole", {
    RoleName: "function", AssumeRolePolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }] }),
  });
});
afterEach(() => test_.region.close());

const ARN = "arn:aws:lambda:us-east-1:123456789012:function:f";
const create = (source: string, more: object = {}) => test_.region.call(test_.region.admin, "lambda", "CreateFunction", {
  FunctionName: "f", Runtime: "python3.12", Handler: "handler.handler", Role: "arn:aws:iam::123456789012:role/function", Code: { ZipFile: Buffer.from(zipSync({ "handler.py": strToU8(source), "handler.js": strToU8(source) })) }, ...more,
});
const direct = (): Promise<Executed> => test_.execute({ StartAt: "T", States: { T: { Type: "Task", Resource: ARN, End: true } } }, { n: 1 });
const optimized = (): Promise<Executed> => test_.execute({ StartAt: "T", States: { T: { Type: "Task", Resource: "arn:aws:states:::lambda:invoke", Parameters: { FunctionName: ARN, "Payload.$": "$" }, End: true } } }, { n: 1 });
const RAISES = 'def handler(event, context):\n    raise Exception("Some exception was raised.")\n';
const STACK = String.raw`["  File \"/var/task/handler.py\", line 2, in handler\n    raise Exception(\"Some exception was raised.\")\n"]`;

test("a result is the output, or the payload of the output", async () => {
  await create("def handler(event, context):\n    return {'got': event}\n");
  expect((await direct()).output).toEqual({ got: { n: 1 } });
  expect((await optimized()).output).toMatchObject({ ExecutedVersion: "$LATEST", Payload: { got: { n: 1 } }, StatusCode: 200 });
});

test.each<[string, number]>([["Event", 202], ["DryRun", 204]])("an invocation of type %s has no result, and no version that was executed", async (InvocationType, status) => {
  await create("def handler(event, context):\n    return 1\n");
  const { output } = await test_.execute({ StartAt: "T", States: { T: { Type: "Task", Resource: "arn:aws:states:::lambda:invoke", Parameters: { FunctionName: ARN, InvocationType }, End: true } } });
  expect(Object.keys(output)).toEqual(["SdkHttpMetadata", "SdkResponseMetadata", "StatusCode"]);
  expect(output).toMatchObject({ StatusCode: status, SdkHttpMetadata: { HttpStatusCode: status, HttpHeaders: { "Content-Length": "0" } } });
  expect(output.SdkHttpMetadata.HttpHeaders).not.toHaveProperty("X-Amz-Executed-Version");
});

test("what a function raises is the error, and its payload as it stands the cause, with its own ARN", async () => {
  await create(RAISES);
  const { types, events, error, cause } = await direct();
  expect(types.slice(1)).toEqual(["TaskStateEntered", "LambdaFunctionScheduled", "LambdaFunctionStarted", "LambdaFunctionFailed", "ExecutionFailed"]);
  expect(cause!.replace(/[0-9a-f-]{36}/, "ID")).toBe(`{"errorMessage": "Some exception was raised.", "errorType": "Exception", "requestId": "ID", "stackTrace": ${STACK}}`);
  expect([error, events[4]!.lambdaFunctionFailedEventDetails]).toEqual(["Exception", { error: "Exception", cause }]);
  expect(events[3]).toEqual({ id: 4, previousEventId: 3, type: "LambdaFunctionStarted", timestamp: expect.any(Date) });
});

test("and its payload written anew the cause, through the integration", async () => {
  await create(RAISES);
  const { types, events, error, cause } = await optimized();
  expect(types.slice(1)).toEqual(["TaskStateEntered", "TaskScheduled", "TaskStarted", "TaskFailed", "ExecutionFailed"]);
  expect(cause!.replace(/[0-9a-f-]{36}/, "ID")).toBe(`{"errorMessage":"Some exception was raised.","errorType":"Exception","requestId":"ID","stackTrace":${STACK}}`);
  expect([error, events[4]!.taskFailedEventDetails]).toEqual(["Exception", { error: "Exception", cause, resource: "invoke", resourceType: "lambda" }]);
});

test.each<[string, string, string, RegExp]>([
  ["a function that runs out of time", "import time\ndef handler(event, context):\n    time.sleep(9)\n", "Sandbox.Timedout", /^\{"errorType":"Sandbox.Timedout","errorMessage":"RequestId: [0-9a-f-]{36} Error: Task timed out after 3.00 seconds"\}$/],
  ["a process that ends", "import sys\ndef handler(event, context):\n    sys.exit(1)\n", "Runtime.ExitError", /^\{"errorType":"Runtime.ExitError","errorMessage":"RequestId: [0-9a-f-]{36} Error: Runtime exited with error: exit status 1"\}$/],
  ["a handler that is not there", "x = 1\n", "Runtime.HandlerNotFound", /"errorType":"Runtime.HandlerNotFound"/],
])("%s is an error of that name", async (_name, source, error, cause) => {
  await create(source);
  expect(await optimized()).toMatchObject({ status: "FAILED", error, cause: expect.stringMatching(cause) });
});

test("an error of a Node.js function has its trace", async () => {
  await create("class Odd extends Error { constructor(m) { super(m); this.name = 'Odd'; } }\nexports.handler = async () => { throw new Odd('so'); };", { Runtime: "nodejs22.x" });
  const { error, cause } = await optimized();
  expect([error, JSON.parse(cause!)]).toEqual(["Odd", { errorType: "Odd", errorMessage: "so", trace: ["Odd: so", expect.stringMatching(/^ {4}at .*\/var\/task\/handler.js:2:\d+\)?$/)] }]);
});

test("a function that is not there is Lambda's error, under the integration's name", async () => {
  const cause = /^Function not found: arn:aws:lambda:us-east-1:123456789012:function:f \(Service: AWSLambda; Status Code: 404; Error Code: ResourceNotFoundException; Request ID: [0-9a-f-]{36}; Proxy: null\)$/;
  expect(await optimized()).toMatchObject({ error: "Lambda.ResourceNotFoundException", cause: expect.stringMatching(cause) });
});
