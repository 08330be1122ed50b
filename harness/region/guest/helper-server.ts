/**
 * Where the guests' own versions of programs (bin/spotproof-helper) ask what to do: a loopback port that all guests share. A line
 * each, `KEY PROCESS PID NAME ARGUMENTS…`, and an answer: `over` (done), `now SECONDS` (the real date, with that time),
 * `as-is [INDEX=WORD…]` (the real program, with those arguments replaced), `print CODE TEXT` (that text, `\n` in it, and that exit code), `no REASON`.
 */
import { createServer, type AddressInfo, type Server } from "node:net";
import { lineSocket, type LineSocket } from "./line-socket";

export interface HelperRequest {
  /** As the region calls the process that runs it, or an ancestor of it. */
  processId: string;
  pid: number;
  name: string;
  words: string[];
}

/**
 * Answers a guest's helper on `lines`, now or later; what is given to `atEnd` is called when the helper has gone. False: there is
 * no such process or helper.
 */
export type Help = (request: HelperRequest, lines: LineSocket, atEnd: (callback: () => void) => void) => boolean;

export class HelperServer {
  private readonly server: Server;
  private readonly sockets = new Set<LineSocket>();
  private readonly guests = new Map<string, Help>();
  private listening: Promise<void> | undefined;

  /** `key`: what a helper must know. */
  constructor(private readonly key: string) {
    this.server = createServer((socket) => {
      let end: (() => void) | undefined;
      const lines = lineSocket(
        socket,
        (line) => {
          if (!this.ask(line, lines, (callback) => (end = callback))) lines.destroy();
        },
        () => {
          this.sockets.delete(lines);
          end?.();
        },
      );
      this.sockets.add(lines);
    });
  }

  /** Starts to listen; safe to call twice. */
  listen(): Promise<void> {
    return (this.listening ??= new Promise<void>((resolve, reject) => void this.server.once("error", reject).listen(0, "127.0.0.1", resolve)));
  }

  /** Where helpers find it and what they say first: `PORT:KEY`. Valid once it listens. */
  get address(): string {
    return `${(this.server.address() as AddressInfo).port}:${this.key}`;
  }

  add(guest: string, help: Help): void {
    this.guests.set(guest, help);
  }

  remove(guest: string): void {
    this.guests.delete(guest);
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await this.listening?.catch(() => undefined);
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private ask(line: string, lines: LineSocket, atEnd: (callback: () => void) => void): boolean {
    const [key, processId = "", pid, name = "", ...words] = line.split(" ");
    const help = this.guests.get(processId.slice(0, processId.lastIndexOf("/")));
    return key === this.key && help !== undefined && help({ processId, pid: Number(pid), name, words }, lines, atEnd);
  }
}
