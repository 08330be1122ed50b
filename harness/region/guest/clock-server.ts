/**
 * Where guests' processes meet the virtual clock. A unix socket for Python, one connection a thread; for programs of any kind the
 * guest's own `sleep`, `date` and the like, which ask the helpers' server. Beside the socket lies `present`: the time in 8 bytes,
 * little-endian, which guests map into memory, so that telling the time costs them nothing.
 *
 * Lines of a thread. Yielding, answered by `G` (the turn is back) or `I SIGNAL` (with a signal): `H actor pid` hello, `S until` sleep,
 * `W child until` wait for an exit, `B key until` wait for a key, `D 1|0` wait for something to happen (again: 0), `N child pid program` a program
 * was started, `V key until` wait for what the network withholds. Not yielding: `R name` register a child (answer `C id`; `R thread name` a thread), `N child pid python|forked [group]`, `F child` it could not start,
 * `P child` has it exited (`E 0`, `E 1 [code]`), `K child signal`, `KP pid signal`, `KG group signal`, `U key` notify, `L text` a refusal,
 * `O port` does the network drop a connection there (`O 0`, `O key`). Unasked comes `H key`: the answer to what the thread has just asked the region is withheld; or `T key until`: what it sent, or is sent, takes until then.
 * Without an answer: `E` the thread is over, `A signal` a real signal has arrived. Until: microseconds since the epoch, or -1.
 */
import { closeSync, openSync, rmSync, writeSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import type { Random } from "../../time/clock";
import type { Until, VirtualClock } from "../../time/virtual-clock";
import type { GuestActor } from "./actor";
import type { GuestProcesses } from "./guest-processes";
import type { HelperAnswer } from "./helper-answer";
import { HelperServer, type HelperRequest } from "./helper-server";
import { HELPERS } from "./helpers";
import { lineSocket, type LineSocket } from "./line-socket";
import type { Machine } from "./world";
import { shortFolder } from "./zygote";

/** What the server needs to know of a guest. */
export interface ServedGuest extends Machine {
  processes: GuestProcesses;
}

type Request = (guest: ServedGuest, actor: GuestActor, words: string[], reply: (text: string) => void) => void | Promise<void>;

/** So much of a command line names its actor. */
const NAME_CHARACTERS = 80;

const until = (word: string | undefined): Until => (word === undefined || word === "-1" ? "never" : Number(word));
const text = (words: string[]): string => Buffer.from(words.join(" "), "latin1").toString("utf8");

const REQUESTS: Record<string, Request> = {
  S: ({ processes }, actor, [time]) => processes.block(actor, until(time), "a time"),
  W({ processes }, actor, [id, time]) {
    const child = processes.find(id!);
    if (child) processes.waitForExit(actor, child, until(time));
    else actor.connection!.send("G");
  },
  B: ({ processes }, actor, [key, time]) => processes.waitForKey(actor, key!, until(time)),
  D: ({ processes }, actor, [first]) => processes.blockForNews(actor, first === "1"),
  R({ processes }, actor, words, reply) {
    const isThread = words[0] === "thread";
    const name = text(words);
    reply(`C ${processes.register(name.slice(0, NAME_CHARACTERS), actor.unit, actor, isThread, name).id}`);
  },
  N({ processes }, actor, [id, pid, kind, group], reply) {
    const child = processes.find(id!)!;
    child.isForked = kind === "forked";
    if (group !== undefined) child.group = Number(group);
    processes.started(child, Number(pid), kind === "program");
    // A program starts at once: it has the first turn, so that what it does does not depend on how fast it is.
    if (kind === "program") processes.block(actor, 0, "its program's start");
    else reply("K");
  },
  F({ processes }, _actor, [id], reply) {
    const child = processes.find(id!);
    if (child) processes.failed(child);
    reply("K");
  },
  P({ processes }, _actor, [id], reply) {
    const { exited, code } = processes.exitOf(id!);
    reply(exited ? `E 1 ${code ?? ""}`.trimEnd() : "E 0");
  },
  async K({ processes }, _actor, [id, signal], reply) {
    const target = processes.find(id!);
    if (target) await processes.signals.send(target, Number(signal));
    reply("K");
  },
  async KP({ processes }, _actor, [pid, signal], reply) {
    reply((await processes.signals.toPid(Number(pid), Number(signal))) ? "K" : "X");
  },
  async KG({ processes }, _actor, [group, signal], reply) {
    reply((await processes.signals.toGroup(Number(group), Number(signal))) ? "K" : "X");
  },
  U({ processes }, _actor, [key], reply) {
    processes.notifyKey(key!);
    reply("K");
  },
  O({ processes }, _actor, [port], reply) {
    reply(`O ${processes.dropped(Number(port)) ?? 0}`);
  },
  V: ({ processes }, actor, [key, time]) => processes.awaitWithheld(actor, key!, until(time)),
  L({ processes }, actor, words, reply) {
    processes.refuse(actor, text(words));
    reply("K");
  },
  E: ({ processes }, actor) => processes.threadOver(actor),
  A({ processes }, actor, [signal]) {
    void processes.signals.send(actor, Number(signal));
  },
};

/** With these a thread gives its turn up. */
const YIELDING: ReadonlySet<string> = new Set(["S", "W", "B", "D", "V"]);

export class ClockServer {
  readonly folder = shortFolder();
  private readonly presentFile = openSync(join(this.folder, "present"), "w");
  private readonly presentBuffer = Buffer.alloc(8);
  private shown = -1;
  private readonly guests = new Map<string, ServedGuest>();
  private readonly threads: Server;
  private readonly helperServer: HelperServer;
  private readonly sockets = new Set<LineSocket>();
  private listening: Promise<void> | undefined;

  constructor(
    private readonly clock: VirtualClock,
    random: Random,
  ) {
    this.showPresent();
    this.helperServer = new HelperServer(random.hex(32));
    this.threads = createServer((socket) => {
      let actor: GuestActor | undefined;
      let guest: ServedGuest | undefined;
      const lines = lineSocket(
        socket,
        (line) => {
          if (actor && guest) return this.request(guest, actor, line);
          guest = this.hello(line, lines, (self) => (actor = self));
        },
        () => {
          this.sockets.delete(lines);
          if (actor) guest?.processes.connectionClosed(actor, lines);
        },
      );
      this.sockets.add(lines);
    });
  }

  /** Starts to listen; safe to call twice. */
  listen(): Promise<void> {
    return (this.listening ??= Promise.all([
      new Promise<void>((resolve, reject) => void this.threads.once("error", reject).listen(join(this.folder, "socket"), resolve)),
      this.helperServer.listen(),
    ]).then(() => undefined));
  }

  /** Where helpers find theirs: valid once it listens. */
  get helpers(): string {
    return this.helperServer.address;
  }

  add(id: string, guest: ServedGuest): void {
    this.guests.set(id, guest);
    this.helperServer.add(id, (request, lines, atEnd) => this.help(guest, request, lines, atEnd));
  }

  remove(id: string): void {
    this.guests.delete(id);
    this.helperServer.remove(id);
  }

  /** Guests see the clock's time from now on. */
  showPresent(): void {
    const now = this.clock.now();
    if (now === this.shown) return;
    this.shown = now;
    this.presentBuffer.writeBigInt64LE(BigInt(now));
    writeSync(this.presentFile, this.presentBuffer, 0, 8, 0);
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await this.listening?.catch(() => undefined);
    await Promise.all([new Promise<void>((resolve) => this.threads.close(() => resolve())), this.helperServer.close()]);
    closeSync(this.presentFile);
    rmSync(this.folder, { recursive: true, force: true });
  }

  private hello(line: string, lines: LineSocket, accepted: (actor: GuestActor) => void): ServedGuest | undefined {
    const [word, id = "", pid] = line.split(" ");
    const guest = this.guests.get(id.slice(0, id.lastIndexOf("/")));
    const actor = guest?.processes.find(id);
    if (word !== "H" || !guest || !actor || guest.processes.isDead) {
      lines.destroy();
      return undefined;
    }
    const { processes } = guest;
    processes.whenStarted(actor, () => {
      const self = processes.hello(actor, Number(pid), lines);
      accepted(self);
      if (lines.isClosed) processes.connectionClosed(self, lines);
    });
    return guest;
  }

  private request(guest: ServedGuest, actor: GuestActor, line: string): void {
    if (guest.processes.isDead) return;
    const [word = "", ...words] = line.split(" ");
    const request = REQUESTS[word];
    if (!request || (!actor.seat.holdsTurn && word !== "A")) {
      guest.note(actor.unit, `spotproof: ${actor.id} ${actor.name} said "${line}" ${request ? "without holding the turn" : "which is no request"}`);
      actor.connection?.destroy();
      return;
    }
    actor.seat.lastCommand = `asked for ${line}`;
    const carryOut = (): void => void request(guest, actor, words, (answer) => actor.connection!.send(answer));
    const relief = YIELDING.has(word) ? guest.processes.relieveMemory(actor) : undefined;
    if (relief) void relief.then(() => actor.exited || guest.processes.isDead || carryOut());
    else carryOut();
  }

  private help(guest: ServedGuest, request: HelperRequest, lines: LineSocket, atEnd: (callback: () => void) => void): boolean {
    const { processes } = guest;
    const { processId, pid, name, words } = request;
    const actor = processes.find(processId);
    const helper = Object.hasOwn(HELPERS, name) ? HELPERS[name] : undefined;
    if (!actor || !helper || processes.isDead) return false;
    this.showPresent();
    actor.seat.lastCommand = `ran ${name} ${words.join(" ")}`;
    const answer = helper(words.filter((each) => each !== "").map((word) => guest.view(word)), this.clock.now(), processes.table, pid);
    if (!(answer instanceof Promise)) this.answerHelp(guest, actor, request, answer, lines, atEnd);
    else void answer.then((later) => this.answerHelp(guest, actor, request, later, lines, atEnd));
    return true;
  }

  private answerHelp({ processes, powerOff, carryOut }: ServedGuest, actor: GuestActor, { name, pid }: HelperRequest, answer: HelperAnswer, lines: LineSocket, atEnd: (callback: () => void) => void): void {
    if ("refused" in answer) {
      processes.refuse(actor, `${name}: ${answer.refused}`);
      lines.send(`no ${answer.refused}`);
    } else if ("command" in answer) {
      try {
        carryOut(answer.command);
        lines.send("over");
      } catch (error) {
        processes.refuse(actor, (error as Error).message);
        lines.send(`no ${(error as Error).message}`);
      }
    } else if ("powerOff" in answer) {
      powerOff();
      lines.send("over");
    } else if ("say" in answer) lines.send(answer.say);
    else {
      const { sleepUntil } = answer;
      processes.whenStarted(actor, () => {
        const { tree } = actor;
        if (!tree) return lines.send("no the process that ran it is not on the clock");
        tree.sleep(pid, sleepUntil, lines);
        atEnd(() => tree.sleeperGone(pid, lines));
        if (lines.isClosed) tree.sleeperGone(pid, lines);
      });
    }
  }
}
