/**
 * A service unit at work: started, watched, started again by its Restart=, stopped by its KillMode=, as systemd does.
 * https://www.freedesktop.org/software/systemd/man/latest/systemd.service.html https://www.freedesktop.org/software/systemd/man/latest/systemd.kill.html
 */
import { constants } from "node:os";
import { seconds, type Actor, type Clock, type Gate } from "../../time/clock";
import type { UnitFile } from "./unit-file";

const { SIGTERM, SIGKILL, SIGHUP, SIGINT, SIGPIPE } = constants.signals;
/** Signals that count as a clean end. */
const CLEAN_SIGNALS = [SIGHUP, SIGINT, SIGTERM, SIGPIPE];

/** What a unit asks of its guest. */
export interface UnitHost {
  readonly clock: Clock;
  /** Starts the unit's command; `onExit` is called with its code, minus the signal's number if one ended it. */
  start(unit: UnitFile, onExit: (code: number) => void): RunningCommand;
  /** A signal to all of the unit's processes, in whatever order they were started. */
  signalAll(unit: string, signal: number): Promise<void>;
  hasProcesses(unit: string): boolean;
  note(unit: string, text: string): void;
}

export interface RunningCommand {
  signal(signal: number): Promise<void>;
}

export class Unit {
  private main: RunningCommand | undefined;
  private code = 0;
  private readonly exited: Gate;
  private readonly stopAsked: Gate;
  private stopping = false;
  private abandoned = false;
  private supervisor: Actor | undefined;
  /** When it was started, newest last, for StartLimitBurst=. */
  private readonly starts: number[] = [];
  private restarts = 0;
  /** The kernel has ended a process of it, and OOMPolicy= lets it not go on. */
  private isOutOfMemory = false;

  constructor(
    readonly file: UnitFile,
    private readonly host: UnitHost,
  ) {
    this.exited = host.clock.gate(`the end of ${file.name}`);
    this.stopAsked = host.clock.gate(`a stop of ${file.name}`);
  }

  get isRunning(): boolean {
    return this.main !== undefined;
  }

  /** Starts it, and from then on watches it. No effect when it is running or about to be started again. */
  start(): void {
    if (this.supervisor) return;
    this.launch();
    this.supervisor = this.host.clock.spawn(`unit ${this.file.name}`, () => this.supervise());
  }

  /** SIGTERM as KillMode= says, then SIGKILL after TimeoutStopSec=, but no later than `graceSeconds` from now. */
  async stop(graceSeconds: number): Promise<void> {
    if (!this.supervisor || this.abandoned) return;
    this.stopping = true;
    this.stopAsked.open();
    const { clock } = this.host;
    const until = clock.now() + seconds(Math.min(this.file.stopSeconds, graceSeconds));
    if (this.main) {
      this.note(`Stopping ${this.file.description}...`);
      await this.endMain(until);
    }
    if (this.abandoned) return;
    await this.endRest(until);
    this.note(`Stopped ${this.file.description}.`);
  }

  /**
   * The kernel has ended a process of it, out of memory.
   * https://www.freedesktop.org/software/systemd/man/latest/systemd.service.html#OOMPolicy=
   */
  outOfMemory(): void {
    this.note("A process of this unit has been killed by the OOM killer.");
    if (this.file.oomPolicy === "continue" || this.abandoned || this.stopping || this.isOutOfMemory) return;
    this.isOutOfMemory = true;
    const { name, oomPolicy } = this.file;
    this.host.clock.spawn(`${oomPolicy} ${name}, out of memory`, () => (oomPolicy === "kill" ? this.host.signalAll(name, SIGKILL) : this.endMain()));
  }

  /** The machine has gone, and everything on it. */
  abandon(): void {
    this.abandoned = true;
    this.main = undefined;
    this.exited.open();
    this.stopAsked.open();
  }

  private async supervise(): Promise<void> {
    for (;;) {
      if (this.main) await this.exited.wait();
      if (this.abandoned) return;
      if (this.file.isForking && this.isClean && this.host.hasProcesses(this.file.name)) {
        // The service is what the command has left in the background; it ends by itself or with the machine.
        await this.stopAsked.wait();
        return;
      }
      const failed = this.report();
      if (this.stopping) return;
      await this.endRest(this.host.clock.now() + seconds(Math.min(this.file.stopSeconds, 1e9)));
      if (this.abandoned || this.stopping) return;
      if (this.file.restart === "no" || (this.file.restart === "on-failure" && !failed)) {
        this.supervisor = undefined;
        return;
      }
      if (await this.stopAsked.wait(seconds(Math.min(this.file.restartSeconds, 1e9)))) return;
      this.note(`Scheduled restart job, restart counter is at ${++this.restarts}.`);
      if (!this.mayStart()) {
        this.note("Start request repeated too quickly.");
        this.note("Failed with result 'start-limit-hit'.");
        this.supervisor = undefined;
        return;
      }
      this.launch();
    }
  }

  private launch(): void {
    this.isOutOfMemory = false;
    this.starts.push(this.host.clock.now());
    this.main = this.host.start(this.file, (code) => {
      this.code = code;
      this.main = undefined;
      this.exited.open();
    });
    this.note(`Started ${this.file.description}.`);
  }

  /** Says how the command ended; whether that was a failure. */
  private report(): boolean {
    const { code } = this;
    if (!this.isOutOfMemory && (this.isClean || this.file.ignoreFailure)) {
      this.note("Deactivated successfully.");
      return false;
    }
    this.note(`Main process exited, code=${code < 0 ? "killed" : "exited"}, status=${code < 0 ? `${-code}/${signalName(-code)}` : `${code}/${code === 1 ? "FAILURE" : "n/a"}`}`);
    this.note(`Failed with result '${this.isOutOfMemory ? "oom-kill" : code < 0 ? "signal" : "exit-code"}'.`);
    return true;
  }

  private get isClean(): boolean {
    return this.code >= 0 ? this.code === 0 || this.file.successCodes.includes(this.code) : CLEAN_SIGNALS.includes(-this.code as never);
  }

  private mayStart(): boolean {
    const since = this.host.clock.now() - seconds(Math.min(this.file.startLimitSeconds, 1e9));
    return this.file.startLimitSeconds === 0 || this.starts.filter((start) => start > since).length < this.file.startLimitBurst;
  }

  /** SIGTERM, and SIGKILL at that time. */
  private async endMain(until = this.host.clock.now() + seconds(Math.min(this.file.stopSeconds, 1e9))): Promise<void> {
    if (!this.main) return;
    await this.terminate();
    if (this.main) await this.exited.wait(Math.max(0, until - this.host.clock.now()));
    if (this.abandoned || !this.main) return;
    this.note(`State 'stop-sigterm' timed out. Killing.`);
    await this.main.signal(SIGKILL);
    if (this.main) await this.exited.wait();
  }

  private async terminate(): Promise<void> {
    if (this.file.killMode === "control-group") await this.host.signalAll(this.file.name, SIGTERM);
    else await this.main!.signal(SIGTERM);
  }

  /** What the command left behind in its control group ends, too, unless KillMode=process. */
  private async endRest(until: number): Promise<void> {
    const { name, killMode } = this.file;
    if (killMode === "process" || !this.host.hasProcesses(name)) return;
    const { clock } = this.host;
    if (killMode === "control-group") {
      await this.host.signalAll(name, SIGTERM);
      while (this.host.hasProcesses(name) && clock.now() < until) await clock.sleep(Math.min(seconds(0.1), until - clock.now()));
    }
    if (!this.abandoned && this.host.hasProcesses(name)) await this.host.signalAll(name, SIGKILL);
  }

  private note(text: string): void {
    this.host.note(this.file.name, text);
  }
}

const signalName = (number: number): string => {
  const [name = "?"] = Object.entries(constants.signals).find(([, value]) => value === number) ?? [];
  return name.replace(/^SIG/, "");
};
