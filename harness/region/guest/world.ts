/**
 * How the processes of guests live with the region's clock. There are two ways: on virtual time each of their threads takes
 * turns (`turn-world.ts`); on the system's clock, scaled or not, they are ordinary processes whose clocks show its time (`paced-world.ts`).
 */
import type { Microseconds } from "../../time/clock";
import type { Journal } from "./journal";
import type { MemoryBound } from "./oom-killer";
import type { ProcessTable } from "./process-tools";
import type { RunningCommand } from "./unit";
import type { ForkRequest, ParentKind, Zygote } from "./zygote";

export interface LaunchRequest extends Omit<ForkRequest, "output" | "environment"> {
  unit: string;
  /** `processId`: what the region calls the process; part of what puts it on the clock. */
  environment(processId: string): Record<string, string>;
  /** With its code: minus the signal's number, if one ended it; undefined when nobody can know it. */
  onExit(code: number | undefined): void;
}

/** The processes of one guest, as its units see them. */
export interface Processes {
  /** Starts a unit's command. Its output goes to the unit's part of the console. */
  launch(request: LaunchRequest): RunningCommand;
  /** To all processes of a unit. */
  signalUnit(unit: string, signal: number): Promise<void>;
  /** Whether any process of a unit is left. */
  hasProcesses(unit: string): boolean;
  /** What `pgrep` and its like see and do: with the paths and names that the guest knows. */
  readonly table: ProcessTable;
  /** As a guest's own (types.ts). */
  withhold(isDropped: () => boolean): Promise<boolean>;
  /** As Guest.transfer. */
  transfer(until: Microseconds): Promise<boolean>;
  networkChanged(): void;
  /** None of them runs until `resume`. */
  suspend(): void;
  resume(): void;
  /** Ends everything at this moment. Resolves once no process is left. */
  kill(): Promise<void>;
}

/** What a guest's processes may ask of it. */
export interface Machine {
  powerOff(): void;
  /** A command that the guest knows itself. Throws an Error that says what is not supported. */
  carryOut(words: string[]): void;
  /** A line of the console. */
  note(unit: string, text: string): void;
  /** A text of this machine with the paths that the guest knows. */
  view(text: string): string;
  /** Whether the network drops what goes to that port of the region. */
  drops(port: number): boolean;
  /** A program that is not Python has had its turn, and may have written anything. */
  programRan(): void;
}

/** What the host of guests gives to their world. */
export interface WorldHost {
  readonly zygote: Zygote;
  /** From now on that process's exit is told to `collected`. */
  watch(pid: number, collected: (code: number) => void): void;
  /** A guest asked for what is not supported. */
  refused(guest: string, text: string): void;
}

export interface ProcessWorld {
  /** The kind of parent from which its processes are forked. */
  readonly kind: ParentKind;
  /** A folder of its own, removed by `close`. */
  readonly folder?: string;
  /** Starts to listen; safe to call twice. */
  listen(): Promise<void>;
  /** The processes of a new guest. `memory`: what bounds what they hold; absent: this machine's own. */
  admit(guest: string, host: WorldHost, journal: Journal, machine: Machine, memory?: MemoryBound): Processes;
  /** That number is a new process's: what was known of it was of an earlier one. */
  forked?(pid: number): void;
  /** The guest exists no longer. */
  dismiss(guest: string): void;
  /** Variables that put a process on the clock. Valid once it listens. */
  environment(processId: string): Record<string, string>;
  close(): Promise<void>;
}
