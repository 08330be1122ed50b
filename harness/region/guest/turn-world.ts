/** Guests on virtual time: each thread and program of theirs has a seat on the clock, and runs when it has the turn. */
import type { Random } from "../../time/clock";
import type { VirtualClock } from "../../time/virtual-clock";
import { ClockServer } from "./clock-server";
import { GuestProcesses } from "./guest-processes";
import type { Journal } from "./journal";
import type { MemoryBound } from "./oom-killer";
import type { Machine, Processes, ProcessWorld, WorldHost } from "./world";

export class TurnWorld implements ProcessWorld {
  readonly kind = "turns";
  private readonly server: ClockServer;

  constructor(
    private readonly clock: VirtualClock,
    random: Random,
  ) {
    this.server = new ClockServer(clock, random);
  }

  get folder(): string {
    return this.server.folder;
  }

  listen(): Promise<void> {
    return this.server.listen();
  }

  admit(guest: string, host: WorldHost, journal: Journal, machine: Machine, memory?: MemoryBound): Processes {
    const processes = new GuestProcesses(guest, { ...host, clock: this.clock, showPresent: () => this.server.showPresent(), view: (text) => machine.view(text), drops: (port) => machine.drops(port), programRan: () => machine.programRan() }, journal, memory);
    this.server.add(guest, { ...machine, processes });
    return processes;
  }

  dismiss(guest: string): void {
    this.server.remove(guest);
  }

  environment(processId: string): Record<string, string> {
    return { SPOTPROOF_CLOCK: this.server.folder, SPOTPROOF_ACTOR: processId, SPOTPROOF_HELPERS: this.server.helpers };
  }

  close(): Promise<void> {
    return this.server.close();
  }
}
