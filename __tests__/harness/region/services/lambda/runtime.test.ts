import { minutes, seconds } from "../../../../../harness/time/clock";
import { startLambda, type LambdaTest } from "./support";

let test_: LambdaTest;
beforeEach(async () => { test_ = await startLambda(); });
afterEach(() => test_.region.close());

const handler = (body: string, before = ""): string => `${before}\nexports.handler = async (event, context) => { ${body} };`;

describe("a handler", () => {
  test("gets the event and its context, and its result is the answer", async () => {
    await test_.create("f", handler("return { event, name: context.functionName, arn: context.invokedFunctionArn, left: context.getRemainingTimeInMillis(), memory: context.memoryLimitInMB };"));
    expect((await test_.run(() => test_.invoke("f", { a: [1, "ü"] }))).value).toEqual({ event: { a: [1, "ü"] }, name: "f", arn: "arn:aws:lambda:us-east-1:123456789012:function:f", left: 3000, memory: "128" });
  });

  test("may call back, and answers once nothing is left to do", async () => {
    await test_.create("f", "exports.handler = (event, context, callback) => { setTimeout(() => { exports.late = true; }, 500); callback(null, 'done'); };");
    await test_.run(async () => {
      const start = test_.clock.now();
      expect((await test_.invoke("f")).value).toBe("done");
      expect(test_.clock.now() - start).toBe(seconds(0.5));
    });
  });

  test("that calls back need not wait for its timers", async () => {
    await test_.create("f", "exports.handler = (event, context, callback) => { context.callbackWaitsForEmptyEventLoop = false; setTimeout(() => {}, 500); callback(null, 'done'); };");
    await test_.run(async () => {
      const start = test_.clock.now();
      expect((await test_.invoke("f")).value).toBe("done");
      expect(test_.clock.now()).toBe(start);
    });
  });

  test("that never answers gives null once nothing is left to do", async () => {
    await test_.create("f", "exports.handler = () => new Promise(() => {});");
    expect(await test_.run(() => test_.invoke("f"))).toMatchObject({ value: null });
  });

  test("may be an ES module, with modules beside it", async () => {
    await test_.create("f", { "index.mjs": "import { twice } from './lib/twice.mjs'; import path from 'node:path'; export const handler = async (event) => path.join('a', String(twice(event)));", "lib/twice.mjs": "export const twice = (n) => 2 * n;" });
    expect((await test_.run(() => test_.invoke("f", 21))).value).toBe("a/42");
  });

  test("that awaits while its module is loaded is refused by name", async () => {
    await test_.create("f", { "index.mjs": "const four = await Promise.resolve(4); export const handler = async () => four;" });
    expect(await test_.run(() => test_.invoke("f"))).toMatchObject({ error: "Unhandled", value: { errorType: "NotSupported", errorMessage: "The embedded region does not support top-level await in ES modules of functions." } });
  });

  test("finds packages and JSON in its own node_modules", async () => {
    await test_.create("f", { "src/app.js": "const thing = require('thing'); exports.run = async () => thing.name + require('../data.json').one;", "node_modules/thing/package.json": '{"main": "lib/main.js"}', "node_modules/thing/lib/main.js": "exports.name = 'thing';", "data.json": '{"one": 1}' }, { Handler: "src/app.run" });
    expect((await test_.run(() => test_.invoke("f"))).value).toBe("thing1");
  });

  test("keeps its module between invocations, and its environment to itself", async () => {
    await test_.create("f", handler("count += 1; globalThis.mine = true; process.env.NEW = 1; return [count, typeof globalThis.mine, process.env.SETTING, process.env.NEW];", "let count = 0;"), { Environment: { Variables: { SETTING: "on" } } });
    await test_.create("g", handler("return [typeof globalThis.mine, process.env.NEW ?? null, process.env.HOME ?? null];"));
    await test_.run(async () => {
      expect((await test_.invoke("f")).value).toEqual([1, "boolean", "on", "1"]);
      expect((await test_.invoke("f")).value).toEqual([2, "boolean", "on", "1"]);
      expect((await test_.invoke("g")).value).toEqual(["undefined", null, null]);
    });
    expect(Object.keys(globalThis)).not.toContain("mine");
  });

  test("starts anew when its code or configuration changes", async () => {
    await test_.create("f", handler("return ++count;", "let count = 0;"));
    await test_.run(async () => {
      await test_.invoke("f");
      await test_.call("UpdateFunctionConfiguration", { FunctionName: "f", Timeout: 10 });
      expect((await test_.invoke("f")).value).toBe(1);
    });
  });
});

describe("time and chance", () => {
  test("are the region's", async () => {
    await test_.create("f", handler(`
      const before = Date.now(); const started = performance.now();
      await new Promise((resolve) => setTimeout(resolve, 1500));
      await require("timers/promises").setTimeout(250);
      await require("util").promisify(setTimeout)(250);
      return { at: new Date().toISOString(), waited: Date.now() - before, performed: performance.now() - started, kind: new Date() instanceof Date, same: Date.prototype.constructor !== undefined };
    `));
    expect((await test_.run(() => test_.invoke("f"))).value).toEqual({ at: "2026-01-01T00:00:02.000Z", waited: 2000, performed: 2000, kind: true, same: true });
  });

  test("give the same values in another region of the same seed", async () => {
    const source = handler("const c = require('crypto'); return [Math.random(), crypto.randomUUID(), c.randomBytes(4).toString('hex'), c.randomInt(1000), c.randomUUID(), crypto.getRandomValues(new Uint8Array(2)).length];");
    const values: unknown[] = [];
    for (let round = 0; round < 2; round++) {
      const other = await startLambda();
      await other.create("f", source);
      values.push((await other.run(() => other.invoke("f"))).value);
      await other.region.close();
    }
    expect(values[0]).toEqual(values[1]);
  });

  test("let intervals run until they are cleared, and freeze between invocations", async () => {
    await test_.create("f", `let ticks = 0; exports.handler = async (event) => { if (event.start) setInterval(() => { ticks++; }, 1000).unref(); else await new Promise((r) => setTimeout(r, 10)); return ticks; };`);
    await test_.run(async () => {
      expect((await test_.invoke("f", { start: true })).value).toBe(0);
      await test_.clock.sleep(minutes(1));
      // The interval was due long ago; it fires once, when the environment thaws.
      expect((await test_.invoke("f")).value).toBe(1);
    });
  });

  test("work of Node's threads is waited for, though no time passes", async () => {
    await test_.create("f", handler(`
      const zlib = require("node:zlib"), { promisify } = require("node:util");
      const packed = await promisify(zlib.gzip)(Buffer.from("hello"));
      const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode("hello"));
      return [zlib.gunzipSync(packed).toString(), Buffer.from(digest).toString("hex").slice(0, 8), Date.now()];
    `));
    expect((await test_.run(() => test_.invoke("f"))).value).toEqual(["hello", "2cf24dba", Date.parse("2026-01-01T00:00:00Z")]);
  });
});

describe("errors are reported as Lambda does", () => {
  test.each([
    ["thrown", handler("throw new RangeError('too far');"), { errorType: "RangeError", errorMessage: "too far" }],
    ["thrown at once", "exports.handler = () => { throw new TypeError('no'); };", { errorType: "TypeError", errorMessage: "no" }],
    ["called back", "exports.handler = (e, c, callback) => callback(new Error('back'));", { errorType: "Error", errorMessage: "back" }],
    ["of its own class", handler("class JobFailed extends Error { constructor(m) { super(m); this.name = 'JobFailed'; } } throw new JobFailed('at 40%');"), { errorType: "JobFailed", errorMessage: "at 40%" }],
    ["no error at all", handler("throw 'text';"), { errorType: "string", errorMessage: "text" }],
    ["thrown by a timer", handler("setTimeout(() => { throw new Error('late'); }, 10); await new Promise(() => {});"), { errorType: "Error", errorMessage: "late" }],
    ["a module that is missing", "require('nowhere'); exports.handler = () => {};", { errorType: "Runtime.ImportModuleError", errorMessage: "Error: Cannot find module 'nowhere'\nRequire stack:\n- /var/task/index.js\n- /var/runtime/index.mjs" }],
    ["a handler that is missing", "exports.other = () => {};", { errorType: "Runtime.HandlerNotFound", errorMessage: "index.handler is undefined or not exported" }],
    ["a syntax error", "exports.handler = (", { errorType: "Runtime.UserCodeSyntaxError" }],
    ["what is not modelled", "require('https');", { errorType: "NotSupported", errorMessage: expect.stringContaining("does not support the module https") }],
    ["an exit", handler("process.exit(3);"), { errorType: "Runtime.ExitError", errorMessage: expect.stringContaining("Runtime exited with error: exit status 3") }],
  ])("%s", async (_what, source, expected) => {
    await test_.create("f", source);
    const { value, error } = await test_.run(() => test_.invoke("f"));
    expect(error).toBe("Unhandled");
    expect(value).toMatchObject(expected as object);
  });

  test("with a trace of the function's own files only", async () => {
    await test_.create("f", handler("throw new Error('boom');"));
    const { value } = await test_.run(() => test_.invoke("f"));
    expect((value as { trace: string[] }).trace).toEqual(["Error: boom", expect.stringMatching(/^ {4}at .*\/var\/task\/index\.js:2:/)]);
  });

  test("a function that waits longer than its time", async () => {
    await test_.create("f", handler("await new Promise((resolve) => setTimeout(resolve, 60000)); return 'never';"), { Timeout: 5 });
    await test_.run(async () => {
      const start = test_.clock.now();
      const { value, error, log } = await test_.invoke("f");
      expect(test_.clock.now() - start).toBe(seconds(5));
      expect(error).toBe("Unhandled");
      expect(value).toEqual({ errorType: "Sandbox.Timedout", errorMessage: expect.stringMatching(/^RequestId: [0-9a-f-]{36} Error: Task timed out after 5\.00 seconds$/) });
      expect(log).toMatch(/2026-01-01T00:00:05\.000Z [0-9a-f-]{36} Task timed out after 5\.00 seconds\n/);
      expect((await test_.invoke("f", {}, { LogType: "None" })).error).toBe("Unhandled");
    });
  });

  test("a function that never lets go of its first turn", async () => {
    await test_.create("f", "exports.handler = () => { for (;;); };", { Timeout: 1 });
    expect((await test_.run(() => test_.invoke("f"))).value).toMatchObject({ errorType: "Sandbox.Timedout" });
  });
});

describe("logs", () => {
  test("have Lambda's lines, in the function's group", async () => {
    await test_.create("f", handler("console.log('hello %s', 'you'); console.error({ a: 1 }); await new Promise((r) => setTimeout(r, 20)); return 1;"));
    const { log } = await test_.run(() => test_.invoke("f"));
    const id = /START RequestId: (\S+)/.exec(log)![1];
    expect(await test_.log("/aws/lambda/f")).toEqual([
      "INIT_START Runtime Version: nodejs22.x\n",
      `START RequestId: ${id} Version: $LATEST\n`,
      `2026-01-01T00:00:00.000Z\t${id}\tINFO\thello you\n`,
      `2026-01-01T00:00:00.000Z\t${id}\tERROR\t{ a: 1 }\n`,
      `END RequestId: ${id}\n`,
      `REPORT RequestId: ${id}\tDuration: 20.00 ms\tBilled Duration: 20 ms\tMemory Size: 128 MB\tMax Memory Used: 64 MB\tInit Duration: 0.00 ms\t\n`,
    ]);
  });

  test("may be JSON, in another group", async () => {
    await test_.create("f", handler("console.warn({ event: 'notice', job: 'a' }); console.debug('hidden'); throw new Error('boom');"), { LoggingConfig: { LogFormat: "JSON", LogGroup: "mine" } });
    await test_.run(() => test_.invoke("f"));
    const lines = (await test_.log("mine")).map((line) => JSON.parse(line) as { type?: string; level?: string; message?: unknown });
    expect(lines.map(({ type, level }) => type ?? level)).toEqual(["platform.initStart", "platform.start", "WARN", "ERROR", "platform.report"]);
    expect(lines[2]).toMatchObject({ timestamp: "2026-01-01T00:00:00.000Z", message: { event: "notice", job: "a" } });
    expect(lines[3]!.message).toMatchObject({ errorType: "Error", errorMessage: "boom" });
  });
});

describe("the AWS SDK", () => {
  test("calls this region, as the function's role", async () => {
    await test_.create("f", handler(`
      const { STSClient, GetCallerIdentityCommand } = require("@aws-sdk/client-sts");
      const { S3 } = require("@aws-sdk/client-s3");
      const s3 = new S3({});
      await s3.createBucket({ Bucket: "made-here" });
      await s3.putObject({ Bucket: "made-here", Key: "a", Body: "text" });
      const [identity, object] = await Promise.all([new STSClient().send(new GetCallerIdentityCommand({})), s3.getObject({ Bucket: "made-here", Key: "a" })]);
      return [identity.Arn, await object.Body.transformToString(), process.env.AWS_REGION, process.env.AWS_ACCESS_KEY_ID.slice(0, 4)];
    `));
    const { value, error } = await test_.run(() => test_.invoke("f"));
    expect([value, error]).toEqual([["arn:aws:sts::123456789012:assumed-role/function/f", "text", "us-east-1", "ASIA"], undefined]);
  });

  test("throws errors that the function can tell apart", async () => {
    await test_.create("f", handler(`
      const { DynamoDBClient, GetItemCommand, ResourceNotFoundException } = require("@aws-sdk/client-dynamodb");
      try { await new DynamoDBClient({}).send(new GetItemCommand({ TableName: "none", Key: { a: { S: "1" } } })); }
      catch (error) { return [error.name, error instanceof Error, error instanceof ResourceNotFoundException, error instanceof TypeError, error.message.length > 0]; }
    `));
    expect((await test_.run(() => test_.invoke("f"))).value).toEqual(["ResourceNotFoundException", true, true, false, true]);
  });

  test("retries on the region's clock, and only what is worth it", async () => {
    await test_.create("slow", "exports.handler = () => new Promise((resolve) => setTimeout(resolve, 2000));");
    await test_.call("PutFunctionConcurrency", { FunctionName: "slow", ReservedConcurrentExecutions: 0 });
    await test_.create("f", handler(`
      const { LambdaClient, InvokeCommand } = require("@aws-sdk/client-lambda");
      const attempt = async (FunctionName) => { try { await new LambdaClient({}).send(new InvokeCommand({ FunctionName })); } catch (error) { return [error.name, error.$metadata.attempts]; } };
      const before = Date.now();
      const results = [await attempt("slow"), Date.now() > before];
      const between = Date.now();
      return [...results, await attempt("none"), Date.now() - between];
    `), { Timeout: 30 });
    expect((await test_.run(() => test_.invoke("f"))).value).toEqual([["TooManyRequestsException", 3], true, ["ResourceNotFoundException", 1], 0]);
  });

  test("takes Dates and bytes of the function's own making", async () => {
    await test_.create("f", handler(`
      const cw = require("@aws-sdk/client-cloudwatch");
      await new cw.CloudWatchClient({}).send(new cw.PutMetricDataCommand({ Namespace: "n", MetricData: [{ MetricName: "m", Value: 1, Timestamp: new Date() }] }));
      const { S3Client, CreateBucketCommand, PutObjectCommand } = require("@aws-sdk/client-s3");
      const s3 = new S3Client({});
      await s3.send(new CreateBucketCommand({ Bucket: "bytes" }));
      return (await s3.send(new PutObjectCommand({ Bucket: "bytes", Key: "k", Body: new Uint8Array([104, 105]) }))).ETag;
    `));
    expect((await test_.run(() => test_.invoke("f"))).value).toBe('"49f68a5c8493ec2c0bf489821c21fc3b"');
  });

  test("keeps working when the role's first session has expired", async () => {
    await test_.create("f", handler("return (await sts.send(new GetCallerIdentityCommand({}))).Arn;", "const { STSClient, GetCallerIdentityCommand } = require('@aws-sdk/client-sts'); const sts = new STSClient({});"));
    await test_.run(async () => {
      const first = (await test_.invoke("f")).value;
      await test_.clock.sleep(minutes(180));
      expect(await test_.invoke("f")).toMatchObject({ value: first });
    });
  });
});
