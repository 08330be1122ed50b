/**
 * Guests: the operating systems of a region's instances, as real processes on the region's clock. Here is their host, which owns
 * what they share: the clock's server and the pre-imported Python parent from which they are forked.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Clock, Random } from "../../time/clock";
import { createRandom } from "../../time/prng";
import { isVirtual, type VirtualClock } from "../../time/virtual-clock";
import { UsageError } from "../../model/errors";
import { ClockServer } from "./clock-server";
import { RegionGuest } from "./guest";
import { GuestProcesses } from "./guest-processes";
import { Journal } from "./journal";
import { borrowParent, giveBack, pythonFor } from "./parents";
import type { Guest, GuestHost, GuestOptions } from "./types";
import { PYTHON_FOLDER, type Zygote } from "./zygote";

export { endIdleParents, prewarmGuests } from "./parents";
export { resolvePython } from "./python";
export { decodeUserData, parseUserData } from "./user-data";
export { DIRECTIVES } from "./unit-file";
export { PACKAGES } from "./packages";
export type { Guest, GuestHost, GuestOptions } from "./types";

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

/** Throws UsageError when the clock is not a virtual one. */
export function createGuestHost(options: GuestHostOptions): GuestHost & { prewarm(): Promise<void>; readonly clockFolder: string } {
  if (!isVirtual(options.clock)) {
    throw new UsageError(`Instances do not run on a ${options.clock.kind} clock.`, "Leave --clock out, or give --clock virtual.");
  }
  return new RegionGuestHost(options, options.clock);
}

class RegionGuestHost implements GuestHost {
  private readonly random: Random;
  private readonly server: ClockServer;
  private readonly zygote: Zygote;
  private readonly guests = new Set<RegionGuest>();
  private readonly watched = new Map<number, (code: number) => void>();
  /** Codes that came before the word of whose they are. */
  private readonly early = new Map<number, number>();
  private readonly folder: string;
  private readonly binFolder = join(__dirname, "bin");
  private closing: Promise<void> | undefined;

  constructor(
    private readonly options: GuestHostOptions,
    private readonly clock: VirtualClock,
  ) {
    this.random = options.random ?? createRandom("guests");
    this.folder = mkdtempSync(join(options.folder, "guests-"));
    this.server = new ClockServer(clock, this.random.fork("key"));
    this.zygote = borrowParent(options.python);
    this.zygote.onExit = (pid, code, forkedHere) => this.collected(pid, code, forkedHere);
  }

  /** Where guests find the clock: the value of SPOTPROOF_CLOCK in the environment of everything that runs here. */
  get clockFolder(): string {
    return this.server.folder;
  }

  async prewarm(): Promise<void> {
    await Promise.all([this.server.listen(), this.zygote.clean(this.server.folder)]);
  }

  create(options: GuestOptions): Guest {
    if (this.closing) throw new Error("the guests' host is closed");
    const id = options.instanceId;
    void this.prewarm().catch(() => undefined); // the guest's boot meets the error, too
    const journal = new Journal(this.clock, join(this.folder, id));
    const processes = new GuestProcesses(id, {
      clock: this.clock,
      zygote: this.zygote,
      showPresent: () => this.server.showPresent(),
      watch: (pid, callback) => this.watch(pid, callback),
      refused: (guest, text) => this.options.onRefused?.(guest, text),
    }, journal);
    const seed = this.random.fork(`guest ${id}`).hex(32);
    let pythonPath = "";
    const guest = new RegionGuest(options, {
      clock: this.clock,
      processes,
      journal,
      binFolder: this.binFolder,
      python: async () => {
        await this.prewarm();
        return (pythonPath = await pythonFor(this.options.python));
      },
      environment: (actorId, boot) => ({
        SPOTPROOF_CLOCK: this.server.folder,
        SPOTPROOF_ACTOR: actorId,
        SPOTPROOF_GUEST: id,
        SPOTPROOF_SEED: seed,
        SPOTPROOF_BOOT: String(boot),
        SPOTPROOF_HELPERS: this.server.helpers,
        SPOTPROOF_FORK: this.zygote.socketPath,
        SPOTPROOF_BIN: this.binFolder,
        SPOTPROOF_PYTHON: pythonPath,
        PYTHONPATH: PYTHON_FOLDER,
        PYTHONHASHSEED: "0",
        // Should anything find the machine's own systemctl all the same, it has nobody to talk to.
        DBUS_SYSTEM_BUS_ADDRESS: "unix:path=/nonexistent",
        SYSTEMD_OFFLINE: "1",
      }),
      removed: () => {
        this.guests.delete(guest);
        this.server.remove(id);
      },
    });
    this.guests.add(guest);
    this.server.add(id, guest);
    return guest;
  }

  close(): Promise<void> {
    return (this.closing ??= this.end());
  }

  private async end(): Promise<void> {
    for (const guest of [...this.guests]) await guest.kill();
    await giveBack(this.zygote);
    await this.server.close();
    rmSync(this.folder, { recursive: true, force: true });
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
