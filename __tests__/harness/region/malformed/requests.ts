/** Requests to every operation of the region, in each of its service's protocols, with inputs that may be anything. */
import type { Service, WireRequest } from "../../../../harness/region/core/types";
import { encodeCbor } from "../../../../harness/region/wire/cbor";
import { encodeJson } from "../../../../harness/region/wire/json";
import type { RestRoute } from "../../../../harness/region/wire/rest";

export type Wire = "json" | "cbor" | "query" | "ec2" | "rest";

const TARGETS: Readonly<Record<string, string>> = {
  "cloudwatch": "GraniteServiceVersion20100801", "cloudwatch-logs": "Logs_20140328", "dynamodb": "DynamoDB_20120810", "eventbridge": "AWSEvents", "kms": "TrentService",
  "resource-groups-tagging-api": "ResourceGroupsTaggingAPI_20170126", "sfn": "AWSStepFunctions", "sqs": "AmazonSQS", "ssm": "AmazonSSM",
};

const WIRES: Readonly<Record<string, Wire>> = {
  "AWS JSON 1.0": "json", "AWS JSON 1.1": "json", "Smithy RPC v2 CBOR": "cbor", "AWS query": "query", "EC2 query": "ec2", "REST JSON": "rest",
};

export interface Call { service: Service; operation: string; wire: Wire }

/** Every operation of a service, on every wire; none of S3's, whose requests are made apart. */
export const callsOf = (service: Service): Call[] =>
  service.protocols.flatMap((protocol) => (WIRES[protocol] === undefined ? [] : Object.keys(service.operations).map((operation) => ({ service, operation, wire: WIRES[protocol]! }))));

const signed = (signingName: string): Record<string, string> =>
  ({ authorization: `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260101/us-east-1/${signingName}/aws4_request, SignedHeaders=host;x-amz-date, Signature=abc` });

export function requestOf({ service, operation, wire }: Call, input: unknown): WireRequest {
  const headers = signed(service.signingName);
  const request = (more: Partial<WireRequest>): WireRequest => ({ method: "POST", path: "/", query: "", headers, body: Buffer.alloc(0), ...more });
  switch (wire) {
    case "json":
      return request({ headers: { ...headers, "x-amz-target": `${TARGETS[service.name]!}.${operation}` }, body: Buffer.from(encodeJson(input)) });
    case "cbor":
      return request({ path: `/service/S/operation/${operation}`, headers: { ...headers, "smithy-protocol": "rpc-v2-cbor" }, body: encodeCbor(input) });
    case "query":
    case "ec2":
      return request({ body: Buffer.from(new URLSearchParams([["Action", operation], ...flat(input, wire === "ec2")]).toString()) });
    case "rest":
      return rest(service, operation, input, request);
  }
}

/** `Filter.1.Value.2=x`, or with `member` before the numbers. */
function flat(value: unknown, isEc2: boolean, path = ""): [string, string][] {
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return path === "" ? [] : [[path, value instanceof Uint8Array ? Buffer.from(value).toString("base64") : String(value)]];
  const inner = Array.isArray(value) ? value.map((item, index): [string, unknown] => [`${isEc2 || path === "" ? "" : "member."}${index + 1}`, item]) : Object.entries(value);
  if (inner.length === 0 && path !== "") return [[path, ""]];
  return inner.flatMap(([name, item]) => flat(item, isEc2, path === "" ? name : `${path}.${name}`));
}

function rest(service: Service, operation: string, input: unknown, request: (more: Partial<WireRequest>) => WireRequest): WireRequest {
  const route = (service as Service & { routes: readonly RestRoute[] }).routes.find((each) => each.operation === operation)!;
  const members: Record<string, unknown> = typeof input === "object" && input !== null && !Array.isArray(input) ? { ...(input as object) } : {};
  const path = route.path.replace(/\{([^}+]+)\+?\}/g, (_, label: string) => {
    const value = members[label];
    delete members[label];
    return encodeURIComponent(typeof value === "string" && value !== "" ? value : JSON.stringify(value ?? "f"));
  });
  const made = request({ method: route.method, path });
  if (route.method === "GET" || route.method === "DELETE") {
    made.query = new URLSearchParams(Object.entries(members).flatMap(([name, value]): [string, string][] => (Array.isArray(value) ? value : [value]).map((each) => [route.queryNames?.[name] ?? name, typeof each === "string" ? each : JSON.stringify(each) ?? ""]))).toString();
  } else made.body = route.requestPayload ? Buffer.from(encodeJson(members[route.requestPayload] ?? "")) : Buffer.from(encodeJson(typeof input === "object" && input !== null && !Array.isArray(input) ? members : input));
  return made;
}
