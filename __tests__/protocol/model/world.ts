/** All parts together: where it begins, and all that may happen next in a state. */
import { agentFaults, agentSteps, gone, lateWrite, stop } from "./agent";
import { machineSteps, sweep } from "./machine";
import { canonical, isOver } from "./canonical";
import { copy, DEADLINE, F, I, L, M, MACHINE, OWNER, newState, of, VM, type State } from "./state";
import type { Rules } from "./rules";
import { strike, type Emit } from "./steps";
import { watcherSteps } from "./watcher";

/** The ledger's item is there; nothing has been launched. */
export function beginning(r: Rules): State {
  const s = newState();
  s[F.faults] = r.faults;
  return s;
}

export function next(s: State, r: Rules, take: Emit): void {
  const emit: Emit = (label, n, after, fault, broken) => take(label, n, canonical(after), fault, broken);
  sweep(s, r, emit);
  if (isOver(s)) {
    // What instances still do changes nothing but their own end.
    for (let n = 1; n <= s[M.launched]!; n++) if (s[I.vm + of(n)] === VM.stopping) ends(s, n, emit);
    return;
  }
  machineSteps(s, r, emit);
  watcherSteps(s, r, emit);
  lateWrite(s, r, emit);
  // Nobody asks for the deadline of an owner that has the task, but the state machine that would declare it dead.
  if (r.patience === "anything" && s[L.ownerDeadline] === DEADLINE.ahead && ((s[L.taskInstance] !== 0 && s[L.taskInstance] !== s[L.ownerInstance]) || s[M.machine] === MACHINE.dead)) {
    const t = copy(s);
    t[L.ownerDeadline] = DEADLINE.past;
    emit("the owner's deadline passes", s[L.ownerInstance]!, t, false);
  }
  for (let n = 1; n <= s[M.launched]!; n++) {
    agentSteps(s, n, r, emit);
    agentFaults(s, n, r, emit);
    instance(s, n, r, emit);
  }
}

function instance(s: State, n: number, r: Rules, emit: Emit): void {
  const o = of(n);
  const vm = s[I.vm + o];
  if (vm === VM.stopping) ends(s, n, emit);
  if (vm !== VM.running) return;
  if (s[I.doomed + o]) {
    const t = copy(s);
    stop(t, n);
    // An owner is in time, unless it must be patient.
    const owns = s[L.ownerInstance] === n && s[L.ownerState] !== OWNER.released;
    if (r.patience === "anything" || !owns) emit("Spot takes it", n, t, false);
  } else {
    for (const fault of ["notice", "notice in events only"] as const) {
      const t = strike(s, fault, r);
      if (t === undefined) continue;
      t[I.doomed + o] = t[I.warningDue + o] = 1;
      t[I.shown + o] = fault === "notice" ? 1 : 0;
      emit(`a ${fault} for it`, n, t, true);
    }
    const t = s[I.rebalance + o] ? undefined : strike(s, "rebalance", r);
    if (t !== undefined) {
      t[I.rebalance + o] = 1;
      emit("a recommendation for it", n, t, true);
    }
  }
  const terminated = strike(s, "terminate", r);
  if (terminated !== undefined) {
    stop(terminated, n);
    emit("somebody terminates it", n, terminated, true);
  }
  const vanished = strike(s, "vanish", r);
  if (vanished !== undefined) {
    gone(vanished, n);
    emit("it vanishes", n, vanished, true);
  }
}

function ends(s: State, n: number, emit: Emit): void {
  const t = copy(s);
  gone(t, n);
  emit("it is terminated", n, t, false);
}
