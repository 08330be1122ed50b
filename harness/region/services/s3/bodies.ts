/**
 * What objects hold: small bodies in memory, larger ones in files of the region's folder, and of long runs of zeros only the length.
 * A body is a list of segments, so that putting parts together, and copying, copies nothing.
 */
import { closeSync, mkdirSync, openSync, readSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { StreamedBody } from "../../core/types";
import { isZero, zeros } from "./zeros";

/** Bodies above this many bytes go to a file. */
const LARGEST_IN_MEMORY = 1024 * 1024;
/** What is read of a file at once. */
const PIECE_BYTES = 1024 * 1024;

/** Without data and file: zeros. */
interface Segment {
  size: number;
  data?: Buffer;
  file?: string;
  /** How many bodies have it; the file goes with the last. */
  users: number;
}

export class Body {
  readonly size: number;

  constructor(readonly segments: readonly Segment[]) {
    this.size = segments.reduce((sum, segment) => sum + segment.size, 0);
    for (const segment of segments) segment.users++;
  }

  /** The bytes from `start` to before `end`. */
  read(start = 0, end = this.size): Buffer {
    const whole = Buffer.allocUnsafe(Math.max(0, end - start));
    let at = 0;
    for (const piece of this.pieces(start, end)) at += piece.copy(whole, at);
    return whole;
  }

  /** The same bytes as they go out: large ones piece by piece, kept until they have gone. */
  sent(start: number, end: number): { body: Buffer } | { stream: StreamedBody } {
    if (end - start <= LARGEST_IN_MEMORY) return { body: this.read(start, end) };
    const kept = new Body(this.segments);
    function* pieces(memory?: Buffer): Generator<Buffer> {
      try {
        yield* kept.pieces(start, end, memory);
      } finally {
        kept.release();
      }
    }
    return { stream: { size: end - start, pieces, unsent: () => kept.release() } };
  }

  /** The same bytes, piece by piece. `memory` as in StreamedBody. */
  *pieces(start = 0, end = this.size, memory?: Buffer): Generator<Buffer> {
    let offset = 0;
    for (const segment of this.segments) {
      const from = Math.max(0, start - offset);
      const to = Math.min(segment.size, end - offset);
      offset += segment.size;
      if (from >= to) continue;
      if (segment.data) yield segment.data.subarray(from, to);
      else if (segment.file !== undefined) yield* readFile(segment.file, from, to, memory);
      else yield* zeros(to - from);
    }
  }

  /** Lets go of it: files that nobody else has are removed. */
  release(): void {
    for (const segment of this.segments) if (--segment.users === 0 && segment.file) rmSync(segment.file, { force: true });
  }
}

function* readFile(file: string, from: number, to: number, memory: Buffer | undefined): Generator<Buffer> {
  const descriptor = openSync(file, "r");
  try {
    for (let position = from; position < to;) {
      const piece = memory ?? Buffer.allocUnsafe(Math.min(PIECE_BYTES, to - position));
      const length = readSync(descriptor, piece, 0, Math.min(piece.length, to - position), position);
      if (length === 0) throw new Error(`The file ${file} of an object is shorter than it was.`);
      position += length;
      yield piece.subarray(0, length);
    }
  } finally {
    closeSync(descriptor);
  }
}

/** Makes bodies, in files below that folder when they are large. */
export class Bodies {
  #files = 0;

  constructor(readonly folder: string) {}

  of(data: Buffer): Body {
    if (data.length <= LARGEST_IN_MEMORY) return new Body([{ size: data.length, data: Buffer.from(data), users: 0 }]);
    return new Body(runsOf(data).map((run) => ({ size: run.data.length, users: 0, ...(run.isZero ? {} : { file: this.#write(run.data) }) })));
  }

  #write(data: Buffer): string {
    if (this.#files === 0) mkdirSync(this.folder, { recursive: true });
    const file = join(this.folder, String(++this.#files));
    writeFileSync(file, data);
    return file;
  }

  /** Bodies one after the other, as one. */
  joined(bodies: readonly Body[]): Body {
    return new Body(bodies.flatMap((body) => body.segments));
  }
}

/** Large data as runs of nothing but zeros and of others, as exact as LARGEST_IN_MEMORY. */
function runsOf(data: Buffer): { data: Buffer; isZero: boolean }[] {
  const runs: { from: number; to: number; isZero: boolean }[] = [];
  for (let from = 0; from < data.length; from += LARGEST_IN_MEMORY) {
    const to = Math.min(from + LARGEST_IN_MEMORY, data.length);
    const zero = isZero(data.subarray(from, to));
    const last = runs.at(-1);
    if (last?.isZero === zero) last.to = to;
    else runs.push({ from, to, isZero: zero });
  }
  return runs.map(({ from, to, isZero: zero }) => ({ data: data.subarray(from, to), isZero: zero }));
}
