/**
 * Branches within a state: each runs as an actor on the clock, and the state waits for all of them, or for the first
 * that fails.
 */
import type { Branch, Child, Progress } from "./branch";
import { isTerminal, STOPPED, StatesError } from "./errors";
import type { Json } from "./json";

interface Failure { error: unknown; branch: Branch }

/**
 * Runs them, at most `concurrency` at once, and gives their outputs in order. Afterwards the parent's last event is the
 * last that one of them had. Throws the first failure, once the others are stopped.
 */
export function runChildren(parent: Branch, count: number, concurrency: number, make: (index: number) => Child): Promise<Json[]> {
  return run(parent, { count, concurrency, make, outputs: new Map(), unfinished: new Map(), interrupted: new Map() });
}

/**
 * Goes on with those that had not succeeded when the execution ended; undefined when the state has none to go on with.
 * https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html
 */
export function resumeChildren(parent: Branch): Promise<Json[]> | undefined {
  const before = parent.resumable;
  if (before === undefined) return undefined;
  parent.resumable = undefined;
  return run(parent, { ...before, outputs: new Map(before.outputs), unfinished: new Map(), interrupted: new Map([...before.interrupted, ...before.unfinished]) });
}

async function run(parent: Branch, progress: Progress): Promise<Json[]> {
  const { count, concurrency, make, outputs, unfinished, interrupted } = progress;
  parent.progress = progress;
  const waiting = Array.from({ length: count }, (_, index) => index).filter((index) => !outputs.has(index));
  let live = 0;
  let last = parent.previousEventId;
  let failure: Failure | undefined;
  /** The last events of branches that have ended: what starts in the place of one of them follows it. */
  const places: number[] = [];

  const start = (index: number): void => {
    const known = interrupted.get(index);
    interrupted.delete(index);
    const child = known?.child ?? make(index);
    const branch = known?.branch.reborn(parent) ?? parent.fork(child.mapItem);
    branch.previousEventId = places.shift() ?? branch.previousEventId;
    unfinished.set(index, { branch, child });
    live += 1;
    if (known === undefined) child.started?.(branch);
    parent.execution.clock.spawn(`${parent.execution.identity.executionName} ${parent.stateName} ${index}`, async () => {
      try {
        const output = await branch.runStates(child.startAt, child.input);
        places.push(branch.previousEventId);
        child.succeeded?.(branch);
        outputs.set(index, output);
        unfinished.delete(index);
        last = Math.max(last, branch.previousEventId);
      } catch (error) {
        if (error === STOPPED) return;
        if (error instanceof StatesError && isTerminal(error)) parent.execution.fail(error, branch);
        else failure ??= { error, branch };
      } finally {
        live -= 1;
        parent.forget(branch);
        parent.wake();
      }
    });
  };

  for (;;) {
    while (waiting.length > 0 && live < concurrency && failure === undefined) start(waiting.shift() as number);
    const before = live;
    await parent.waitUntil(undefined, () => failure !== undefined || live < before || (live === 0 && waiting.length === 0));
    if (failure !== undefined) break;
    if (live === 0 && waiting.length === 0) {
      parent.previousEventId = last;
      return Array.from({ length: count }, (_, index) => outputs.get(index) as Json);
    }
  }
  const { error, branch: failed } = failure as Failure;
  parent.previousEventId = failed.previousEventId;
  // Of each attempt, whether the state is tried again or not, in the order of the list: the one that failed has no place of its own.
  for (const [, { branch, child }] of [...unfinished].sort(([left], [right]) => left - right)) {
    if (branch === failed) child.failed?.(parent);
    else child.aborted?.(parent);
    branch.tellAborted(parent, branch === failed);
  }
  for (const { branch } of unfinished.values()) branch.stop();
  throw error;
}
