/** What an agent decides of what it has read: userdata/agent/handoff.py in the model's terms. `late`: the last safe moment has come. */
import { L, OWNER, WHY, type State } from "./state";
import { assigned, mayTakeOver } from "./ledger";
import type { Rules } from "./rules";

export type OwnersDecision = "stop" | "work" | "hand-over" | "save";
export type SuccessorsDecision = "wait" | "report" | "take-over" | "ready" | "release" | "leave";

/** Whether a successor waits for this owner's release. */
const expected = (s: State, instance: number): boolean => s[L.taskInstance] !== instance && s[L.readyLaunch] !== 0 && s[L.readyLaunch] === s[L.taskInstance];

export function owner(s: State, instance: number, epoch: number, why: number, late: boolean, g: Rules["guards"]): OwnersDecision {
  if (s[L.ownerEpoch] !== epoch) return "stop";
  if (why === WHY.terminate || s[L.ownerState] === OWNER.saving) return "save";
  if (g["owner: releases when the successor is ready"] && expected(s, instance)) return "save";
  if (why === WHY.none) return "work";
  if (late) return "save";
  return s[L.ownerState] === OWNER.handingOver ? "work" : "hand-over";
}

export function successor(s: State, instance: number, why: number, late: boolean, g: Rules["guards"]): SuccessorsDecision {
  const free = s[L.ownerState] === OWNER.none || s[L.ownerState] === OWNER.released || s[L.ownerState] === OWNER.dead;
  if (!assigned(s, instance)) {
    const ours = s[L.ownerInstance] === instance && s[L.taskInstance] !== 0;
    if (ours && !s[L.finished] && !free && g["agent: releases for an earlier life"]) return "release";
    return ours || s[L.taskInstance]! > instance || why === WHY.notice || why === WHY.terminate ? "leave" : "wait";
  }
  if (s[L.finished]) return "report";
  if (why === WHY.terminate || (why === WHY.notice && late)) return "leave";
  if (mayTakeOver(s, instance, g)) return "take-over";
  if (why === WHY.notice) return "leave";
  return s[L.readyLaunch] === instance ? "wait" : "ready";
}

