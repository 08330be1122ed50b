import fc from "fast-check";
import { AwsError } from "../../../../harness/region/core/types";
import { restService } from "../../../../harness/region/wire/rest";
import { bodyText, request, testContext } from "../support/context";

const { context } = testContext();
const echo = (input: object) => ({ input });
const service = restService({
  name: "fis", signingName: "fis", region: context.region,
  operations: {
    GetExperiment: echo, ListExperiments: echo, CreateExperiment: echo, TagResource: () => ({}), GetAny: echo,
    Invoke: (input: { Payload: Buffer; InvocationType?: string }) => ({ StatusCode: 202, FunctionError: "Unhandled", Payload: `${input.InvocationType} ${input.Payload.toString()}` }),
    Refuse: () => { throw new AwsError("ResourceNotFoundException", "Experiment not found.", 404); },
  },
  routes: [
    { method: "GET", path: "/experiments/{id}", operation: "GetExperiment" },
    { method: "GET", path: "/experiments", operation: "ListExperiments", queryLists: ["tagKeys"], queryNames: { NextToken: "nextToken" } },
    { method: "POST", path: "/experiments", operation: "CreateExperiment", status: 201 },
    { method: "POST", path: "/tags/{resourceArn}", operation: "TagResource", status: 204 },
    { method: "GET", path: "/experiments/special", operation: "Refuse" },
    { method: "GET", path: "/any/{Key+}", operation: "GetAny" },
    { method: "POST", path: "/2015-03-31/functions/{FunctionName}/invocations", operation: "Invoke", requestPayload: "Payload", requestHeaders: { InvocationType: "X-Amz-Invocation-Type" }, responsePayload: "Payload", responseHeaders: { FunctionError: "X-Amz-Function-Error" }, responseStatus: "StatusCode" },
  ],
});
const inputOf = async (more: Parameters<typeof request>[0]) => JSON.parse(bodyText((await service.handle(request(more), context)).body)).input as object;

it("merges labels, query string and body into one input", async () => {
  expect(await inputOf({ method: "GET", path: "/experiments/EXP%2F1" })).toEqual({ id: "EXP/1" });
  expect(await inputOf({ method: "GET", path: "/experiments", query: "maxResults=5&nextToken=t&tagKeys=a" })).toEqual({ maxResults: "5", NextToken: "t", tagKeys: ["a"] });
  expect(await inputOf({ path: "/experiments", text: '{"a":{"b":1}}' })).toEqual({ a: { b: 1 } });
  expect(await inputOf({ method: "GET", path: "/any/a/b%20c" })).toEqual({ Key: "a/b c" });
});

it("answers with the route's status, and with no body where there is none", async () => {
  expect((await service.handle(request({ path: "/experiments" }), context)).status).toBe(201);
  expect(await service.handle(request({ path: "/tags/arn%3Aaws" }), context)).toMatchObject({ status: 204, body: "" });
});

it("carries raw payloads, headers and the status both ways", async () => {
  const answer = await service.handle(request({ path: "/2015-03-31/functions/watcher/invocations", text: "raw", headers: { "x-amz-invocation-type": "Event" } }), context);
  expect(answer).toMatchObject({ status: 202, headers: { "x-amz-function-error": "Unhandled" }, body: "Event raw" });
});

it("prefers a fixed segment to a label, and answers errors with x-amzn-errortype", async () => {
  const answer = await service.handle(request({ method: "GET", path: "/experiments/special" }), context);
  expect(answer).toMatchObject({ status: 404, headers: { "x-amzn-errortype": "ResourceNotFoundException" } });
  expect(JSON.parse(bodyText(answer.body))).toEqual({ message: "Experiment not found." });
});

it("refuses unknown paths and malformed ones by name", async () => {
  expect(await service.handle(request({ method: "DELETE", path: "/nothing" }), context)).toMatchObject({ status: 404, headers: { "x-amzn-errortype": "UnknownOperationException" } });
  expect(await service.handle(request({ method: "GET", path: "/experiments/%ff" }), context)).toMatchObject({ status: 400, headers: { "x-amzn-errortype": "SerializationException" } });
  expect(await service.handle(request({ path: "/experiments", text: "{" }), context)).toMatchObject({ status: 400, headers: { "x-amzn-errortype": "SerializationException" } });
});

it("survives any path and query", async () => {
  await fc.assert(fc.asyncProperty(fc.constantFrom("GET", "POST"), fc.webPath(), fc.string(), async (method, path, query) => {
    expect((await service.handle(request({ method, path, query }), context)).status).toBeLessThan(500);
  }));
});
