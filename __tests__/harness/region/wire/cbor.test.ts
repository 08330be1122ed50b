import fc from "fast-check";
import { AwsError } from "../../../../harness/region/core/types";
import { cborService, decodeCbor, encodeCbor } from "../../../../harness/region/wire/cbor";
import { jsonService } from "../../../../harness/region/wire/json";
import { multiProtocolService } from "../../../../harness/region/wire/multi";
import { queryService } from "../../../../harness/region/wire/query";
import { bodyText, request, testContext } from "../support/context";

const { context } = testContext();
const options = {
  name: "cloudwatch", signingName: "monitoring", region: context.region,
  operations: {
    Echo: (input: object) => input,
    Refuse: () => { throw new AwsError("InvalidParameterValue", "no"); },
  },
};
const cbor = cborService(options);
const all = multiProtocolService([cbor, jsonService({ ...options, version: "1.0", targetPrefix: "GraniteServiceVersion20100801" }), queryService({ ...options, xmlns: "http://monitoring.amazonaws.com/doc/2010-08-01/", version: "2010-08-01" })]);
const rpc = (operation: string, body: Buffer) => request({ path: `/service/GraniteServiceVersion20100801/operation/${operation}`, headers: { "smithy-protocol": "rpc-v2-cbor" }, body });

it("carries timestamps and blobs as what they are", async () => {
  const input = { at: new Date("2026-01-01T00:00:00.250Z"), bytes: Buffer.from("hi"), value: 1.5, list: [1, "a", null, true] };
  const answer = await cbor.handle(rpc("Echo", encodeCbor(input)), context);
  expect(answer).toMatchObject({ status: 200, headers: { "smithy-protocol": "rpc-v2-cbor", "content-type": "application/cbor" } });
  expect(decodeCbor(answer.body as Buffer)).toEqual(input);
});

it("answers errors with __type", async () => {
  const answer = await cbor.handle(rpc("Refuse", encodeCbor({})), context);
  expect(answer.status).toBe(400);
  expect(decodeCbor(answer.body as Buffer)).toEqual({ __type: "InvalidParameterValue", message: "no" });
});

it("refuses unknown operations and paths by name", async () => {
  expect(decodeCbor((await cbor.handle(rpc("NoSuch", encodeCbor({})), context)).body as Buffer)["__type"]).toBe("UnknownOperationException");
  expect((await cbor.handle(request({ path: "/x", headers: { "smithy-protocol": "rpc-v2-cbor" } }), context)).status).toBe(404);
});

it("survives any body", async () => {
  await fc.assert(fc.asyncProperty(fc.uint8Array(), async (bytes) => {
    const { status } = await cbor.handle(rpc("Echo", Buffer.from(bytes)), context);
    expect([200, 400]).toContain(status);
  }));
});

it("lets one service speak several protocols", async () => {
  expect((await all.handle(rpc("Echo", encodeCbor({})), context)).headers["content-type"]).toBe("application/cbor");
  expect(bodyText((await all.handle(request({ text: '{"a":1}', headers: { "x-amz-target": "GraniteServiceVersion20100801.Echo" } }), context)).body)).toBe('{"a":1}');
  expect(bodyText((await all.handle(request({ text: "Action=Echo&A=1" }), context)).body)).toContain("<EchoResult><A>1</A></EchoResult>");
});
