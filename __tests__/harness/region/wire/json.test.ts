import fc from "fast-check";
import { AwsError } from "../../../../harness/region/core/types";
import { encodeJson, jsonService } from "../../../../harness/region/wire/json";
import { bodyText, request, testContext } from "../support/context";

const { context, defects } = testContext();
const service = jsonService({
  name: "sfn", signingName: "states", version: "1.0", targetPrefixes: ["AWSStepFunctions"], region: context.region,
  operations: {
    Echo: (input) => input,
    Types: () => ({ at: new Date("2026-01-01T00:00:00.250Z"), bytes: Buffer.from("hi"), absent: undefined, nothing: null, list: [new Date(0)] }),
    Refuse: () => { throw new AwsError("ExecutionDoesNotExist", "Execution Does Not Exist: 'x'", 400, { detail: 1 }); },
    Break: () => { throw new TypeError("oops"); },
    Nothing: () => undefined,
  },
});
const call = (operation: string, text = "{}") => service.handle(request({ text, headers: { "x-amz-target": `AWSStepFunctions.${operation}` } }), context);

it("runs the operation that X-Amz-Target names and answers in its version", async () => {
  const answer = await call("Echo", '{"a":[1,{"b":null}]}');
  expect(answer).toMatchObject({ status: 200, headers: { "content-type": "application/x-amz-json-1.0", "x-amzn-requestid": "request-1" } });
  expect(JSON.parse(bodyText(answer.body))).toEqual({ a: [1, { b: null }] });
});

it("writes timestamps as epoch seconds and blobs as base64, and leaves absent members out", async () => {
  expect(JSON.parse(bodyText((await call("Types")).body))).toEqual({ at: 1767225600.25, bytes: "aGk=", nothing: null, list: [0] });
});

it("answers an operation without output with an empty object", async () => {
  expect(bodyText((await call("Nothing")).body)).toBe("{}");
});

it("takes an empty body for an empty input", async () => {
  expect(bodyText((await call("Echo", "")).body)).toBe("{}");
});

it("answers AWS's errors with code, message, status and members", async () => {
  const answer = await call("Refuse");
  expect(answer).toMatchObject({ status: 400, headers: { "x-amzn-errortype": "ExecutionDoesNotExist" } });
  expect(JSON.parse(bodyText(answer.body))).toEqual({ __type: "ExecutionDoesNotExist", message: "Execution Does Not Exist: 'x'", detail: 1 });
});

it("answers a defect with InternalFailure and reports it", async () => {
  const answer = await call("Break");
  expect(answer.status).toBe(500);
  expect(JSON.parse(bodyText(answer.body))).toMatchObject({ __type: "InternalFailure" });
  expect(defects).toEqual([["sfn:Break", expect.any(TypeError)]]);
});

it.each(["NoSuch", "toString", "__proto__", ""])("refuses the unknown operation %p by name", async (operation) => {
  const answer = await call(operation);
  expect(answer.status).toBe(400);
  expect(JSON.parse(bodyText(answer.body))).toMatchObject({ __type: "UnknownOperationException", message: expect.stringContaining(operation || "none given") });
});

it("refuses a target of another service", async () => {
  const answer = await service.handle(request({ text: "{}", headers: { "x-amz-target": "Other.Echo" } }), context);
  expect(JSON.parse(bodyText(answer.body)).__type).toBe("UnknownOperationException");
});

it.each(["{", "[]", "1", "null", '"text"'])("refuses the body %p as malformed", async (text) => {
  const answer = await call("Echo", text);
  expect(answer.status).toBe(400);
  expect(JSON.parse(bodyText(answer.body)).__type).toBe("SerializationException");
});

it("survives any body", async () => {
  await fc.assert(fc.asyncProperty(fc.uint8Array(), async (bytes) => {
    const answer = await service.handle(request({ body: Buffer.from(bytes), headers: { "x-amz-target": "AWSStepFunctions.Echo" } }), context);
    expect([200, 400]).toContain(answer.status);
  }));
});

it("round-trips every JSON value, __proto__ included", () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => { expect(JSON.parse(encodeJson(value))).toEqual(JSON.parse(JSON.stringify(value))); }));
  expect(encodeJson(JSON.parse('{"__proto__":{"a":1}}'))).toBe('{"__proto__":{"a":1}}');
});
