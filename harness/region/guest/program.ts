/** A Python program on the clock that is no instance's: one process, forked from the pre-imported parent, and what it starts. */
import { delimiter, dirname, join } from "node:path";
import type { Clock } from "../../time/clock";
import type { Journal } from "./journal";
import type { Program, ProgramOptions } from "./types";
import type { Machine, Processes } from "./world";

interface ProgramParts {
  clock: Clock;
  python: string;
  binFolder: string;
  environment(processId: string, startMicroseconds: number, python: string): Record<string, string>;
  /** It exists no longer. */
  removed(): void;
}

/** The name under which its output is kept. */
const UNIT = "program";

export class GuestProgram implements Program, Machine {
  private killing: Promise<void> | undefined;

  constructor(
    private readonly options: ProgramOptions,
    private readonly processes: Processes,
    private readonly journal: Journal,
    private readonly parts: ProgramParts,
  ) {}

  launch(): void {
    const { clock, python, binFolder } = this.parts;
    const { script, folder, onExit } = this.options;
    const start = clock.now();
    this.processes.launch({
      unit: UNIT, arguments: [python, "-u", script], python: true, folder, onExit,
      environment: (processId) => ({
        PATH: [binFolder, dirname(python), "/usr/local/bin", "/usr/bin", "/bin"].join(delimiter),
        HOME: folder, TMPDIR: join(folder, "tmp"),
        // The developer's own configuration and credentials are no business of a program's.
        AWS_CONFIG_FILE: "/dev/null", AWS_SHARED_CREDENTIALS_FILE: "/dev/null", BOTO_CONFIG: "/dev/null",
        ...this.options.environment,
        ...this.parts.environment(processId, start, python),
      }),
    });
  }

  flush(): void {
    this.journal.flush();
  }

  suspend(): void {
    this.processes.suspend();
  }

  resume(): void {
    this.processes.resume();
  }

  kill(): Promise<void> {
    return (this.killing ??= this.end());
  }

  private async end(): Promise<void> {
    this.journal.close();
    await this.processes.kill();
    this.parts.removed();
  }

  /** It is no machine that could be switched off, or that has units. */
  powerOff(): void {
    this.note(UNIT, "spotproof: power off is not supported in a program that is no instance's");
  }

  carryOut(words: string[]): never {
    throw new Error(`"${words.join(" ")}" is not supported in a program that is no instance's`);
  }

  /** It has this machine's own paths. */
  view(text: string): string {
    return text;
  }

  drops(): boolean {
    return false;
  }

  /** Its files are this machine's own. */
  programRan(): void {}

  note(unit: string, text: string): void {
    this.journal.note(unit, text);
  }
}
