/**
 * The watcher. Each event is an invocation of its own, at any time, in any order, beside all others: what it still has to do stands in the
 * event's field. To read for whom the task is and to answer its token is one step: a token that waits when it is answered is the ledger's.
 */
import { answer } from "./agent";
import * as ledger from "./ledger";
import { copy, DUE, ENDING, I, L, M, MACHINE, of, OWNER, type State } from "./state";
import type { Rules } from "./rules";
import { strike, type Emit } from "./steps";

export function watcherSteps(s: State, r: Rules, emit: Emit): void {
  for (let n = 1; n <= s[M.launched]!; n++) {
    const o = of(n);
    // Between a launch's answer and the task lie milliseconds. An event in between finds nothing that waits, and the heartbeat must time out.
    if (r.patience === "nothing" && s[M.machine] === MACHINE.give && s[M.current] === n) continue;
    invocation(s, n, I.warningDue, "warning", r, emit);
    if (s[I.stoppingDue + o] === DUE.event) invocation(s, n, I.stoppingDue, "shutting-down", r, emit);
    invocation(s, n, I.goneDue, "terminated", r, emit);
  }
}

type Kind = "warning" | "shutting-down" | "terminated";

function invocation(s: State, n: number, due: number, kind: Kind, r: Rules, emit: Emit): void {
  const field = due + of(n);
  if (s[field] === DUE.nothing) return;
  const told = s[field] === DUE.event;
  if (told) {
    const lost = strike(s, "lose event", r);
    if (lost !== undefined) {
      lost[field] = DUE.nothing;
      emit(`nobody tells the watcher: ${kind}`, n, lost, true);
    }
  } else {
    const failed = strike(s, "fail function", r);
    if (failed !== undefined) {
      failed[field] = DUE.nothing;
      emit(`the watcher fails in the middle, for good: ${kind}`, n, failed, true);
      const again = copy(failed);
      again[field] = DUE.event;
      emit(`the watcher fails in the middle, and is told again: ${kind}`, n, again, true);
    }
  }

  const t = copy(s);
  let label: string;
  let ends = true;
  if (told && kind === "warning") {
    ledger.recordNotice(t, n);
    const leased = r.guards["watcher: writes a lease at a warning"] && ledger.warn(t, n);
    label = leased ? "the watcher records the notice, and writes a lease" : "the watcher records the notice";
    ends = !r.guards["watcher: answers the task at a warning"];
  } else if (told && kind === "terminated") {
    const dead = r.guards["declare dead (watcher): when its instance is terminated"] && ledger.declareDeadAsWatcher(t, n, r.guards);
    label = dead ? "the watcher declares it dead" : "the watcher may not declare it dead";
    ends = false;
  } else {
    label = endTheWait(t, n, kind, r) ? `the watcher ${kind === "warning" ? "answers the task with the notice" : "fails the task"}` : "the watcher finds nothing that waits for it";
  }
  t[field] = ends ? DUE.nothing : DUE.answer;
  emit(`${label} (${kind})`, n, t, false);
  const again = ends ? strike(t, "repeat event", r) : undefined;
  if (again !== undefined) {
    again[field] = DUE.event;
    emit(`${label}, and will be told again (${kind})`, n, again, true);
  }
}

/** Answers the task, if it is for this instance and still waits. */
function endTheWait(t: State, n: number, kind: Kind, r: Rules): boolean {
  if (t[L.taskInstance] !== n || t[M.machine] !== MACHINE.wait || t[M.token] !== t[L.taskToken]) return false;
  const released = t[L.ownerInstance] === n && t[L.ownerState] === OWNER.released;
  if (kind !== "warning" && released && !r.guards["watcher: fails the task of an instance that goes, released or not"]) return false;
  answer(t, kind === "warning" ? ENDING.notice : ENDING.instanceTerminated);
  return true;
}
