/**
 * Branches within a state: each runs as an actor on the clock, and the state waits for all of them, or for the first
 * that fails.
 */
import type { Branch, MapItem } from "./branch";
import { isTerminal, STOPPED, StatesError } from "./errors";
import type { Json } from "./json";
import type { State } from "./state";

export interface Child {
  startAt: State;
  input: Json;
  mapItem?: MapItem;
  /** What a Map tells of an iteration; the branch that it is told on. */
  started?(branch: Branch): void;
  succeeded?(branch: Branch): void;
  /** Told on the parent, for the iteration that made it fail. */
  failed?(parent: Branch): void;
  /** Told on the parent, for the others that had not succeeded. */
  aborted?(parent: Branch): void;
}

interface Failure { error: unknown; branch: Branch }

/**
 * Runs them, at most `concurrency` at once, and gives their outputs in order. Afterwards the parent's last event is the
 * last that one of them had. Throws the first failure, once the others are stopped.
 */
export async function runChildren(parent: Branch, count: number, concurrency: number, make: (index: number) => Child): Promise<Json[]> {
  const outputs: Json[] = new Array<Json>(count);
  /** Those that have started and not succeeded, by index. */
  const unfinished = new Map<number, { branch: Branch; child: Child }>();
  let live = 0;
  let next = 0;
  let last = parent.previousEventId;
  let failure: Failure | undefined;
  /** The last events of branches that have ended: what starts in the place of one of them follows it. */
  const places: number[] = [];

  const start = (index: number): void => {
    const child = make(index);
    const branch = parent.fork(child.mapItem);
    branch.previousEventId = places.shift() ?? branch.previousEventId;
    unfinished.set(index, { branch, child });
    live += 1;
    child.started?.(branch);
    parent.execution.clock.spawn(`${parent.execution.identity.executionName} ${parent.stateName} ${index}`, async () => {
      try {
        outputs[index] = await branch.runStates(child.startAt, child.input);
        places.push(branch.previousEventId);
        child.succeeded?.(branch);
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
    while (next < count && live < concurrency && failure === undefined) {
      start(next);
      next += 1;
    }
    const before = live;
    await parent.waitUntil(undefined, () => failure !== undefined || live < before || (live === 0 && next >= count));
    if (failure !== undefined) break;
    if (live === 0 && next >= count) {
      parent.previousEventId = last;
      return outputs;
    }
  }
  const { error, branch: failed } = failure as Failure;
  parent.previousEventId = failed.previousEventId;
  // Told when the state is not tried again; see `abandoned`.
  parent.abandoned = [...unfinished].sort(([left], [right]) => left - right).map(([, { branch, child }]) => () => {
    if (branch === failed) child.failed?.(parent);
    else child.aborted?.(parent);
    branch.tellAborted(parent, branch === failed);
  });
  for (const { branch } of unfinished.values()) branch.stop();
  throw error;
}
