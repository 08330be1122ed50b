/**
 * Bodies of HTTP messages. Large ones are not made anew for each message: what comes in is collected in buffers that are used again, and what
 * goes out may be made piece by piece. So a region's memory does not grow with what passes through it.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { StreamedBody, WireResponse } from "./types";
import { cameInPieces } from "./young-garbage";

export const sizeOf = ({ body, stream }: Pick<WireResponse, "body" | "stream">): number => stream?.size ?? Buffer.byteLength(body);

/** A larger one that says its length comes into a buffer that is used again. */
const LARGEST_COLLECTED_BYTES = 1024 * 1024;
/** What is made at a time of one that is made as it is sent. */
const SENT_AT_ONCE_BYTES = 1024 * 1024;
/** Larger buffers are not kept. */
const LARGEST_KEPT_BYTES = 64 * 1024 * 1024;
const MOST_KEPT = 2;

const EMPTY = Buffer.alloc(0);
const nothing = (): void => {};

/** With the body, or that it is over the limit; `release` says that nobody looks at the body any longer. */
type Received = (body: Buffer, oversized: boolean, release: () => void) => void;

export class MessageBodies {
  readonly #free: Buffer[] = [];

  constructor(readonly maxBodyBytes: number) {}

  receive(incoming: IncomingMessage, done: Received): void {
    const declared = Number(incoming.headers["content-length"] ?? 0);
    // A connection that breaks mid-body has nobody left to answer.
    incoming.on("error", nothing);
    if (declared > this.maxBodyBytes) done(EMPTY, true, nothing);
    else if (declared > LARGEST_COLLECTED_BYTES) this.#receiveInto(this.#take(declared), incoming, done);
    else this.#collect(incoming, done);
  }

  #collect(incoming: IncomingMessage, done: Received): void {
    const chunks: Buffer[] = [];
    let length = 0;
    const onData = (chunk: Buffer): void => {
      length += chunk.length;
      if (length <= this.maxBodyBytes) {
        chunks.push(chunk);
        return;
      }
      incoming.off("data", onData).off("end", onEnd).resume();
      done(EMPTY, true, nothing);
    };
    const onEnd = (): void => done(chunks.length === 0 ? EMPTY : chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, length), false, nothing);
    incoming.on("data", onData).on("end", onEnd);
  }

  #receiveInto(buffer: Buffer, incoming: IncomingMessage, done: Received): void {
    let length = 0;
    incoming.on("data", (chunk: Buffer) => { length += chunk.copy(buffer, length); });
    incoming.on("end", () => {
      cameInPieces(length);
      done(buffer.subarray(0, length), false, () => this.#give(buffer));
    });
  }

  /** Sends one piece after the other, each when the connection has taken the one before. */
  async send(outgoing: ServerResponse, body: StreamedBody): Promise<void> {
    const memory = this.#take(SENT_AT_ONCE_BYTES);
    try {
      for (const piece of body.pieces(memory)) {
        await taken(outgoing, piece);
        if (outgoing.destroyed) return;
      }
      outgoing.end();
    } catch {
      outgoing.destroy(); // it cannot be read to its end: the client sees that it is short
    } finally {
      this.#give(memory);
    }
  }

  #take(size: number): Buffer {
    const at = this.#free.findIndex((buffer) => buffer.length >= size);
    return at < 0 ? Buffer.allocUnsafeSlow(size) : this.#free.splice(at, 1)[0]!;
  }

  #give(buffer: Buffer): void {
    if (buffer.length > LARGEST_KEPT_BYTES) return;
    this.#free.unshift(buffer);
    this.#free.length = Math.min(this.#free.length, MOST_KEPT);
  }
}

/** Resolves once the connection has taken the piece, or is gone. */
function taken(outgoing: ServerResponse, piece: Buffer): Promise<void> {
  return new Promise((resolve) => {
    outgoing.once("close", resolve);
    outgoing.write(piece, () => {
      outgoing.off("close", resolve);
      resolve();
    });
  });
}
