/**
 * The way of SDK clients in this process into the region: a Smithy HTTP handler (a client's `requestHandler`) that
 * hands requests to the router without a socket. https://smithy.io/2.0/ has the interface in its TypeScript types.
 */
import { Readable } from "node:stream";
import { HttpResponse } from "@smithy/core/protocols";
import type { HttpHandlerOptions, HttpRequest, RequestHandler } from "@smithy/types";
import type { WireRequest, WireResponse } from "./types";

/** What a request handler needs of the router. */
export type Handle = (request: WireRequest) => Promise<WireResponse>;

export type InProcessHandler = RequestHandler<HttpRequest, HttpResponse, HttpHandlerOptions> & {
  metadata: { handlerProtocol: string };
  updateHttpClientConfig(key: never, value: never): void;
  httpHandlerConfigs(): Record<string, never>;
};

/** Makes a request handler. Aborting a request before it is sent rejects with an AbortError; afterwards it has no effect. */
export function createRequestHandler(handle: Handle): InProcessHandler {
  return {
    metadata: { handlerProtocol: "http/1.1" },
    async handle(request, options) {
      if (options?.abortSignal?.aborted) throw Object.assign(new Error("Request aborted"), { name: "AbortError" });
      const answer = await handle(await toWire(request));
      // A stream, as a socket would give: S3's GetObject hands its body on, and some clients read error bodies twice.
      return { response: new HttpResponse({ statusCode: answer.status, headers: answer.headers, body: Readable.from(pieces(answer), { objectMode: false }) }) };
    },
    updateHttpClientConfig() {},
    httpHandlerConfigs: () => ({}),
    destroy() {},
  };
}

function* pieces({ body, stream }: WireResponse): Generator<Buffer> {
  if (stream) yield* stream.pieces();
  else if (body.length > 0) yield typeof body === "string" ? Buffer.from(body, "utf8") : body;
}

async function toWire(request: HttpRequest): Promise<WireRequest> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) headers[name.toLowerCase()] = value;
  headers["host"] ??= request.port ? `${request.hostname}:${request.port}` : request.hostname;
  return { method: request.method, path: request.path, query: queryText(request.query), headers, body: await bodyOf(request.body) };
}

/** The query string as the SDK's HTTP handlers write it: names sorted, RFC 3986 encoding, lists repeated. */
function queryText(query: HttpRequest["query"]): string {
  const names = Object.keys(query ?? {});
  if (names.length === 0) return "";
  const parts: string[] = [];
  for (const name of names.sort()) {
    const value = query![name];
    const key = encode(name);
    if (Array.isArray(value)) for (const member of value) parts.push(`${key}=${encode(member)}`);
    else parts.push(value === null || value === undefined || value === "" ? `${key}=` : `${key}=${encode(value)}`);
  }
  return parts.join("&");
}

const encode = (text: string): string => encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);

async function bodyOf(body: unknown): Promise<Buffer> {
  if (body === undefined || body === null) return Buffer.alloc(0);
  if (typeof body === "string") return Buffer.from(body, "utf8");
  if (body instanceof Uint8Array) return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  if (body instanceof ArrayBuffer) return Buffer.from(body);
  if (typeof (body as AsyncIterable<Uint8Array>)[Symbol.asyncIterator] === "function") {
    const chunks: Buffer[] = [];
    for await (const chunk of body as AsyncIterable<Uint8Array | string>) chunks.push(typeof chunk === "string" ? Buffer.from(chunk, "utf8") : Buffer.from(chunk));
    return Buffer.concat(chunks);
  }
  throw new TypeError(`A request body of the kind ${Object.prototype.toString.call(body)} cannot be sent in this process; give text, bytes or a readable stream.`);
}
