import type { Microseconds } from "../../time/clock";

/**
 * A guest: the operating system of an instance, as far as its user data needs one. Its processes are real.
 */
export interface GuestOptions {
  instanceId: string;
  /** The user data, decoded: `#cloud-config` YAML, a script, or a multi-part archive. */
  userData: string;
  /** The instance's own folder: `/` as its files see it is `ROOT/` here. */
  root: string;
  /** Environment for its processes: the endpoints of the region and of its metadata service. */
  environment: Record<string, string>;
  /** Ports through which the guest reaches the region, and whether its network drops what goes there now. Absent: it drops nothing. */
  network?: { ports: readonly number[]; drops(port: number): boolean };
  /** What its processes may hold together; absent: as much as this machine gives them. Only Linux shows what they hold. */
  memoryBytes?: number;
  /** What its root has room for; absent: as much as this machine gives it. */
  volumeBytes?: number;
  /** The guest asked for power-off (`systemctl poweroff`, `shutdown -h now`). Called in a turn of the guest's own;
   * it must not wait. The owner answers by calling `shutdown`. */
  onPowerOff(): void;
}

export interface Guest {
  /** Runs the user data: packages checked, files written, runcmd carried out, units started. Returns once the units
   * are started. Throws an Error that names what in the user data is not supported. */
  boot(): Promise<void>;
  /** The operating system shuts down: SIGTERM to each unit's processes, up to `graceSeconds` to end, then SIGKILL.
   * Called by an actor, and parks it until the last process has gone. */
  shutdown(graceSeconds: number): Promise<void>;
  /** Power is cut: every process gone at this moment, no signal delivered. */
  kill(): Promise<void>;
  /** The whole machine stands still (no process gets a turn) until `resume`; due times that pass meanwhile are served late. */
  suspend(): void;
  resume(): void;
  /**
   * The network drops what the guest has just asked, in the turn of whoever asked: nobody answers, and the asker waits as its
   * socket does. Resolves, in that turn again, with true once `isDropped` holds no longer, with false when the asker has given up.
   */
  withhold(isDropped: () => boolean): Promise<boolean>;
  /** What the guest has just asked, or is answered, is under way until then, which no time-out ends; false: whoever asked has gone. */
  transfer(until: Microseconds): Promise<boolean>;
  /** What the network drops has changed. */
  networkChanged(): void;
  /** Runs a shell script, as the administrator. Throws an Error when the guest is not on. */
  runScript(script: GuestScript): RunningScript;
  /** What units and processes wrote to standard output and error, in order, prefixed as in a journal. */
  console(): string;
}

/** A script for a guest. */
export interface GuestScript {
  /** Its own, and nobody else's: what the console calls it. */
  unit: string;
  /** A folder of the guest's, by its absolute path there: the script and what it writes lie in it. */
  folder: string;
  text: string;
  /** Absolute; default: its folder. */
  workingDirectory?: string;
}

/** A script that was started in a guest. */
export interface RunningScript {
  /** Minus the signal's number, if one ended it; undefined while it runs, and when the guest went before it. */
  readonly code: number | undefined;
  /** Parks the running actor until it has ended (true) or the time has passed (false). */
  ended(timeout?: Microseconds): Promise<boolean>;
  /** Ends it, and all that it has started. */
  kill(): Promise<void>;
  output(): { stdout: string; stderr: string };
}

/** A Python program that belongs to no instance: a function's runtime. Its threads and children live on the clock as a guest's do. */
export interface ProgramOptions {
  /** Unique among the host's guests and programs. */
  id: string;
  /** The script's place on this machine. */
  script: string;
  folder: string;
  environment: Record<string, string>;
  /** A line that it wrote to standard output or error, in the turn in which it did. */
  onOutput(line: string): void;
  /** It has ended; minus the signal's number, if one ended it; undefined when nobody can know. */
  onExit(code: number | undefined): void;
}

export interface Program {
  /** Takes in what it has written and not ended with a line feed. */
  flush(): void;
  /** None of its threads gets a turn until `resume`. */
  suspend(): void;
  resume(): void;
  /** Every process gone at this moment; safe to call twice. */
  kill(): Promise<void>;
}

/** Makes guests, and owns what they share (the pre-imported parent from which they are forked). */
export interface GuestHost {
  /** Starts what guests share in the background, so that the first one need not wait for it. Rejects with UsageError when
   * this machine has no Python that guests can run. */
  prewarm?(): Promise<void>;
  create(options: GuestOptions): Guest;
  /** Starts a program. What is not supported on virtual time is refused to it alone. Rejects as `prewarm` does. Absent: this host has only instances. */
  start?(options: ProgramOptions): Promise<Program>;
  /** Ends every process of every guest and the parent; safe to call twice. */
  close(): Promise<void>;
}
