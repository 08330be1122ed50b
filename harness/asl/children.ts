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
  /** What a Map adds around an iteration. */
  started?(child: Branch): void;
  succeeded?(child: Branch): void;
  failed?(child: Branch): void;
  aborted?(child: Branch): void;
}

/**
 * Runs them, at most `concurrency` at once, and gives their outputs in order. Afterwards the parent's last event is the
 * last that one of them had. Throws the first failure, once the others are stopped.
 */
export async function runChildren(parent: Branch, count: number, concurrency: number, make: (index: number) => Child): Promise<Json[]> {
  const outputs: Json[] = new Array<Json>(count);
  const live = new Map<Branch, Child>();
  let next = 0;
  let last = parent.previousEventId;
  let failure: { error: unknown; branch: Branch } | undefined;

  const start = (index: number): void => {
    const child = make(index);
    const branch = parent.fork(child.mapItem);
    live.set(branch, child);
    child.started?.(branch);
    parent.execution.clock.spawn(`${parent.execution.identity.executionName} ${parent.stateName} ${index}`, async () => {
      try {
        outputs[index] = await branch.runStates(child.startAt, child.input);
        child.succeeded?.(branch);
        last = Math.max(last, branch.previousEventId);
      } catch (error) {
        if (error === STOPPED || failure !== undefined) return;
        if (error instanceof StatesError && isTerminal(error)) {
          parent.execution.fail(error, branch);
          return;
        }
        failure = { error, branch };
        child.failed?.(branch);
      } finally {
        live.delete(branch);
        parent.forget(branch);
        parent.wake();
      }
    });
  };

  for (;;) {
    while (next < count && live.size < concurrency && failure === undefined) {
      start(next);
      next += 1;
    }
    const before = live.size;
    await parent.waitUntil(undefined, () => failure !== undefined || live.size < before || (live.size === 0 && next >= count));
    if (failure !== undefined) break;
    if (live.size === 0 && next >= count) {
      parent.previousEventId = last;
      return outputs;
    }
  }
  const failed = failure as { error: unknown; branch: Branch };
  for (const [branch, child] of live) {
    child.aborted?.(branch);
    branch.stop();
  }
  parent.previousEventId = failed.branch.previousEventId;
  throw failed.error;
}
