import { createHash } from "node:crypto";
import { connect } from "node:net";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { createHttpListener, type HttpListener } from "../../../../harness/region/core/server";
import type { WireRequest } from "../../../../harness/region/core/types";

let seen: WireRequest[] = [];
let listener: HttpListener;
beforeAll(async () => {
  listener = await createHttpListener(async (request) => {
    seen.push(request);
    if (request.path === "/throw") throw new Error("oops");
    return { status: request.path === "/none" ? 204 : 200, headers: { date: "Thu, 01 Jan 2026 00:00:00 GMT", "content-type": "text/plain" }, body: `${request.method} ${request.body.length}` };
  }, { maxBodyBytes: 1000, oversized: () => ({ status: 413, headers: {}, body: "too large" }) });
});
beforeEach(() => { seen = []; });
afterAll(() => listener.close());

function send(path: string, { method = "POST", body, headers = {} }: { method?: string; body?: Buffer | string; headers?: Record<string, string> } = {}): Promise<{ status: number; headers: IncomingMessage["headers"]; text: string }> {
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(listener.url + path, { method, headers }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk)).on("end", () => resolve({ status: incoming.statusCode!, headers: incoming.headers, text: Buffer.concat(chunks).toString() }));
    }).on("error", reject);
    outgoing.end(body);
  });
}

it("hands on method, raw path, raw query, headers and body", async () => {
  await send("/a%20b/c?x=1&y=%2F", { body: "hello", headers: { "X-Amz-Target": "T" } });
  expect(seen).toEqual([{ method: "POST", path: "/a%20b/c", query: "x=1&y=%2F", headers: expect.objectContaining({ "x-amz-target": "T", host: new URL(listener.url).host }), body: Buffer.from("hello") }]);
});

it("answers with the handler's date, not the system's, and keeps the connection", async () => {
  const { headers } = await send("/");
  expect(headers).toMatchObject({ date: "Thu, 01 Jan 2026 00:00:00 GMT", "content-length": "6", connection: "keep-alive" });
  expect(headers["keep-alive"]).toBeUndefined();
});

it("sends no body where there is none", async () => {
  expect(await send("/none")).toMatchObject({ status: 204, text: "" });
  expect(await send("/", { method: "HEAD" })).toMatchObject({ status: 200, text: "", headers: { "content-length": "6" } });
});

it("refuses a body over the limit, whether it says its length or not, and goes on", async () => {
  expect(await send("/", { body: Buffer.alloc(1001) })).toMatchObject({ status: 413, text: "too large" });
  expect(await send("/", { body: Buffer.alloc(5000), headers: { "transfer-encoding": "chunked" } })).toMatchObject({ status: 413, text: "too large" });
  expect(await send("/", { body: Buffer.alloc(1000) })).toMatchObject({ status: 200, text: "POST 1000" });
});

it("outlives a handler that throws and bytes that are no HTTP", async () => {
  expect((await send("/throw")).status).toBe(500);
  const answer = await new Promise<string>((resolve) => {
    let text = "";
    const socket = connect(listener.port, "127.0.0.1", () => socket.write("nonsense\r\n\r\n"));
    socket.on("data", (chunk) => { text += chunk.toString(); }).on("close", () => resolve(text));
  });
  expect(answer).toContain("400 Bad Request");
  expect((await send("/")).status).toBe(200);
});

describe("large bodies", () => {
  const digest = (data: Buffer): string => createHash("sha256").update(data).digest("hex");
  const bytes = (megabytes: number, seed: number): Buffer => Buffer.alloc(megabytes * 1024 * 1024, createHash("sha512").update(String(seed)).digest());

  it("come as they were sent, also several at once, one after the other and smaller ones after larger", async () => {
    const echo = await createHttpListener(async ({ body }) => {
      const before = digest(body);
      await new Promise((resolve) => setImmediate(resolve));
      return { status: 200, headers: {}, body: `${before} ${digest(body)}` };
    });
    const post = (body: Buffer): Promise<string> => fetch(echo.url, { method: "POST", body }).then((answer) => answer.text());
    for (let round = 0; round < 3; round++) {
      const sent = [bytes(9, round), bytes(3, 10 + round), bytes(5, 20 + round), bytes(1, 30 + round)];
      expect(await Promise.all(sent.map(post))).toEqual(sent.map((body) => `${digest(body)} ${digest(body)}`));
    }
    await echo.close();
  });

  it("go out piece by piece, made in the same memory, and one that fails on the way is seen to be short", async () => {
    const pieces = [bytes(2, 1), bytes(7, 2), Buffer.from("end")];
    let isCut = false;
    const sender = await createHttpListener(() => ({
      status: 200, headers: {}, body: "",
      stream: {
        size: pieces.reduce((sum, piece) => sum + piece.length, 0),
        * pieces(memory) {
          for (const piece of pieces) {
            for (let at = 0; at < piece.length; at += memory!.length) yield memory!.subarray(0, piece.copy(memory!, 0, at));
            if (isCut) throw new Error("gone");
          }
        },
      },
    }));
    const get = async (): Promise<Buffer> => Buffer.from(await (await fetch(sender.url)).arrayBuffer());
    expect(digest(await get())).toBe(digest(Buffer.concat(pieces)));
    isCut = true;
    await expect(get()).rejects.toThrow();
    await sender.close();
  });
});

it("lets go of a body that is made as it is sent when nobody takes it: the connection is gone, or its headers cannot be written", async () => {
  let answerNow = (): void => {};
  let asked = (): void => {};
  const hasAsked = new Promise<void>((resolve) => { asked = resolve; });
  const unsent: string[] = [];
  const sender = await createHttpListener(async ({ path }) => {
    if (path === "/gone") await new Promise<void>((resolve) => { answerNow = resolve; asked(); });
    return { status: 200, headers: { "x-amz-meta-a": path === "/headers" ? "\u0000" : "a" }, body: "", stream: { size: 3, pieces: () => [Buffer.from("abc")], unsent: () => unsent.push(path) } };
  });
  try {
    const client = httpRequest(`${sender.url}/gone`).on("error", () => {});
    const closed = new Promise((resolve) => client.once("close", resolve));
    client.end();
    await hasAsked;
    client.destroy();
    await closed;
    // There and back once more: by then the listener knows, too.
    await fetch(`${sender.url}/sent`);
    answerNow();
    expect((await fetch(`${sender.url}/headers`)).status).toBe(500);
    expect((await fetch(`${sender.url}/none`, { method: "HEAD" })).status).toBe(200);
    expect(await (await fetch(`${sender.url}/sent`)).text()).toBe("abc");
    expect(unsent).toEqual(["/gone", "/headers", "/none"]);
  } finally {
    await sender.close();
  }
});

it("closes at once, though connections are open", async () => {
  const other = await createHttpListener(() => ({ status: 200, headers: {}, body: "" }));
  const socket = connect(other.port, "127.0.0.1");
  await new Promise((resolve) => socket.once("connect", resolve));
  const closed = new Promise((resolve) => socket.once("close", resolve));
  socket.on("error", () => {});
  await other.close();
  await other.close();
  await closed;
});
