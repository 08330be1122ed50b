/** A shell script at work in a guest, in a unit of its own: started at once, its output in files beside it. */
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import type { Clock, Gate, Microseconds } from "../../time/clock";
import { belowRoot, mapPaths } from "./paths";
import { interpreterOf, localize, type ScriptPlaces } from "./script-text";
import type { GuestScript, RunningScript } from "./types";

/** What a script asks of its guest. */
export interface ShellHost {
  readonly clock: Clock;
  launch(program: { unit: string; words: string[]; isPython: boolean; folder: string; onExit: (code: number) => void }): void;
  signalAll(unit: string, signal: number): Promise<void>;
}

/** The guest's shell: Amazon Linux's /bin/sh. */
const SHELL = "/bin/bash";

export class ShellScript implements RunningScript {
  code: number | undefined;
  private isOver = false;
  private readonly over: Gate;
  private readonly folder: string;
  private readonly unit: string;

  constructor(private readonly host: ShellHost, places: ScriptPlaces, { unit, folder, text, workingDirectory }: GuestScript) {
    this.over = host.clock.gate(`the end of a script in ${folder}`);
    this.unit = unit;
    this.folder = belowRoot(places.root, folder);
    mkdirSync(this.folder, { recursive: true });
    const path = join(this.folder, "_script.sh");
    writeFileSync(path, localize(text, places));
    chmodSync(path, 0o700);
    const { words } = text.startsWith("#!") ? interpreterOf(text, places) : { words: [SHELL] };
    host.launch({
      unit,
      words: ["/bin/sh", "-c", 'out=$1; err=$2; shift 2; exec "$@" >"$out" 2>"$err"', "sh", join(this.folder, "stdout"), join(this.folder, "stderr"), ...words, path],
      isPython: false,
      folder: workingDirectory === undefined ? this.folder : mapPaths(places.root, workingDirectory),
      onExit: (code) => this.end(code),
    });
  }

  async ended(timeout?: Microseconds): Promise<boolean> {
    if (!this.isOver) await this.over.wait(timeout);
    return this.isOver;
  }

  async kill(): Promise<void> {
    if (!this.isOver) await this.host.signalAll(this.unit, constants.signals.SIGKILL);
  }

  output(): { stdout: string; stderr: string } {
    const read = (name: string): string => (existsSync(join(this.folder, name)) ? readFileSync(join(this.folder, name), "utf8") : "");
    return { stdout: read("stdout"), stderr: read("stderr") };
  }

  /** It has ended, or its guest has gone. */
  end(code: number | undefined): void {
    if (this.isOver) return;
    this.isOver = true;
    this.code = code;
    this.over.open();
  }
}
