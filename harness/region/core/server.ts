/**
 * HTTP on loopback: the region's endpoint, and (through `createHttpListener`) the metadata services of its instances.
 * A request is answered in the turn of whoever sent it: the caller holds the turn while it waits for the answer, so
 * time stands still between the two.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { UsageError } from "../../model/errors";
import { MessageBodies, sizeOf } from "./bodies";
import type { WireRequest, WireResponse } from "./types";

/** Bodies beyond this are refused; twice the largest checkpoint that a laptop scenario writes in one request. */
const DEFAULT_MAX_BODY_BYTES = 256 * 1024 * 1024;

export interface HttpListenerOptions {
  /** 0 (the default): any free one. */
  port?: number;
  /** The flag or setting that chose the port, named when it is in use: `--port`. */
  portFlag?: string;
  maxBodyBytes?: number;
  /** Answers a request whose body is over the limit (the body is empty then); default: a bare 413. */
  oversized?: (request: WireRequest) => WireResponse;
}

export interface HttpListener {
  readonly port: number;
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** Stops listening and ends every connection; safe to call twice. */
  close(): Promise<void>;
}

/**
 * Listens on 127.0.0.1 and answers with `handle`, which must not throw (what it throws becomes a bare 500).
 * @throws UsageError when the port is in use or not permitted
 */
export async function createHttpListener(handle: (request: WireRequest) => Promise<WireResponse> | WireResponse, options: HttpListenerOptions = {}): Promise<HttpListener> {
  const maxBodyBytes = options.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES;
  const bodies = new MessageBodies(maxBodyBytes);
  const server = createServer({ keepAlive: true, noDelay: true }, (incoming, outgoing) => {
    bodies.receive(incoming, (body, oversized, release) => {
      const request = toWire(incoming, body);
      if (oversized) {
        outgoing.once("finish", () => incoming.destroy());
        outgoing.shouldKeepAlive = false;
        send(outgoing, options.oversized?.(request) ?? { status: 413, headers: {}, body: "" }, bodies);
        return;
      }
      answer(handle, request, outgoing, bodies, release);
    });
  });
  // Guests wait for hours of their own time between requests; a connection that closes under them costs a retry.
  server.keepAliveTimeout = 0;
  server.requestTimeout = 0;
  server.headersTimeout = 0;
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    const status = error.code === "HPE_HEADER_OVERFLOW" ? "431 Request Header Fields Too Large" : "400 Bad Request";
    if (socket.writable) socket.end(`HTTP/1.1 ${status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", resolve);
  }).catch((error: NodeJS.ErrnoException) => {
    const flag = options.portFlag ?? "the port setting";
    const problem = error.code === "EADDRINUSE" ? "is in use" : error.code === "EACCES" ? "may not be used without privileges" : `cannot be listened on (${error.message})`;
    throw new UsageError(`Port ${options.port ?? 0} on 127.0.0.1 ${problem}.`, `Give another with ${flag}, or 0 for any free one.`);
  });
  server.on("error", () => {});
  const { port } = server.address() as AddressInfo;
  let closing: Promise<void> | undefined;
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    close: () => (closing ??= new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    })),
  };
}

function toWire(incoming: IncomingMessage, body: Buffer): WireRequest {
  const url = incoming.url ?? "/";
  const mark = url.indexOf("?");
  return {
    method: incoming.method ?? "GET",
    path: mark < 0 ? url : url.slice(0, mark),
    query: mark < 0 ? "" : url.slice(mark + 1),
    // Only set-cookie comes as a list, and no AWS client sends it.
    headers: incoming.headers as Record<string, string>,
    body,
  };
}

function answer(handle: (request: WireRequest) => Promise<WireResponse> | WireResponse, request: WireRequest, outgoing: ServerResponse, bodies: MessageBodies, release: () => void): void {
  let pending: Promise<WireResponse> | WireResponse;
  try {
    pending = handle(request);
  } catch (error) {
    pending = failed(error);
  }
  if (pending instanceof Promise) pending.then((response) => send(outgoing, response, bodies, request.method), (error: unknown) => send(outgoing, failed(error), bodies)).finally(release);
  else {
    send(outgoing, pending, bodies, request.method);
    release();
  }
}

const failed = (error: unknown): WireResponse => ({ status: 500, headers: { "content-type": "text/plain" }, body: `Internal error: ${error instanceof Error ? error.message : String(error)}\n` });

function send(outgoing: ServerResponse, response: WireResponse, bodies: MessageBodies, method?: string): void {
  const { headers, stream } = response;
  if (outgoing.destroyed) return stream?.unsent?.();
  // The region's own time stands in the Date header, never the system's.
  outgoing.sendDate = false;
  const bodiless = response.status === 204 || response.status === 304;
  if (!bodiless && (method !== "HEAD" || headers["content-length"] === undefined)) headers["content-length"] = String(sizeOf(response));
  try {
    outgoing.writeHead(response.status, headers);
  } catch (error) {
    // A header that cannot be written: what a client stored may hold any character.
    const { status, headers: plain, body } = failed(error);
    outgoing.writeHead(status, plain).end(body);
    return stream?.unsent?.();
  }
  if (bodiless || method === "HEAD") {
    outgoing.end();
    stream?.unsent?.();
  } else if (stream) void bodies.send(outgoing, stream);
  else outgoing.end(response.body);
}
