/**
 * Retry and Catch: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
 */
import { seconds } from "../../time/clock";
import type { Branch, Outcome } from "../branch";
import { isTerminal, StatesError } from "../errors";
import type { Completion } from "./flow";
import { then, type Json, type JsonObject, type Maybe } from "../json";
import type { State } from "../state";

export interface Retrier {
  errorEquals: readonly string[];
  intervalSeconds: number;
  maxAttempts: number;
  backoffRate: number;
  maxDelaySeconds: number | undefined;
  /** FULL: a random share of the delay. */
  jitter: boolean;
}

export interface Catcher {
  errorEquals: readonly string[];
  next: State;
  /** What the error becomes: ResultPath, or Output; and Assign. */
  complete(branch: Branch, input: Json, errorOutput: JsonObject): Maybe<Completion>;
}

export interface Recovery { retriers: readonly Retrier[]; catchers: readonly Catcher[] }

/** Matched by no wildcard. States.DataLimitExceeded, which the documentation puts beside it, is caught by one when it is a task's result that is too large. */
const NOT_IN_ALL: ReadonlySet<string> = new Set(["States.Runtime"]);

/** Whether an ErrorEquals names the error. */
export function matches(errorEquals: readonly string[], error: StatesError): boolean {
  const names = [error.error ?? "", ...(error.details.aliases ?? [])];
  return errorEquals.some((wanted) => {
    if (wanted === "States.ALL") return !names.some((name) => NOT_IN_ALL.has(name));
    if (wanted === "States.TaskFailed") return !names.some((name) => name === "States.Timeout" || NOT_IN_ALL.has(name));
    return names.includes(wanted);
  });
}

/**
 * Runs a state's work until it succeeds, is caught, or fails for good. `failed` is told when an error is not retried.
 * Throws StatesError.
 */
export async function recovering(branch: Branch, recovery: Recovery, input: Json, attempt: () => Promise<Outcome>, failed: () => void): Promise<Outcome> {
  const counts = recovery.retriers.map(() => 0);
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof StatesError) || isTerminal(error)) throw error;
      const index = recovery.retriers.findIndex(({ errorEquals }) => matches(errorEquals, error));
      const retrier = recovery.retriers[index];
      const count = counts[index] ?? 0;
      if (retrier === undefined || count >= retrier.maxAttempts) return handle(branch, recovery.catchers, input, error, failed);
      counts[index] = count + 1;
      branch.retryCount += 1;
      await branch.waitUntil(branch.now() + seconds(delaySeconds(branch, retrier, count)), () => false);
    }
  }
}

/** Before the retry that follows `count` earlier ones by this retrier. */
function delaySeconds(branch: Branch, { intervalSeconds, backoffRate, maxDelaySeconds, jitter }: Retrier, count: number): number {
  const delay = Math.min(intervalSeconds * backoffRate ** count, maxDelaySeconds ?? 31_622_400);
  return jitter ? branch.random.next() * delay : delay;
}

function handle(branch: Branch, catchers: readonly Catcher[], input: Json, error: StatesError, failed: () => void): Maybe<Outcome> {
  const catcher = catchers.find(({ errorEquals }) => matches(errorEquals, error));
  const before = branch.previousEventId;
  failed();
  if (catcher === undefined) throw error;
  // What the catcher's own expressions report follows what came before the failure, as if that had not been told yet.
  const after = branch.previousEventId;
  branch.previousEventId = before;
  // Both members are always there; what the error lacks is an empty text.
  const errorOutput: JsonObject = { Error: error.error ?? "", Cause: error.cause ?? "" };
  const guarded = async (): Promise<Completion> => {
    try {
      return await catcher.complete(branch, input, errorOutput);
    } catch (problem) {
      if (problem instanceof StatesError && !isTerminal(problem)) failed();
      throw problem;
    }
  };
  return then(guarded(), (completion) => {
    branch.previousEventId = after;
    return { ...completion, next: catcher.next };
  });
}
