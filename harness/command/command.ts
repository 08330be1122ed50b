/** How every command runs and ends: exit codes, interruptions, errors in words. */
import { clean } from "../console/text";
import { Interrupted, UsageError } from "../model/errors";

export const EXIT = { passed: 0, failed: 1, couldNotRun: 2, interrupted: 130 } as const;

export const print = (text: string): void => void process.stdout.write(`${text}\n`);
export const complain = (text: string): void => void process.stderr.write(`${text}\n`);

/** One message for what the user can mend; the stack for what is ours. The exit code. */
function explain(error: unknown): number {
  if (error instanceof Interrupted) {
    complain("interrupted: everything is closed");
    return EXIT.interrupted;
  }
  if (error instanceof UsageError) {
    complain(`error: ${clean(error.message)}`);
    if (error.hint !== undefined) complain(clean(error.hint));
    return EXIT.couldNotRun;
  }
  complain(`${(error as Error)?.stack ?? String(error)}\n\nThis is a defect of spotproof. Please report it with the lines above and the command that you gave.`);
  return EXIT.couldNotRun;
}

/** The exit code; rejects with UsageError, Interrupted, and whatever is a defect. */
export type Main = (given: readonly string[], signal: AbortSignal) => Promise<number>;

/**
 * Runs until done or interrupted; the first Ctrl-C closes everything, a second one ends at once. An error that nobody handles
 * ends the command, unless `onStray` takes it.
 */
export async function runCommand(main: Main, given: readonly string[], onStray?: (error: unknown) => void): Promise<void> {
  const interruption = new AbortController();
  let ended = false;
  const interrupt = (): void => {
    if (interruption.signal.aborted) {
      ended = true;
      process.exit(EXIT.interrupted);
    }
    interruption.abort();
  };
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);
  const crash = (error: unknown): void => {
    ended = true;
    process.exit(explain(error));
  };
  process.on("uncaughtException", onStray ?? crash);
  process.on("unhandledRejection", onStray ?? crash);
  // A reader that went away (`| head`) is no defect.
  process.stdout.on("error", () => {
    ended = true;
    process.exit(EXIT.couldNotRun);
  });
  // With nothing left to wait for, Node would leave quietly.
  process.once("exit", () => {
    if (ended) return;
    process.exitCode = explain(new Error("The run stopped without having come to an end."));
  });
  const code = await main(given, interruption.signal).catch((error: unknown) => explain(interruption.signal.aborted ? new Interrupted("interrupted") : error));
  ended = true;
  process.exitCode = code;
  // Nothing is left to wait for; a socket that lingers must not keep the shell waiting.
  process.stdout.write("", () => process.exit(code));
}
