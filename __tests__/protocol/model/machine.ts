/** The state machine, from launch to launch. It does not crash; its requests may go unanswered, and its execution may be stopped. */
import { agentIsSilent, giveBreaks, stop } from "./agent";
import * as ledger from "./ledger";
import { copy, DEADLINE, ENDING, I, L, LATE, M, MACHINE, of, OWNER, P, REASON, RESULT, VM, type State } from "./state";
import type { Rules } from "./rules";
import { strike, type Emit } from "./steps";

const bit = (n: number): number => 1 << (n - 1);

export function machineSteps(s: State, r: Rules, emit: Emit): void {
  const g = r.guards;
  const n = s[M.current]!;
  const execution = s[M.running]!;
  const step = (label: string, change: (t: State) => void): void => {
    const t = copy(s);
    change(t);
    emit(label, n, t, false);
  };

  switch (s[M.machine]) {
    case MACHINE.launch: {
      const next = s[M.launched]! + 1;
      step("the machine launches an instance", (t) => {
        t[M.launched] = t[M.current] = next;
        t[I.vm + of(next)] = VM.running;
        t[I.execution + of(next)] = execution;
        t[M.tries] = 0;
        t[M.machine] = MACHINE.give;
      });
      const none = strike(s, "no capacity", r);
      if (none !== undefined) {
        none[M.machine] = MACHINE.noCapacity;
        emit("the machine gets no capacity", 0, none, true);
      }
      break;
    }
    case MACHINE.noCapacity: {
      const owner = s[L.ownerInstance]!;
      if (owner !== 0 && s[M.leaving]! & bit(owner) && s[L.taskToken] !== ledger.TOKEN_BACK) {
        const t = copy(s);
        if (ledger.giveBack(t, owner, execution, g)) emit("the machine gives the owner its task back", owner, t, false);
      }
      step("the machine has waited, and reads the ledger", (t) => {
        if (s[L.finished]) end(t, RESULT.succeeded);
        else t[M.machine] = MACHINE.launch;
      });
      break;
    }

    case MACHINE.give: {
      const token = 2 * n - 1 + s[M.tries]!;
      const t = copy(s);
      if (ledger.give(t, n, token, execution, g)) {
        const lost = s[M.tries] === 0 ? strike(t, "lose answer", r) : undefined;
        t[M.token] = token;
        t[M.machine] = MACHINE.wait;
        emit("the machine gives it the task", n, t, false, giveBreaks(s, execution));
        if (lost !== undefined) {
          lost[M.tries] = 1;
          emit("the machine gives it the task, but the answer is lost, and it asks again with another token", n, lost, true, giveBreaks(s, execution));
        }
      } else {
        t[M.ending] = ENDING.refused;
        t[M.machine] = MACHINE.terminate;
        emit("the ledger refuses the task", n, t, false);
      }
      break;
    }
    case MACHINE.wait: {
      const silent = agentIsSilent(s, n);
      if (r.patience === "nothing") break;
      if (silent && !g["machine: heartbeats time out"]) break;
      const t = silent ? copy(s) : strike(s, "pause", r);
      if (t === undefined) break;
      t[M.ending] = ENDING.timeout;
      t[M.token] = 0;
      t[M.machine] = MACHINE.terminate;
      emit("the machine's wait for it times out", n, t, !silent);
      break;
    }
    case MACHINE.let: {
      const t = copy(s);
      if (g["let it hand over: writes a lease"] && ledger.letHandOver(t, n)) decide(t);
      else t[M.machine] = MACHINE.read;
      emit("the machine lets it hand over", n, t, false);
      break;
    }
    case MACHINE.terminate: {
      const reported = [ENDING.finished, ENDING.saved, ENDING.refused].includes(s[M.ending] as never);
      const next = reported || !g["declare dead (machine): when its task fails"] ? MACHINE.read : MACHINE.dead;
      step("the machine terminates it", (t) => {
        if (g["machine: terminates what failed"]) terminate(t, n);
        t[M.machine] = next;
      });
      const failed = strike(s, "fail terminate", r);
      if (failed !== undefined) {
        failed[M.machine] = next;
        emit("the machine cannot terminate it", n, failed, true);
      }
      break;
    }
    case MACHINE.dead: {
      const t = copy(s);
      const written = ledger.declareDeadAsMachine(t, n, g);
      if (written) decide(t);
      else t[M.machine] = MACHINE.read;
      const announced = s[L.ownerState] === OWNER.handingOver || s[L.ownerState] === OWNER.saving;
      const early = written && (s[L.ownerDeadline] === DEADLINE.ahead || (announced && s[L.ownerDeadline] === DEADLINE.absent)) && s[L.ownerState] !== OWNER.released;
      emit(written ? "the machine declares it dead" : "the machine may not declare it dead", n, t, false, early ? "declared dead while its lease lives" : undefined);
      break;
    }
    case MACHINE.read:
      step("the machine reads the ledger", decide);
      break;

    case MACHINE.takeUpRead:
      step("another execution reads the ledger, and terminates what is left over", (t) => {
        if (s[L.finished]) return end(t, RESULT.succeeded);
        if (s[M.launched]! >= r.instances) return end(t, RESULT.exhausted);
        for (let other = 1; other <= s[M.launched]!; other++) terminate(t, other);
        t[M.earlier] = s[L.ownerState]!;
        t[M.machine] = MACHINE.takeUp;
      });
      break;
    case MACHINE.takeUp:
      step("another execution takes the job up", (t) => {
        t[M.machine] = ledger.takeUp(t, execution, 0, s[M.earlier]!) ? MACHINE.launch : MACHINE.takeUpRead;
        t[M.earlier] = 0;
      });
      break;

    case MACHINE.ended:
      if (s[M.result] === RESULT.stopped && execution === 0) {
        step("another execution is started", (t) => {
          t[M.running] = 1;
          t[M.result] = RESULT.none;
          t[M.machine] = MACHINE.takeUpRead;
        });
      }
      return;
  }

  const stopped = execution === 0 ? strike(s, "stop", r) : undefined;
  if (stopped !== undefined) {
    end(stopped, RESULT.stopped);
    emit("the execution is stopped", 0, stopped, true);
    if (s[M.machine] === MACHINE.give && s[P.late] === LATE.none) {
      const late = copy(stopped);
      late[P.late] = LATE.give;
      late[P.lateInstance] = n;
      late[P.lateEpoch] = 2 * n - 1 + s[M.tries]!;
      emit("the execution is stopped, and its last request is still on its way", n, late, true);
    }
  }

  /** What next, of what the ledger says. */
  function decide(t: State): void {
    if (t[L.execution] !== execution) return end(t, RESULT.superseded);
    if (t[L.finished]) return end(t, RESULT.succeeded);
    if (t[M.ending] === ENDING.jobFailed || (t[L.ownerState] === OWNER.released && t[L.ownerReason] === REASON.jobFailed)) return end(t, RESULT.jobFailed);
    if (t[M.launched]! >= r.instances) return end(t, RESULT.exhausted);
    if (t[M.ending] === ENDING.migrate) t[M.leaving]! |= bit(n);
    for (let other = 1; other <= t[M.launched]!; other++) {
      if (!(t[M.leaving]! & bit(other)) || !g["machine: terminates what has migrated"]) continue;
      const lives = t[L.ownerState] !== OWNER.none && t[L.ownerState] !== OWNER.released && t[L.ownerState] !== OWNER.dead;
      if (t[L.ownerInstance] === other && lives && t[L.ownerDeadline] === DEADLINE.ahead) continue;
      terminate(t, other);
      t[M.leaving]! &= ~bit(other);
    }
    t[M.ending] = ENDING.none;
    t[M.current] = 0;
    t[M.machine] = MACHINE.launch;
  }
}

function terminate(t: State, n: number): void {
  if (t[I.vm + of(n)] === VM.running) stop(t, n);
}

function end(t: State, result: number): void {
  t[M.machine] = MACHINE.ended;
  t[M.result] = result;
  t[M.current] = t[M.leaving] = t[M.ending] = t[M.token] = t[M.tries] = t[M.earlier] = 0;
}

/** Instances that the sweep ends: those of executions that are over, and what a running one has neither as owner nor with the task. */
export function sweep(s: State, r: Rules, emit: Emit): void {
  for (let n = 1; n <= s[M.launched]!; n++) {
    const o = of(n);
    if (s[I.vm + o] !== VM.running) continue;
    const over = s[M.machine] === MACHINE.ended || s[I.execution + o] !== s[M.running];
    const nobodys = isNobodys(s, n) && s[I.hung + o] === 1;
    if (!((over && r.guards["sweep: when the execution has ended"]) || (nobodys && r.guards["sweep: what a running execution has neither as owner nor with the task"]))) continue;
    const t = copy(s);
    stop(t, n);
    emit("the sweep terminates it", n, t, false);
  }
}

/** Whether an instance has neither the job nor its task, and the state machine does nothing about it. */
export function isNobodys(s: State, n: number): boolean {
  const owns = s[L.ownerInstance] === n && s[L.ownerState] !== OWNER.released && s[L.ownerState] !== OWNER.dead;
  return !owns && s[L.taskInstance] !== n && s[M.current] !== n;
}
