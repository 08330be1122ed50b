/**
 * REST-JSON: the operation by method and path, its input spread over path, query string, headers and a JSON body.
 * https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html
 */
import { invoke, unknownOperation } from "../core/invoke";
import type { WireRequest, WireResponse } from "../core/types";
import { encodeJson, parseJsonObject } from "./json";
import { serviceOf, type ProtocolService, type ServiceOptions } from "./respond";
import { AwsError } from "../core/types";

/** How one operation stands on the wire. */
export interface RestRoute {
  method: string;
  /** `/experiments/{id}`; a label with a plus (`{Key+}`) takes the rest of the path. */
  path: string;
  operation: string;
  /** Input members that are headers: `{InvocationType: "x-amz-invocation-type"}`. */
  requestHeaders?: Record<string, string>;
  /** The query string's names where they are not the members' own: `{Marker: "marker"}` (member: name on the wire). */
  queryNames?: Record<string, string>;
  /** Members in the query string that are lists, even with one value. */
  queryLists?: readonly string[];
  /** The input member that is the raw body, as a Buffer. */
  requestPayload?: string;
  /** The status of a success; default 200. */
  status?: number;
  /** Output members that are headers. */
  responseHeaders?: Record<string, string>;
  /** The output member that is the raw body (bytes or text). */
  responsePayload?: string;
  /** The output member that is the status code. */
  responseStatus?: string;
}

export interface RestServiceOptions extends ServiceOptions { routes: readonly RestRoute[] }

interface Match { route: RestRoute; labels: Record<string, string> }

/** A service with its routes. */
export interface RestService extends ProtocolService { readonly routes: readonly RestRoute[] }

/** Makes a service that speaks REST-JSON. Labels and query values are text, the body as parsed. */
export function restService(options: RestServiceOptions): RestService {
  const match = compileRoutes(options.routes);
  return Object.assign(serviceOf(options, {
    protocol: "REST JSON",
    speaks: () => true,
    async run(request, context) {
      const found = match(request.method, request.path);
      if (!found) throw unknownOperation(options.name, `${request.method} ${request.path}`, "UnknownOperationException", 404);
      const { route } = found;
      const { input, texts } = inputOf(request, found);
      const output = ((await invoke(options, route.operation, input, context, texts)) ?? {}) as Record<string, unknown>;
      return encode(route, output, context.requestId);
    },
    fail: (error, _request, context) => ({
      status: error.status,
      headers: { "content-type": "application/json", "x-amzn-requestid": context.requestId, "x-amzn-errortype": error.code },
      body: encodeJson({ message: error.message, ...error.members }),
    }),
  }), { routes: options.routes });
}

/** The input, and which of its members came as text: from the path, the query string and headers. */
function inputOf(request: WireRequest, { route, labels }: Match): { input: Record<string, unknown>; texts: ReadonlySet<string> } {
  const input: Record<string, unknown> = route.requestPayload ? { [route.requestPayload]: request.body } : parseJsonObject(request.body);
  const texts = new Set(Object.keys(labels));
  const members = new Map(Object.entries(route.queryNames ?? {}).map(([member, name]) => [name, member]));
  for (const [name, value] of new URLSearchParams(request.query)) {
    const member = members.get(name) ?? name;
    const present = input[member];
    if (route.queryLists?.includes(member)) input[member] = [...(Array.isArray(present) ? present : []), value];
    else input[member] = value;
    texts.add(member);
  }
  for (const [member, header] of Object.entries(route.requestHeaders ?? {})) {
    const value = request.headers[header.toLowerCase()];
    if (value === undefined) continue;
    input[member] = value;
    texts.add(member);
  }
  return { input: Object.assign(input, labels), texts };
}

function encode(route: RestRoute, output: Record<string, unknown>, requestId: string): WireResponse {
  const headers: Record<string, string> = { "content-type": "application/json", "x-amzn-requestid": requestId };
  const rest = { ...output };
  for (const [member, header] of Object.entries(route.responseHeaders ?? {})) {
    if (rest[member] !== undefined) headers[header.toLowerCase()] = String(rest[member]);
    delete rest[member];
  }
  let status = route.status ?? 200;
  if (route.responseStatus) {
    status = Number(rest[route.responseStatus] ?? status);
    delete rest[route.responseStatus];
  }
  if (route.responsePayload) {
    const payload = rest[route.responsePayload];
    return { status, headers, body: payload instanceof Uint8Array ? Buffer.from(payload) : payload === undefined || payload === null ? "" : String(payload) };
  }
  return { status, headers, body: status === 204 ? "" : encodeJson(rest) };
}

/** A matcher of method and path; routes with more fixed segments win. @throws AwsError for a path that is not validly encoded */
function compileRoutes(routes: readonly RestRoute[]): (method: string, path: string) => Match | undefined {
  const compiled = routes.map((route) => ({ route, segments: segmentsOf(route.path) }))
    .sort((a, b) => fixed(b.segments) - fixed(a.segments));
  return (method, path) => {
    const parts = segmentsOf(path);
    for (const { route, segments } of compiled) {
      if (route.method !== method) continue;
      const labels = matchSegments(segments, parts);
      if (labels) return { route, labels };
    }
    return undefined;
  };
}

const segmentsOf = (path: string): string[] => path.replace(/^\/|\/$/g, "").split("/");
const fixed = (segments: string[]): number => segments.filter((segment) => !segment.startsWith("{")).length;

function matchSegments(pattern: string[], parts: string[]): Record<string, string> | undefined {
  const labels: Record<string, string> = {};
  for (const [index, segment] of pattern.entries()) {
    if (segment.endsWith("+}")) {
      if (parts.length <= index) return undefined;
      labels[segment.slice(1, -2)] = decodePath(parts.slice(index).join("/"));
      return labels;
    }
    const part = parts[index];
    if (part === undefined) return undefined;
    if (segment.startsWith("{")) {
      if (part === "") return undefined;
      labels[segment.slice(1, -1)] = decodePath(part);
    } else if (segment !== part) return undefined;
  }
  return parts.length === pattern.length ? labels : undefined;
}

function decodePath(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new AwsError("SerializationException", `The path ${text} is not validly percent-encoded`);
  }
}
