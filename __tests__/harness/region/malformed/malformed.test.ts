/**
 * Whatever a request holds, the region answers with an error of AWS's or does what it asks: never with a failure of its own,
 * and it still works afterwards. MALFORMED_RUNS gives the number of requests to each operation, for a longer search.
 */
import fc from "fast-check";
import type { WireRequest } from "../../../../harness/region/core/types";
import { inputShape, resolve } from "../../../../harness/region/shapes/model";
import type { Shape } from "../../../../harness/region/shapes/types";
import { inputShapes } from "../../../../scripts/input-shapes";
import type { TestRegion } from "../support/region";
import { anything, text, valueOf } from "./inputs";
import { callsOf, requestOf, type Call } from "./requests";
import { s3Request } from "./s3-requests";
import { FIS_SHAPES, startWorld } from "./world";

const RUNS = Number(process.env["MALFORMED_RUNS"] ?? 4);

let test: TestRegion;
beforeEach(async () => {
  // Of what a CBOR decoder says when it reads bytes that are none.
  jest.spyOn(console, "warn").mockImplementation(() => {});
  test = await startWorld();
});
afterEach(async () => {
  jest.restoreAllMocks();
  await test.region.close();
});

/** Sends a request; the defect that it showed, if any. */
async function defectOf(request: WireRequest): Promise<string | undefined> {
  const { region } = test;
  const before = region.defects.length;
  const answer = await region.router.handle(request);
  const [defect] = region.defects.slice(before);
  if (defect) return `${defect.where}: ${(defect.error as Error)?.stack ?? String(defect.error)}`;
  // 501 is how S3 says what it does not implement, 503 how EC2 asks for patience.
  return answer.status >= 500 && answer.status !== 501 && answer.status !== 503 && !/InsufficientInstanceCapacity/.test(answer.body.toString()) ? `${answer.status} ${answer.body.toString()}` : undefined;
}

const holds = <T>(values: fc.Arbitrary<T>, runs: number, request: (value: T) => WireRequest) =>
  fc.assert(fc.asyncProperty(values, async (value) => {
    const defect = await defectOf(request(value));
    if (defect !== undefined) throw new Error(defect);
  }), { numRuns: runs });

async function stillWorks(): Promise<void> {
  const { region } = test;
  const call = <T>(service: string, operation: string, input: object) => region.call<T>(region.admin, service, operation, input);
  expect(await call("sts", "GetCallerIdentity", {})).toMatchObject({ Account: "123456789012" });
  expect(await call("ssm", "PutParameter", { Name: "sane", Type: "String", Value: "v", Overwrite: true })).toMatchObject({ Version: expect.any(Number) });
  expect(await call("ec2", "DescribeVpcs", {})).toMatchObject({ Vpcs: expect.any(Array) });
  expect(region.defects).toEqual([]);
}

const SERVICES = ["iam", "sts", "ssm", "kms", "dynamodb", "sqs", "cloudwatch", "cloudwatch-logs", "eventbridge", "lambda", "ec2", "fis", "sfn", "resource-groups-tagging-api", "elastic-load-balancing-v2"];

it("knows every service", () => {
  expect([...test.region.services.keys()].sort()).toEqual([...SERVICES, "s3"].sort());
});

describe.each(SERVICES)("%s", (name) => {
  const shapesOf = (calls: readonly Call[]): ((operation: string) => Shape | undefined) => {
    if (name === "fis") return (operation) => FIS_SHAPES[operation];
    if (name !== "dynamodb") return (operation) => inputShape(name, operation);
    const shapes = resolve(inputShapes(name, calls.map(({ operation }) => operation))!);
    return (operation) => shapes.get(operation);
  };

  it("refuses what is malformed, and goes on", async () => {
    await test.clock.run("requests", async () => {
      const calls = callsOf(test.region.services.get(name)!);
      const shapeOf = shapesOf(calls);
      for (const call of calls) {
        const shape = shapeOf(call.operation);
        await holds(fc.oneof({ arbitrary: valueOf(shape, 10), weight: 4 }, { arbitrary: valueOf(shape, 0), weight: 4 }, { arbitrary: anything, weight: 1 }), RUNS, (input) => requestOf(call, input));
        // What is no input at all; and the query protocols' names, which may say anything, too.
        await holds(fc.oneof(fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)), text.map((body) => Buffer.from(body))), Math.ceil(RUNS / 4), (body) => ({ ...requestOf(call, {}), body }));
        if (call.wire === "query" || call.wire === "ec2") await holds(forms(shape), RUNS, (form) => ({ ...requestOf(call, {}), body: Buffer.from(new URLSearchParams([["Action", call.operation], ...form]).toString()) }));
      }
      await stillWorks();
    });
  });
});

/** Parameters with the members' names and odd paths below them. */
function forms(shape: Shape | undefined): fc.Arbitrary<[string, string][]> {
  const names = shape?.kind === "structure" && shape.members.size > 0 ? [...shape.members.keys()] : ["Name"];
  const step = fc.constantFrom("1", "2", "0", "99999999999", "member", "entry", "key", "value", "Name", "Key", "Value", "", "__proto__", "constructor", "length");
  return fc.array(fc.tuple(fc.tuple(fc.constantFrom(...names), fc.array(step, { maxLength: 4 })).map(([name, steps]) => [name, ...steps].join(".")), text), { maxLength: 4 });
}

it("s3 refuses what is malformed, and goes on", async () => {
  await test.clock.run("requests", async () => {
    await holds(s3Request, RUNS * 100, (request) => request);
    await stillWorks();
  });
});
