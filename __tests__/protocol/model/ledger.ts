/**
 * The ledger's conditional writes, one function for each: it changes the state and says whether the condition held. The tests of
 * `conformance/` hold each to the expressions that the product sends to DynamoDB.
 */
import { DEADLINE, L, MOST_INSTANCES, OWNER, REASON, type State } from "./state";
import type { Rules } from "./rules";

type Guards = Rules["guards"];

const bit = (instance: number): number => 1 << (instance - 1);

const leaseLives = (s: State): boolean => s[L.ownerDeadline] === DEADLINE.ahead;
const ownerIsFree = (s: State): boolean => s[L.ownerState] === OWNER.none || s[L.ownerState] === OWNER.released || s[L.ownerState] === OWNER.dead;

/** Whether the ledger's task is for this instance. Launch n is instance n. */
export const assigned = (s: State, instance: number): boolean => s[L.taskInstance] === instance && s[L.taskToken] !== 0;

/** What an agent asks before it tries to take over, of what it has read. */
export function mayTakeOver(s: State, instance: number, g: Guards): boolean {
  return !g["take over: only from an owner that is none, released, dead or past its deadline"] || isFree(s, instance);
}

/** Whether nobody else owns the job, as far as the ledger says. */
export const isFree = (s: State, instance: number): boolean => ownerIsFree(s) || s[L.ownerDeadline] === DEADLINE.past || s[L.ownerInstance] === instance;

// The state machine's.

export function give(s: State, instance: number, token: number, execution: number, g: Guards): boolean {
  if (g["give the task: not once finished"] && s[L.finished]) return false;
  if (g["give the task: not once the job has failed"] && s[L.ownerReason] === REASON.jobFailed) return false;
  if (g["give the task: only as the execution that runs the job"] && s[L.execution] !== execution) return false;
  s[L.taskInstance] = instance;
  s[L.taskToken] = token;
  return true;
}

/** The token of a task that its owner has back. */
export const TOKEN_BACK = 2 * MOST_INSTANCES + 1;

/** To an owner that migrates, while there is no successor. */
export function giveBack(s: State, owner: number, execution: number, g: Guards): boolean {
  if (s[L.finished] || s[L.ownerInstance] !== owner || !leaseLives(s)) return false;
  if (s[L.ownerState] !== OWNER.handingOver && s[L.ownerState] !== OWNER.saving) return false;
  if (g["give the task: only as the execution that runs the job"] && s[L.execution] !== execution) return false;
  s[L.taskInstance] = owner;
  s[L.taskToken] = TOKEN_BACK;
  return true;
}

export function letHandOver(s: State, instance: number): boolean {
  if (s[L.ownerInstance] !== instance || s[L.ownerState] === OWNER.released || s[L.ownerDeadline] !== DEADLINE.absent) return false;
  leases(s);
  return true;
}

/** Whose lease it is is kept beside it, for the invariants: the product does not have it. */
function leases(s: State): void {
  s[L.ownerDeadline] = DEADLINE.ahead;
  s[L.leaseOf] = s[L.ownerInstance]!;
}

export function declareDeadAsMachine(s: State, instance: number, g: Guards): boolean {
  if (s[L.ownerInstance] !== instance) return false;
  if (g["declare dead (machine): not what has released"] && s[L.ownerState] === OWNER.released) return false;
  if (g["declare dead (machine): not while the lease lives"] && leaseLives(s)) return false;
  s[L.ownerState] = OWNER.dead;
  return true;
}

/** Another execution takes the job up. `earlierState`: the owner's state as it was read. */
export function takeUp(s: State, execution: number, earlier: number, earlierState: number): boolean {
  if (s[L.execution] !== earlier) return false;
  s[L.execution] = execution;
  s[L.ownerState] = earlierState === OWNER.none || earlierState === OWNER.released ? earlierState : OWNER.dead;
  s[L.taskInstance] = s[L.taskToken] = 0;
  s[L.ownerReason] = REASON.none;
  s[L.ownerDeadline] = DEADLINE.absent;
  s[L.readyLaunch] = 0;
  return true;
}

// The watcher's.

export function recordNotice(s: State, instance: number): boolean {
  s[L.notices]! |= bit(instance);
  return true;
}
export const isNoticed = (s: State, instance: number): boolean => (s[L.notices]! & bit(instance)) !== 0;

/** The same condition as the state machine's. */
export const warn = letHandOver;

export function declareDeadAsWatcher(s: State, instance: number, g: Guards): boolean {
  if (s[L.ownerInstance] !== instance) return false;
  if (g["declare dead (watcher): not what has released"] && s[L.ownerState] === OWNER.released) return false;
  s[L.ownerState] = OWNER.dead;
  return true;
}

// The agents'.

export function takeOver(s: State, instance: number, seen: number, g: Guards): boolean {
  if (g["take over: only at the epoch that was read"] && s[L.ownerEpoch] !== seen) return false;
  if (g["take over: only whoever has the task"] && s[L.taskInstance] !== instance) return false;
  if (g["take over: not once finished"] && s[L.finished]) return false;
  if (!mayTakeOver(s, instance, g)) return false;
  s[L.ownerEpoch]! += 1;
  s[L.ownerInstance] = instance;
  s[L.ownerState] = OWNER.restoring;
  s[L.ownerReason] = REASON.none;
  s[L.readyLaunch] = 0;
  if (g["take over: the lease of the former owner goes"]) s[L.ownerDeadline] = DEADLINE.absent;
  return true;
}

/** The job is taken over by an instance that has not its task, until whoever has it is ready. */
export function standIn(s: State, instance: number, seen: number, g: Guards): boolean {
  if (g["stand in: only at the epoch that was read"] && s[L.ownerEpoch] !== seen) return false;
  if (g["stand in: not once finished"] && s[L.finished]) return false;
  if (g["stand in: not once the job has failed"] && s[L.ownerReason] === REASON.jobFailed) return false;
  if (g["stand in: only from an owner that is none, released, dead or past its deadline"] && !isFree(s, instance)) return false;
  s[L.ownerEpoch]! += 1;
  s[L.ownerInstance] = instance;
  s[L.ownerState] = OWNER.handingOver;
  s[L.ownerReason] = REASON.none;
  if (g["stand in: writes a lease of its own"]) leases(s);
  return true;
}

export function ready(s: State, instance: number, seen: number, g: Guards): boolean {
  if (s[L.taskInstance] !== instance) return false;
  if (g["ready: only at the epoch that was read"] && s[L.ownerEpoch] !== seen) return false;
  s[L.readyLaunch] = instance;
  if (g["ready: makes sure that the owner has a lease"] && s[L.ownerDeadline] === DEADLINE.absent) leases(s);
  return true;
}

const isOwn = (s: State, epoch: number, g: Guards): boolean => !g["writes of an owner: only at its own epoch"] || s[L.ownerEpoch] === epoch;

/** What an owner says of its state counts only until it has released: a release is final. */
const mayAnnounce = (s: State, epoch: number, g: Guards): boolean => isOwn(s, epoch, g) && (!g["announce: not what has released"] || s[L.ownerState] !== OWNER.released);

export function work(s: State, epoch: number, g: Guards): boolean {
  if (!mayAnnounce(s, epoch, g)) return false;
  s[L.ownerState] = OWNER.working;
  return true;
}

/** `handing-over`, or `saving` with SIGTERM. */
export function handOver(s: State, epoch: number, state: number, g: Guards): boolean {
  if (!mayAnnounce(s, epoch, g)) return false;
  s[L.ownerState] = state;
  if (g["hand over: writes a lease"]) leases(s);
  return true;
}

export function commit(s: State, epoch: number, sequence: number, save: { step: number; run: number }, g: Guards): boolean {
  if (!isOwn(s, epoch, g)) return false;
  if (g["commit: only after the sequence that it knows"] && s[L.sequence] !== sequence) return false;
  s[L.sequence] = sequence + 1;
  s[L.step] = save.step;
  s[L.lastEpoch] = epoch;
  s[L.lastRun] = save.run;
  return true;
}

export function release(s: State, epoch: number, reason: number, g: Guards): boolean {
  if (!isOwn(s, epoch, g)) return false;
  s[L.ownerState] = OWNER.released;
  s[L.ownerReason] = reason;
  if (reason === REASON.finished) s[L.finished] = 1;
  return true;
}

export function releaseEarlier(s: State, instance: number, seen: number): boolean {
  if (s[L.ownerEpoch] !== seen || s[L.ownerInstance] !== instance) return false;
  s[L.ownerState] = OWNER.released;
  s[L.ownerReason] = REASON.error;
  return true;
}
