/**
 * Guests: the operating systems of a region's instances, as real processes on the region's clock. Here is their host, which owns
 * what they share: the clock's server and the pre-imported Python parent from which they are forked.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Clock, Microseconds, Random } from "../../time/clock";
import { createRandom } from "../../time/prng";
import { isVirtual } from "../../time/virtual-clock";
import { RegionGuest } from "./guest";
import { Journal } from "./journal";
import type { MemoryBound } from "./oom-killer";
import { PacedWorld } from "./paced-world";
import { borrowParent, giveBack, pythonFor } from "./parents";
import { GuestProgram } from "./program";
import { TurnWorld } from "./turn-world";
import type { Guest, GuestHost, GuestOptions, Program, ProgramOptions } from "./types";
import type { Machine, Processes, ProcessWorld } from "./world";
import { PYTHON_FOLDER, type Zygote } from "./zygote";

export { endIdleParents, prewarmGuests } from "./parents";
export { resolvePython } from "./python";
export { decodeUserData, parseUserData } from "./user-data";
export { DIRECTIVES } from "./unit-file";
export { hasProc as boundsMemory } from "./proc";
export { PACKAGES } from "./packages";
export type { Guest, GuestHost, GuestOptions, Program, ProgramOptions } from "./types";

export interface GuestHostOptions {
  clock: Clock;
  /** Where guests' consoles are kept; the host makes a folder in it and removes that at the end. */
  folder: string;
  /** The interpreter's absolute path; default: what `resolvePython` finds. */
  python?: string;
  /** For what guests draw at random: random, os.urandom, uuid4. */
  random?: Random;
  /** A guest asked for what is not supported; its process has been told, too, and its console. */
  onRefused?(instanceId: string, text: string): void;
}

export function createGuestHost(options: GuestHostOptions): GuestHost & { prewarm(): Promise<void>; readonly clockFolder: string | undefined } {
  return new RegionGuestHost(options);
}

function worldOn(clock: Clock, random: Random): ProcessWorld {
  if (isVirtual(clock)) return new TurnWorld(clock, random);
  if (clock.pace) return new PacedWorld(clock, clock.pace, random);
  throw new Error(`a ${clock.kind} clock that has no pace is none for guests`);
}

class RegionGuestHost implements GuestHost {
  private readonly random: Random;
  private readonly world: ProcessWorld;
  private readonly zygote: Zygote;
  private readonly guests = new Set<{ kill(): Promise<void> }>();
  private readonly watched = new Map<number, (code: number) => void>();
  /** Codes that came before the word of whose they are. */
  private readonly early = new Map<number, number>();
  private readonly folder: string;
  private readonly binFolder = join(__dirname, "bin");
  private closing: Promise<void> | undefined;

  constructor(private readonly options: GuestHostOptions) {
    this.random = options.random ?? createRandom("guests");
    this.folder = mkdtempSync(join(options.folder, "guests-"));
    this.world = worldOn(options.clock, this.random.fork("key"));
    this.zygote = borrowParent(options.python, this.world.kind);
    this.zygote.onExit = (pid, code, forkedHere) => this.collected(pid, code, forkedHere);
    this.zygote.onFork = (pid) => {
      // What was known of the number was of an earlier process.
      this.early.delete(pid);
      this.world.forked?.(pid);
    };
  }

  /** Where guests find the virtual clock: the value of SPOTPROOF_CLOCK in the environment of everything that runs here. */
  get clockFolder(): string | undefined {
    return this.world.folder;
  }

  async prewarm(): Promise<void> {
    const { folder } = this.world;
    await Promise.all([this.world.listen(), folder === undefined ? this.zygote.start() : this.zygote.clean(folder)]);
  }

  create(options: GuestOptions): Guest {
    if (this.closing) throw new Error("the guests' host is closed");
    const id = options.instanceId;
    void this.prewarm().catch(() => undefined); // the guest's boot meets the error, too
    const { clock } = this.options;
    const journal = new Journal(clock, join(this.folder, id));
    const refused = (text: string): void => this.options.onRefused?.(id, text);
    const { memoryBytes } = options;
    const memory = memoryBytes === undefined ? undefined : {
      bytes: memoryBytes, unitScore: (unit: string) => guest.unitScore(unit), givenScore: (pid: number) => guest.givenScore(pid),
      killing: (unit: string, line: string) => guest.killing(unit, line), gone: (pid: number) => guest.gone(pid),
    };
    const processes = this.processesOf(id, journal, () => guest, refused, memory);
    const guest: RegionGuest = new RegionGuest(options, {
      clock,
      processes,
      journal,
      binFolder: this.binFolder,
      python: async () => {
        await this.prewarm();
        return pythonFor(this.options.python);
      },
      environment: this.environmentOf(id),
      refused,
      removed: () => {
        this.guests.delete(guest);
        this.world.dismiss(id);
      },
    });
    this.guests.add(guest);
    return guest;
  }

  async start(options: ProgramOptions): Promise<Program> {
    if (this.closing) throw new Error("the guests' host is closed");
    const { id } = options;
    await this.prewarm();
    const python = await pythonFor(this.options.python);
    const { clock } = this.options;
    const journal = new Journal(clock, join(this.folder, id), options.onOutput);
    const program: GuestProgram = new GuestProgram(options, this.processesOf(id, journal, () => program, () => undefined), journal, {
      clock, python, binFolder: this.binFolder, environment: this.environmentOf(id),
      removed: () => {
        this.guests.delete(program);
        this.world.dismiss(id);
      },
    });
    this.guests.add(program);
    program.launch();
    return program;
  }

  close(): Promise<void> {
    return (this.closing ??= this.end());
  }

  private async end(): Promise<void> {
    for (const guest of [...this.guests]) await guest.kill();
    await giveBack(this.zygote);
    await this.world.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** `machine`: asked for once its processes run. */
  private processesOf(id: string, journal: Journal, machine: () => Machine, refused: (text: string) => void, memory?: MemoryBound): Processes {
    return this.world.admit(id, {
      zygote: this.zygote,
      watch: (pid, callback) => this.watch(pid, callback),
      refused: (_id, text) => refused(text),
    }, journal, {
      powerOff: () => machine().powerOff(),
      carryOut: (words) => machine().carryOut(words),
      note: (unit, text) => machine().note(unit, text),
      view: (text) => machine().view(text),
      drops: (port) => machine().drops(port),
      programRan: () => machine().programRan(),
    }, memory);
  }

  /** Variables that put a process on the clock. */
  private environmentOf(id: string): (processId: string, boot: Microseconds, python: string) => Record<string, string> {
    const seed = this.random.fork(`guest ${id}`).hex(32);
    return (processId, boot, python) => ({
      ...this.world.environment(processId),
      SPOTPROOF_GUEST: id,
      SPOTPROOF_SEED: seed,
      SPOTPROOF_BOOT: String(boot),
      SPOTPROOF_FORK: this.zygote.socketPath,
      SPOTPROOF_BIN: this.binFolder,
      SPOTPROOF_PYTHON: python,
      PYTHONPATH: PYTHON_FOLDER,
      PYTHONHASHSEED: "0",
      // Should anything find the machine's own systemctl all the same, it has nobody to talk to.
      DBUS_SYSTEM_BUS_ADDRESS: "unix:path=/nonexistent",
      SYSTEMD_OFFLINE: "1",
    });
  }

  private watch(pid: number, callback: (code: number) => void): void {
    const code = this.early.get(pid);
    this.early.delete(pid);
    if (code === undefined) this.watched.set(pid, callback);
    else callback(code);
  }

  private collected(pid: number, code: number, forkedHere: boolean): void {
    const callback = this.watched.get(pid);
    this.watched.delete(pid);
    if (callback) callback(code);
    else if (forkedHere) this.early.set(pid, code);
  }
}
