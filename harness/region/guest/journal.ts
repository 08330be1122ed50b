/**
 * A guest's console: what its units wrote, and what was done with them, in order of virtual time, a line each:
 * `TIME UNIT: text`. Units write to files of their own; what they wrote in a turn is collected when the turn ends,
 * so that the order of lines is the order of turns.
 */
import { closeSync, fstatSync, mkdirSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
import { StringDecoder } from "node:string_decoder";
import { toDate, type Clock } from "../../time/clock";

interface Source {
  name: string;
  descriptor: number;
  read: number;
  decoder: StringDecoder;
  /** A line not yet ended. */
  rest: string;
}

/** Beyond so many characters a console keeps its beginning and says that it left the rest out. */
const LIMIT_CHARACTERS = 8_000_000;

export class Journal {
  private readonly sources = new Map<string, Source>();
  private readonly lines: string[] = [];
  private length = 0;
  private readonly buffer = Buffer.alloc(65536);

  constructor(
    private readonly clock: Clock,
    private readonly folder: string,
    /** Who takes the lines instead of the console. */
    private readonly told?: (line: string) => void,
  ) {}

  /** The file that a unit's output is to be appended to. */
  outputFor(name: string): string {
    const path = join(this.folder, `${name}.output`);
    if (!this.sources.has(name)) {
      mkdirSync(this.folder, { recursive: true });
      this.sources.set(name, { name, descriptor: openSync(path, "a+", 0o600), read: 0, decoder: new StringDecoder("utf8"), rest: "" });
    }
    return path;
  }

  /** Adds a line of its own, as systemd does: "Started …". */
  note(name: string, text: string): void {
    this.collect();
    this.add(name, text);
  }

  /** Takes in what was written since the last time, as written now. */
  collect(): void {
    for (const source of this.sources.values()) {
      const size = fstatSync(source.descriptor).size;
      while (source.read < size) {
        const count = readSync(source.descriptor, this.buffer, 0, Math.min(this.buffer.length, size - source.read), source.read);
        if (count === 0) break;
        source.read += count;
        const parts = (source.rest + source.decoder.write(this.buffer.subarray(0, count))).split("\n");
        source.rest = parts.pop()!;
        for (const line of parts) this.add(source.name, line);
      }
    }
  }

  text(): string {
    this.collect();
    const rests = [...this.sources.values()].filter((source) => source.rest !== "").map((source) => `${this.prefix(source.name)}${source.rest}\n`);
    return this.lines.join("") + rests.join("");
  }

  /** Takes in also what has no end of line yet. */
  flush(): void {
    this.collect();
    for (const source of this.sources.values()) {
      if (source.rest !== "") this.add(source.name, source.rest);
      source.rest = "";
    }
  }

  close(): void {
    this.flush();
    for (const source of this.sources.values()) closeSync(source.descriptor);
    this.sources.clear();
  }

  private prefix(name: string): string {
    const now = this.clock.now();
    return `${toDate(now).toISOString().slice(0, 19)}.${String(now % 1_000_000).padStart(6, "0")}Z ${name}: `;
  }

  private add(name: string, line: string): void {
    if (this.told) return this.told(line);
    if (this.length > LIMIT_CHARACTERS) return;
    const text = `${this.prefix(name)}${line}\n`;
    this.length += text.length;
    this.lines.push(this.length > LIMIT_CHARACTERS ? `${this.prefix("console")}the rest is left out\n` : text);
  }
}
