/** What an agent decides of what it has read: userdata/agent/handoff.py in the model's terms. `late`: the last safe moment has come. */
import { L, OWNER, REASON, WHY, type State } from "./state";
import { assigned, isFree, mayTakeOver } from "./ledger";
import type { Rules } from "./rules";

export type OwnersDecision = "stop" | "work" | "hand-over" | "save";
export type SuccessorsDecision = "wait" | "report" | "take-over" | "stand-in" | "ready" | "release" | "answer" | "leave";

/** Whether a successor waits for this owner's release. */
const expected = (s: State, instance: number): boolean => s[L.taskInstance] !== instance && s[L.readyLaunch] !== 0 && s[L.readyLaunch] === s[L.taskInstance];
const failed = (s: State): boolean => s[L.ownerReason] === REASON.jobFailed;

export function owner(s: State, instance: number, epoch: number, why: number, late: boolean, g: Rules["guards"]): OwnersDecision {
  if (s[L.ownerEpoch] !== epoch) return "stop";
  if (why === WHY.terminate || s[L.ownerState] === OWNER.saving) return "save";
  if (g["owner: releases when the successor is ready"] && expected(s, instance)) return "save";
  if (why === WHY.none) return "work";
  if (late) return "save";
  return s[L.ownerState] === OWNER.handingOver ? "work" : "hand-over";
}

export function successor(s: State, instance: number, why: number, late: boolean, g: Rules["guards"]): SuccessorsDecision {
  const leaves = why === WHY.terminate || (why === WHY.notice && late);
  if (!assigned(s, instance)) return withoutTask(s, instance, why, leaves, g);
  if (s[L.finished]) return "report";
  if (leaves) return "leave";
  if (mayTakeOver(s, instance, g)) return "take-over";
  if (why === WHY.notice) return g["successor: stands in when it has a notice"] ? "answer" : "leave";
  return s[L.readyLaunch] === instance ? "wait" : "ready";
}

function withoutTask(s: State, instance: number, why: number, leaves: boolean, g: Rules["guards"]): SuccessorsDecision {
  const free = s[L.ownerState] === OWNER.none || s[L.ownerState] === OWNER.released || s[L.ownerState] === OWNER.dead;
  const ours = s[L.ownerInstance] === instance && s[L.taskInstance] !== 0;
  const later = s[L.taskInstance]! > instance;
  const over = s[L.finished] === 1 || (failed(s) && g["stand in: not once the job has failed"]);
  if (ours && !s[L.finished] && !free) {
    if (!leaves && !expected(s, instance) && g["agent: stands in for its earlier life"]) return "stand-in";
    return g["agent: releases for an earlier life"] ? "release" : "leave";
  }
  if (later && !ours && why === WHY.notice && !leaves && !over && g["successor: stands in when it has a notice"]) {
    return isFree(s, instance) && !expected(s, instance) ? "stand-in" : "wait";
  }
  return ours || later || why === WHY.notice || why === WHY.terminate ? "leave" : "wait";
}
