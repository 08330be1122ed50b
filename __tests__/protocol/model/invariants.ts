/** What must hold in every state, from each to the next, and where nothing more happens. Each says what is broken. */
import { AGENT, F, I, L, M, MACHINE, of, P, LATE, OWNER, RESULT, VM, type State } from "./state";
import { isNobodys } from "./machine";
import type { Rules } from "./rules";

const HOLDS_EPOCH: readonly number[] = [AGENT.restore, AGENT.start, AGENT.run, AGENT.commitCheck, AGENT.handOver, AGENT.answer, AGENT.saving, AGENT.save, AGENT.release];

export function stateBreaks(s: State, r: Rules): string | undefined {
  let owners = 0;
  for (let n = 1; n <= s[M.launched]!; n++) {
    const o = of(n);
    if (s[L.ownerEpoch] !== 0 && s[I.epoch + o] === s[L.ownerEpoch] && HOLDS_EPOCH.includes(s[I.at + o]!)) owners += 1;
    const hung = s[I.vm + o] === VM.running && s[I.hung + o] === 1 && s[M.machine] !== MACHINE.ended && s[I.execution + o] === s[M.running];
    // Whoever hangs for good must be somebody's, or be swept; what does not hang leaves by itself.
    const ends = r.guards["sweep: what a running execution has neither as owner nor with the task"] || (r.guards["machine: terminates what has migrated"] && s[M.leaving]! & (1 << (n - 1)));
    if (hung && isNobodys(s, n) && !ends) return "an instance lives without the job, its task or anyone who ends it";
  }
  if (owners > 1) return "two instances may commit";
  if (s[L.finished] && s[L.step] !== r.steps) return "finished before the last step is committed";
  return undefined;
}

export function stepBreaks(before: State, after: State): string | undefined {
  if (after[L.step]! < before[L.step]!) return "committed work goes back";
  if (after[L.sequence]! < before[L.sequence]!) return "the sequence goes back";
  if (after[L.ownerEpoch]! < before[L.ownerEpoch]!) return "the epoch goes back";
  if (before[L.finished] && !after[L.finished]) return "what was finished is so no more";
  const released = before[L.ownerState] === OWNER.released && after[L.ownerState] !== OWNER.released;
  // Another execution that takes the job up writes what it has read before.
  if (released && after[L.ownerEpoch] === before[L.ownerEpoch] && after[L.execution] === before[L.execution]) return "a release is taken back";
  return undefined;
}

/** Of a state in which nothing more happens unless something fails. */
export function endBreaks(s: State, r: Rules): string | undefined {
  if (s[M.machine] !== MACHINE.ended) {
    const n = s[L.ownerInstance]!;
    const works = n !== 0 && s[I.vm + of(n)] === VM.running && s[I.at + of(n)] === AGENT.run && s[I.epoch + of(n)] === s[L.ownerEpoch];
    if (r.patience !== "anything" && works && (s[L.taskInstance] === n || s[M.machine] !== MACHINE.wait)) return undefined;
    return r.patience === "anything" ? "the job stands still" : "somebody must wait for a timeout";
  }
  for (let n = 1; n <= s[M.launched]!; n++) if (s[I.vm + of(n)] !== VM.gone) return "an instance outlives the execution";
  if (s[P.late] !== LATE.none) return "a late request is forgotten";
  if (s[M.result] === RESULT.succeeded) return s[L.finished] && s[L.step] === r.steps ? undefined : "succeeded, but the job is not finished";
  if (s[M.result] === RESULT.exhausted) return s[M.launched] === r.instances ? undefined : "given up before the bound on attempts";
  if (s[M.result] === RESULT.jobFailed) return s[F.faults] === r.faults ? "failed, though nothing did" : undefined;
  return "the execution ended without a reason";
}
