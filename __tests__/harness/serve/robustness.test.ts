/** Whatever is sent to the server, it answers in a protocol's own way or closes the connection, and goes on. */
import { connect } from "node:net";
import fc from "fast-check";
import { startServer, type Server } from "../../../harness/serve/server";

let server: Server;
let port: number;
const stray: unknown[] = [];
const note = (error: unknown): void => void stray.push(error);
beforeAll(async () => {
  process.on("unhandledRejection", note);
  server = await startServer({ port: 0, clock: { kind: "virtual" }, stacks: [], onCall: () => undefined, onTrouble: () => undefined });
  port = Number(new URL(server.region.endpoint).port);
});
afterAll(async () => {
  process.off("unhandledRejection", note);
  await server.close();
});
afterEach(() => expect(stray).toEqual([]));

/** Sends bytes as they are, and then nothing more; what came back until the connection ended. */
function raw(bytes: Buffer, ending: "end" | "destroy" = "end"): Promise<string> {
  return new Promise((resolve) => {
    let text = "";
    const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true }, () => socket.write(bytes, () => (ending === "end" ? socket.end() : socket.destroy())));
    socket.on("data", (data: Buffer) => { text += data.toString("latin1"); }).on("error", () => undefined).on("end", () => socket.end()).on("close", () => resolve(text));
  });
}

const signed = (service: string): string => `AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`;
const message = (headers: Record<string, string>, body: Buffer | string, { method = "POST", path = "/" } = {}): Buffer =>
  Buffer.concat([Buffer.from(`${method} ${path} HTTP/1.1\r\n${Object.entries({ host: "127.0.0.1", connection: "close", "content-length": String(Buffer.byteLength(body)), ...headers }).map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n`, "latin1"), Buffer.from(body)]);

async function isWell(): Promise<void> {
  const answer = await raw(message({ authorization: signed("sts"), "content-type": "application/x-www-form-urlencoded" }, "Action=GetCallerIdentity&Version=2011-06-15"));
  expect(answer).toMatch(/^HTTP\/1\.1 200 /);
}

const JSON_SERVICES: Record<string, string> = { states: "AWSStepFunctions", dynamodb: "DynamoDB_20120810", logs: "Logs_20140328", events: "AWSEvents", ssm: "AmazonSSM", sqs: "AmazonSQS" };

test.each([
  ["an unsigned request", message({}, "{}"), 403, "MissingAuthenticationToken"],
  ["a link signed by version 2", message({}, "", { method: "GET", path: "/bucket/key?AWSAccessKeyId=a&Signature=b&Expires=1" }), 400, "<Message>The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.</Message>"],
  ["a service that there is not", message({ authorization: signed("braket") }, "{}"), 400, "does not have the service that signs as 'braket'"],
  ["a signature without a scope", message({ authorization: "AWS4-HMAC-SHA256 nothing" }, "{}"), 400, "IncompleteSignature"],
  ["another region", message({ authorization: signed("states").replace("us-east-1", "eu-west-1") }, "{}"), 403, "set AWS_REGION=us-east-1"],
  ["an operation that JSON services do not have", message({ authorization: signed("states"), "x-amz-target": "AWSStepFunctions.Dance" }, "{}"), 400, "UnknownOperationException"],
  ["an operation named as what every object has", message({ authorization: signed("states"), "x-amz-target": "AWSStepFunctions.constructor" }, "{}"), 400, "UnknownOperationException"],
  ["no operation at all", message({ authorization: signed("dynamodb") }, "{}"), 400, "UnknownOperationException"],
  ["an action that query services do not have", message({ authorization: signed("ec2") }, "Action=Dance"), 400, "<Code>InvalidAction</Code>"],
  ["JSON that ends too early", message({ authorization: signed("states"), "x-amz-target": "AWSStepFunctions.ListStateMachines" }, '{"maxResults": 1'), 400, "SerializationException"],
  ["JSON that is no object", message({ authorization: signed("states"), "x-amz-target": "AWSStepFunctions.ListStateMachines" }, "[]"), 400, "SerializationException"],
  ["JSON that is too deep", message({ authorization: signed("states"), "x-amz-target": "AWSStepFunctions.ListStateMachines" }, `${'{"a":'.repeat(200_000)}1`), 400, "SerializationException"],
  ["XML that is none", message({ authorization: signed("s3") }, "<Delete><Object", { path: "/bucket?delete" }), 404, "NoSuchBucket"],
  ["CBOR that is none", message({ authorization: signed("monitoring"), "smithy-protocol": "rpc-v2-cbor", "content-type": "application/cbor" }, Buffer.from([0x9f, 0x01]), { path: "/service/GraniteServiceVersion20100801/operation/PutMetricData" }), 400, "SerializationException"],
  ["a REST path that there is not", message({ authorization: signed("fis") }, "{}", { path: "/dance" }), 404, "dance"],
  ["a path whose escapes are wrong", message({ authorization: signed("s3") }, "", { method: "GET", path: "/bucket/%E0%A4%A" }), 400, "InvalidRequest"],
  ["no HTTP", Buffer.from("nonsense\r\n\r\n"), 400, ""],
  ["too many headers", message({ "x-much": "a".repeat(100_000) }, ""), 431, ""],
])("%s is answered in the protocol's own way", async (_, bytes, status, text) => {
  const answer = await raw(bytes);
  expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  expect(answer).toContain(text);
  await isWell();
});

test("a stored header that HTTP cannot carry is an error of that request alone", async () => {
  const s3 = (method: string, path: string, headers: Record<string, string> = {}): Promise<string> => raw(message({ authorization: signed("s3"), ...headers }, "", { method, path }));
  await s3("PUT", "/headers");
  await s3("PUT", "/headers/key", { "x-amz-meta-name": "\u00e9\u0080" });
  expect(await s3("GET", "/headers/key")).toMatch(/^HTTP\/1\.1 (200|500) /);
  await isWell();
});

test("a connection that breaks within a body, or never sends one, holds nothing up", async () => {
  const whole = message({ authorization: signed("states"), "x-amz-target": "AWSStepFunctions.ListStateMachines", "content-length": "1000" }, "{}");
  await Promise.all(Array.from({ length: 50 }, () => raw(whole, "destroy")));
  const idle = Array.from({ length: 50 }, () => connect(port, "127.0.0.1"));
  for (const socket of idle) socket.write("POST / HTTP/1.1\r\nhost: x\r\ncontent-le");
  await isWell();
  for (const socket of idle) socket.destroy();
});

test("thousands of requests side by side are all answered", async () => {
  const request = message({ authorization: signed("states"), "x-amz-target": "AWSStepFunctions.ListStateMachines" }, "{}");
  for (let round = 0; round < 10; round++) {
    const answers = await Promise.all(Array.from({ length: 300 }, () => raw(request)));
    expect(answers.filter((answer) => !answer.startsWith("HTTP/1.1 200 "))).toEqual([]);
  }
});

test("any bytes at all are answered with HTTP or a closed connection", async () => {
  const piece = fc.oneof(
    fc.constantFrom("GET / HTTP/1.1\r\n", "POST / HTTP/1.1\r\n", "PUT /b/k HTTP/1.1\r\n", "CONNECT x:1 HTTP/1.1\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "host: x\r\n", "content-length: 5\r\n", "content-length: -1\r\n",
      "transfer-encoding: chunked\r\n", "upgrade: websocket\r\nconnection: upgrade\r\n", "expect: 100-continue\r\n", "expect: tea\r\n", `authorization: ${signed("s3")}\r\n`, "\r\n", "\r\n\r\n", "5\r\nhello\r\n", "zz\r\n", "0\r\n\r\n").map((text) => Buffer.from(text)),
    fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
  );
  await fc.assert(fc.asyncProperty(fc.array(piece, { maxLength: 8 }), fc.constantFrom("end" as const, "destroy" as const), async (pieces, ending) => {
    expect(await raw(Buffer.concat(pieces), ending)).toMatch(/^(HTTP\/1\.1 \d{3} [\s\S]*)?$/);
  }), { numRuns: 400 });
  await isWell();
}, 60_000);

test("any operation with any body is answered, in its protocol", async () => {
  jest.spyOn(console, "warn").mockImplementation(() => undefined); // the CBOR decoder remarks on numbers that it rounds
  const operations = [...server.region.services.values()].flatMap(({ signingName, operations }) => Object.keys(operations).map((name) => [signingName, name] as const));
  const names = ["name", "Name", "TableName", "stateMachineArn", "definition", "Key", "Item", "Tags", "InstanceId", "executionArn", "maxResults", "nextToken", "roleArn", "input", "logGroupName", "FunctionName", "MetricData", "Namespace", "QueueUrl", "__proto__", "constructor"];
  const body = fc.oneof(fc.json({ maxDepth: 4 }), fc.dictionary(fc.constantFrom(...names), fc.jsonValue({ maxDepth: 3 })).map((value) => JSON.stringify(value)), fc.string(), fc.constantFrom("", "{", "<a>", "a=1&a.1=2&a.__proto__.x=1"));
  await fc.assert(fc.asyncProperty(fc.constantFrom(...operations), body, fc.constantFrom("/", "/functions/x/invocations", "/b/k?uploads", "/experiments", "/service/GraniteServiceVersion20100801/operation/PutMetricData"), fc.boolean(), async ([service, operation], text, path, isCbor) => {
    const isForm = ["ec2", "iam", "sts"].includes(service);
    const answer = await raw(message({
      authorization: signed(service),
      ...(service in JSON_SERVICES ? { "x-amz-target": `${JSON_SERVICES[service]}.${operation}` } : {}),
      ...(service === "monitoring" && isCbor ? { "smithy-protocol": "rpc-v2-cbor" } : {}),
    }, isForm ? `Action=${operation}&${text}` : text, { path }));
    expect(answer).toMatch(/^HTTP\/1\.1 \d{3} /);
    const [head = "", content = ""] = answer.split("\r\n\r\n", 2);
    const type = /content-type: (\S+)/i.exec(head)?.[1] ?? "";
    if (type.includes("json") && content !== "") expect(() => JSON.parse(Buffer.from(content, "latin1").toString()) as unknown).not.toThrow();
    if (isForm && !/^HTTP\/1\.1 2/.test(answer)) expect(content).toMatch(/<Code>[\w.]+<\/Code>/);
  }), { numRuns: 1000 });
  await isWell();
}, 60_000);
