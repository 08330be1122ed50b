/** Functions with a Python runtime: what they see, what they answer, how their errors are told, and what they leave behind. */
import { readdirSync } from "node:fs";
import { createRegion } from "../../../../../harness/region/region";
import { seconds } from "../../../../../harness/time/clock";
import { createRandom } from "../../../../../harness/time/prng";
import { createSystemClock } from "../../../../../harness/time/system-clock";
import { startLambda, zip, type LambdaTest } from "./support";

let test_: LambdaTest;
beforeEach(async () => { test_ = await startLambda(); });
afterEach(() => test_.region.close());

const create = (source: string | Record<string, string>, more: object = {}, name = "f") => test_.call("CreateFunction", {
  FunctionName: name, Runtime: "python3.12", Handler: "app.handler", Role: "arn:aws:iam::123456789012:role/function",
  Code: { ZipFile: zip(typeof source === "string" ? { "app.py": source } : source) }, ...more,
});
const handler = (body: string, before = ""): string => `${before}\ndef handler(event, context):\n${body.split("\n").map((line) => `    ${line}`).join("\n")}\n`;
const answer = async (source: string | Record<string, string>, event: unknown = {}, more: object = {}) => {
  await create(source, more);
  return test_.run(() => test_.invoke("f", event));
};
/** The answer as it stands on the wire. */
const text = async (event = {}): Promise<string> => (await test_.run(() => test_.call<{ Payload: Buffer }>("Invoke", { FunctionName: "f", Payload: Buffer.from(JSON.stringify(event)) }))).Payload.toString("utf8");
const REQUEST_ID = expect.stringMatching(/^[0-9a-f-]{36}$/);

describe("a handler in Python", () => {
  test("gets the event and its context", async () => {
    expect((await answer(handler(`
c = context
return [event, c.function_name, c.function_version, c.invoked_function_arn, c.memory_limit_in_mb, c.log_group_name, c.get_remaining_time_in_millis(), len(c.aws_request_id), c.client_context is None]`), { a: [1, "ü"] })).value)
      .toEqual([{ a: [1, "ü"] }, "f", "$LATEST", "arn:aws:lambda:us-east-1:123456789012:function:f", "128", "/aws/lambda/f", 3000, 36, true]);
  });

  test("lives on the region's clock: an hour's nap takes no time", async () => {
    await create(handler("start = time.time()\ntime.sleep(600)\nreturn [time.time() - start, str(datetime.datetime.now())]", "import time, datetime"), { Timeout: 900 });
    await test_.run(async () => {
      const start = test_.clock.now();
      expect((await test_.invoke("f")).value).toEqual([600, "2026-01-01 00:10:00"]);
      expect(test_.clock.now() - start).toBe(seconds(600));
    });
  });

  test("finds its files below /var/task, which is read-only, and has a /tmp of its own", async () => {
    const source = {
      "app.py": handler(`
with open("/tmp/of-a-function", "a") as file: file.write("1")
try:
    open("/var/task/new", "w")
    refused = None
except OSError as error: refused = str(error)
try: open("/tmp/none")
except FileNotFoundError as error: missing = str(error)
return [open("/var/task/data.txt").read(), __file__, os.getcwd(), pkg.NAME, pkg.__file__, os.listdir("/tmp"), os.path.getsize("/tmp/of-a-function"), refused, missing, tempfile.gettempdir(), pathlib.Path("data.txt").read_text()]`, "import os, pathlib, tempfile\nimport pkg"),
      "data.txt": "data", "pkg/__init__.py": "from .inner import NAME", "pkg/inner.py": "NAME = 'inner'",
    };
    const told = ["data", "/var/task/app.py", "/var/task", "inner", "/var/task/pkg/__init__.py", ["of-a-function"], 1, "[Errno 30] Read-only file system: '/var/task/new'", "[Errno 2] No such file or directory: '/tmp/none'", "/tmp", "data"];
    expect((await answer(source)).value).toEqual(told);
    expect(readdirSync("/tmp")).not.toContain("of-a-function");
  });

  test("may be a member of a module in a folder", async () => {
    expect((await answer({ "src/main.py": handler("return 'there'") }, {}, { Handler: "src/main.handler" })).value).toBe("there");
  });

  test("keeps its module between invocations, and its environment to itself", async () => {
    await create(handler("global count\ncount += 1\nreturn [count, os.environ.get('SETTING'), os.environ['AWS_EXECUTION_ENV'], os.environ['LAMBDA_TASK_ROOT'], os.environ.get('HOME', '').startswith('/root')]", "import os\ncount = 0"), { Environment: { Variables: { SETTING: "on" } } });
    await test_.run(async () => {
      expect((await test_.invoke("f")).value).toEqual([1, "on", "AWS_Lambda_python3.12", "/var/task", false]);
      expect((await test_.invoke("f")).value).toEqual([2, "on", "AWS_Lambda_python3.12", "/var/task", false]);
      await test_.call("UpdateFunctionConfiguration", { FunctionName: "f", MemorySize: 256 });
      await test_.clock.sleep(seconds(5));
      expect((await test_.invoke("f")).value).toEqual([1, "on", "AWS_Lambda_python3.12", "/var/task", false]);
    });
  });

  test("calls the region as its role", async () => {
    const { region } = test_;
    await region.call(region.admin, "s3", "CreateBucket", { Bucket: "bucket" });
    expect((await answer(handler(`
boto3.client("s3").put_object(Bucket="bucket", Key="k", Body=b"made in Python")
return boto3.client("sts").get_caller_identity()["Arn"]`, "import boto3"))).value).toBe("arn:aws:sts::123456789012:assumed-role/function/f");
    const { Body } = await region.call(region.admin, "s3", "GetObject", { Bucket: "bucket", Key: "k" });
    expect(await (Body as { transformToString(): Promise<string> }).transformToString()).toBe("made in Python");
  });

  test("has threads, of which none runs between invocations", async () => {
    const source = handler("threading.Thread(target=work, daemon=True).start()\ntime.sleep(1)\nreturn len(seen)", "import threading, time\nseen = []\ndef work():\n    while True:\n        time.sleep(0.4)\n        seen.append(time.time())");
    await create(source);
    await test_.run(async () => {
      expect((await test_.invoke("f")).value).toBe(2);
      await test_.clock.sleep(seconds(60));
      expect((await test_.invoke("f")).value).toBeLessThan(10);
    });
  });

  test("may start programs", async () => {
    expect((await answer(handler("return subprocess.run(['sh', '-c', 'sleep 2; echo done'], capture_output=True, text=True).stdout", "import subprocess"))).value).toBe("done\n");
  });

  test("has a new environment once its credentials are about to expire", async () => {
    await create(handler("global count\ncount += 1\nreturn [count, boto3.client('sts').get_caller_identity()['Arn'][-2:]]", "import boto3\ncount = 0"));
    await test_.run(async () => {
      await test_.invoke("f");
      await test_.clock.sleep(seconds(3599));
      expect((await test_.invoke("f")).value).toEqual([1, "/f"]);
    });
  });

  test("draws the same random values in every run", async () => {
    const draw = async () => (await answer(handler("return [random.random(), str(uuid.uuid4())]", "import random, uuid"))).value;
    const first = await draw();
    await test_.region.close();
    test_ = await startLambda();
    expect(await draw()).toEqual(first);
  });
});

test("a function in Python runs where time passes by itself, too", async () => {
  await test_.region.close();
  const clock = createSystemClock({ scale: 20 });
  const region = await createRegion({ clock, random: createRandom("test"), unknownRoles: "administrator", settings: { functionSeconds: 0 } });
  test_ = { ...test_, region };
  await region.call(region.admin, "lambda", "CreateFunction", {
    FunctionName: "f", Runtime: "python3.12", Handler: "app.handler", Role: "arn:aws:iam::123456789012:role/any", Timeout: 600,
    Code: { ZipFile: zip({ "app.py": handler("global count\ncount += 1\nstart = time.time()\ntime.sleep(2)\nreturn [count, time.time() - start >= 2]", "import time\ncount = 0") }) },
  });
  const answers: unknown[] = [];
  for (let call = 0; call < 10; call++) {
    const { Payload } = await region.call<{ Payload: Buffer }>(region.admin, "lambda", "Invoke", { FunctionName: "f" });
    answers.push(JSON.parse(Payload.toString("utf8")));
  }
  expect(answers).toEqual(Array.from({ length: 10 }, (_, index) => [index + 1, true]));
});

describe("a result in Python", () => {
  test.each<[string, string, string, string]>([
    ["is written as Python writes JSON", "{'a': 1, 'b': [True, None]}", "python3.12", '{"a": 1, "b": [true, null]}'],
    ["keeps its letters from Python 3.12 on", "'ü'", "python3.12", '"ü"'],
    ["has them escaped before", "'ü'", "python3.11", '"\\u00fc"'],
    ["may hold decimals", "{'n': decimal.Decimal('1.10'), 'f': 0.5}", "python3.12", '{"n": 1.10, "f": 0.5}'],
    ["may be bytes, which stand as they are", "b'{\"raw\":1}'", "python3.12", '{"raw":1}'],
    ["is null when there is none", "None", "python3.12", "null"],
  ])("%s", async (_name, value, Runtime, wanted) => {
    await create(handler(`return ${value}`, "import decimal"), { Runtime });
    expect(await text()).toBe(wanted);
  });
});

describe("an error in Python is told with its type, message, request and trace", () => {
  test("as the runtime writes it", async () => {
    await create(handler("return inner()", "class Odd(Exception): pass\ndef inner():\n    raise Odd('so')"));
    const told = await text();
    expect(told).toMatch(/^\{"errorMessage": "so", "errorType": "Odd", "requestId": "[0-9a-f-]{36}", "stackTrace": \[" {2}File \\"\/var\/task\/app.py\\", line 5, in handler\\n {4}return inner\(\)\\n", " {2}File \\"\/var\/task\/app.py\\", line 3, in inner\\n {4}raise Odd\('so'\)\\n"\]\}$/);
  });

  test.each<[string, string | Record<string, string>, object, object]>([
    ["a module that is not there", { "other.py": "" }, {}, { errorMessage: "Unable to import module 'app': No module named 'app'", errorType: "Runtime.ImportModuleError", requestId: "", stackTrace: [] }],
    ["a module that needs another", "import nonsense_of_mine", {}, { errorMessage: "Unable to import module 'app': No module named 'nonsense_of_mine'", errorType: "Runtime.ImportModuleError", requestId: "", stackTrace: [] }],
    ["no such handler", "x = 1", {}, { errorMessage: "Handler 'handler' missing on module 'app'", errorType: "Runtime.HandlerNotFound", requestId: "", stackTrace: [] }],
    ["a handler's name without a module", "x = 1", { Handler: "app" }, { errorMessage: "Bad handler 'app': not enough values to unpack (expected 2, got 1)", errorType: "Runtime.MalformedHandlerName", requestId: "", stackTrace: [] }],
    ["a syntax error", "def handler(:\n  pass", {}, { errorMessage: "Syntax error in module 'app': invalid syntax (app.py, line 1)", errorType: "Runtime.UserCodeSyntaxError", requestId: "", stackTrace: ["  File \"/var/task/app.py\" Line 1\n    def handler(:\n"] }],
    ["an error while the module is loaded", "1 / 0", {}, { errorMessage: "division by zero", errorType: "ZeroDivisionError", requestId: "", stackTrace: expect.arrayContaining(['  File "/var/task/app.py", line 1, in <module>\n    1 / 0\n']) }],
    ["a result that is no JSON", handler("return {1, 2}"), {}, { errorMessage: "Unable to marshal response: Object of type set is not JSON serializable", errorType: "Runtime.MarshalError", requestId: REQUEST_ID, stackTrace: [] }],
    ["a result that holds itself", handler("a = []\na.append(a)\nreturn a"), {}, { errorMessage: "Unable to marshal response: Circular reference detected", errorType: "Runtime.MarshalError", requestId: REQUEST_ID, stackTrace: [] }],
    ["a missing key", handler("return event['none']"), {}, { errorMessage: "'none'", errorType: "KeyError", requestId: REQUEST_ID, stackTrace: ["  File \"/var/task/app.py\", line 3, in handler\n    return event['none']\n"] }],
    ["an end of the process", handler("sys.exit(3)", "import sys"), {}, { errorType: "Runtime.ExitError", errorMessage: expect.stringMatching(/^RequestId: [0-9a-f-]{36} Error: Runtime exited with error: exit status 3$/) }],
    ["an end without a reason", handler("sys.exit(0)", "import sys"), {}, { errorType: "Runtime.ExitError", errorMessage: expect.stringMatching(/^RequestId: [0-9a-f-]{36} Error: Runtime exited without providing a reason$/) }],
    ["an end by a signal", handler("os.kill(os.getpid(), 9)\ntime.sleep(1)", "import os, time"), {}, { errorType: "Runtime.ExitError", errorMessage: expect.stringMatching(/Error: Runtime exited with error: signal: killed$/) }],
    ["an end while the module is loaded", "import sys\nsys.exit(1)", {}, { errorType: "Runtime.ExitError", errorMessage: expect.stringMatching(/exit status 1$/) }],
    ["a nap that is too long", handler("time.sleep(5)", "import time"), {}, { errorType: "Sandbox.Timedout", errorMessage: expect.stringMatching(/^RequestId: [0-9a-f-]{36} Error: Task timed out after 3.00 seconds$/) }],
    ["work without end", handler("while True: pass"), { Timeout: 1 }, { errorType: "Sandbox.Timedout", errorMessage: expect.stringMatching(/Task timed out after 1.00 seconds$/) }],
    ["a module that takes too long to load", "import time\ntime.sleep(20)\n" + handler("return 1"), {}, { errorType: "Sandbox.Timedout", errorMessage: expect.stringMatching(/Task timed out after 3.00 seconds$/) }],
    ["a result that is too large", handler("return 'x' * 7_000_000"), {}, { errorType: "Function.ResponseSizeTooLarge", errorMessage: "Response payload size exceeded maximum allowed payload size (6291556 bytes)." }],
  ])("%s", async (_name, source, more, told) => {
    const { value, error } = await answer(source, {}, more);
    expect([value, error]).toEqual([told, "Unhandled"]);
  });

  test("and another environment takes the next event when the process is no more", async () => {
    await create(handler("global count\ncount += 1\nif event.get('end'): sys.exit(1)\nif event.get('nap'): time.sleep(9)\nif event.get('fails'): raise Exception('no')\nreturn count", "import sys, time\ncount = 0"));
    await test_.run(async () => {
      expect((await test_.invoke("f")).value).toBe(1);
      await test_.invoke("f", { fails: true });
      expect((await test_.invoke("f")).value).toBe(3);
      await test_.invoke("f", { end: true });
      expect((await test_.invoke("f")).value).toBe(1);
      await test_.invoke("f", { nap: true });
      expect((await test_.invoke("f")).value).toBe(1);
    });
  });
});

describe("the log of a function in Python", () => {
  test("has what was printed and logged, at its time", async () => {
    await create(handler("print('one\\ntwo')\ntime.sleep(1)\nlogging.warning('careful\\nhere')\nlogging.info('not this')\nsys.stderr.write('unended')", "import logging, time, sys\nprint('loading')"));
    const { log } = await test_.run(() => test_.invoke("f"));
    expect(log.split("\n").map((line) => line.replace(/[0-9a-f-]{36}/g, "ID"))).toEqual([
      "INIT_START Runtime Version: python3.12", "loading", "START RequestId: ID Version: $LATEST", "one", "two", "[WARNING]\t2026-01-01T00:00:01.000Z\tID\tcareful", "here", "unended", "END RequestId: ID",
      "REPORT RequestId: ID\tDuration: 1000.00 ms\tBilled Duration: 1000 ms\tMemory Size: 128 MB\tMax Memory Used: 64 MB\tInit Duration: 0.00 ms\t", "",
    ]);
    expect((await test_.log("/aws/lambda/f")).map((message) => message.replace(/[0-9a-f-]{36}/g, "ID"))).toContain("[WARNING]\t2026-01-01T00:00:01.000Z\tID\tcareful\nhere\n");
  });

  test("tells of the error that ended an invocation", async () => {
    await create(handler("raise ValueError('bad')"));
    const { log } = await test_.run(() => test_.invoke("f"));
    expect(log).toContain("[ERROR] ValueError: bad\nTraceback (most recent call last):\n\u00a0\u00a0File \"/var/task/app.py\", line 3, in handler\n\u00a0\u00a0\u00a0\u00a0raise ValueError('bad')\n");
    expect(log).toMatch(/Status: error\tError Type: ValueError/);
  });

  test("is JSON when that is asked for", async () => {
    await create(handler("logging.getLogger().info('found', extra={'n': 1})\nlogging.debug('no')", "import logging"), { LoggingConfig: { LogFormat: "JSON" } });
    await test_.run(() => test_.invoke("f"));
    const lines = (await test_.log("/aws/lambda/f")).map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines[2]).toEqual({ timestamp: "2026-01-01T00:00:00Z", level: "INFO", message: "found", logger: "root", n: 1, requestId: REQUEST_ID });
    expect(lines.map(({ type }) => type)).toEqual(["platform.initStart", "platform.start", undefined, "platform.report"]);
  });
});

test("Python functions run at the same time when they are called at the same time", async () => {
  await create(handler("time.sleep(1)\nreturn os.getpid()", "import os, time"));
  await test_.run(async () => {
    const start = test_.clock.now();
    const pids = new Set<unknown>();
    const actors = [1, 2, 3].map((n) => test_.clock.spawn(`call ${n}`, async () => void pids.add((await test_.invoke("f")).value)));
    for (const actor of actors) await test_.clock.join(actor);
    expect([pids.size, test_.clock.now() - start]).toEqual([3, seconds(1)]);
  });
});
