/**
 * States that can behave only alike are made one: what nobody will ever read again is set to zero. Tasks go to later and later
 * instances, and epochs only grow, so that much is over for good.
 */
import { gone } from "./agent";
import { AGENT, DEADLINE, I, L, M, MACHINE, of, OWNER, P, LATE, REASON, RESULT, VM, WHY, type State } from "./state";

const MEMORY = [I.epoch, I.sequence, I.base, I.run, I.why, I.knownToken, I.answer];

/** Whether the execution has ended, and no other will take the job up. */
export const isOver = (s: State): boolean => s[M.machine] === MACHINE.ended && !(s[M.result] === RESULT.stopped && s[M.running] === 0);

export function canonical(s: State): State {
  const over = isOver(s);
  const task = s[L.taskInstance]!;
  if (over) {
    for (const field of Object.values(P)) s[field] = 0;
    s[L.notices] = 0;
  }
  if (s[L.ownerDeadline] === DEADLINE.absent) s[L.leaseOf] = 0;
  if (s[L.ownerReason] !== REASON.jobFailed) s[L.ownerReason] = REASON.none;
  if (s[L.readyLaunch] !== task) s[L.readyLaunch] = 0;
  if (s[L.lastEpoch] !== s[L.ownerEpoch]) s[L.lastEpoch] = s[L.lastRun] = 0;
  for (let n = 1; n <= s[M.launched]!; n++) {
    const o = of(n);
    if (s[I.at + o] === AGENT.leave) gone(s, n);
    const vm = s[I.vm + o];
    const at = s[I.at + o]!;
    const passed = n < task;
    const owns = s[L.ownerInstance] === n && s[L.ownerState] !== OWNER.dead;
    if (over || passed) s[I.stoppingDue + o] = 0;
    if (over || (passed && !owns && !(s[P.late] !== LATE.none && s[P.lateInstance] === n))) s[I.goneDue + o] = 0;
    if (over || (passed && !owns && vm === VM.gone)) s[I.warningDue + o] = 0;
    if (passed) s[I.knownToken + o] = 0;
    if (vm !== VM.running) s[I.doomed + o] = s[I.shown + o] = s[I.rebalance + o] = s[I.done + o] = 0;
    if (vm === VM.gone) s[L.notices]! &= ~(1 << (n - 1));
    if (over || s[I.hung + o]) for (const field of MEMORY) s[field + o] = 0;
    if (over) s[I.at + o] = AGENT.off;
    if (at === AGENT.report) s[I.epoch + o] = s[I.sequence + o] = s[I.base + o] = s[I.run + o] = 0;
    if (at !== AGENT.handOver && at !== AGENT.answer && at !== AGENT.saving) s[I.why + o] = WHY.none;
  }
  return s;
}
