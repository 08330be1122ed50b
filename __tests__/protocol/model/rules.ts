/** What a model is made of: how much of everything there is, which faults may strike, and each guard of the protocol, so that one can be taken out. */

/** Each guard and what it says. All hold in the product; a mutation takes one out. */
export const GUARDS = {
  "take over: only from an owner that is none, released, dead or past its deadline": true,
  "take over: only whoever has the task": true,
  "take over: only at the epoch that was read": true,
  "take over: not once finished": true,
  "take over: the lease of the former owner goes": true,
  "give the task: not once finished": true,
  "give the task: not once the job has failed": true,
  "give the task: only as the execution that runs the job": true,
  "stand in: only at the epoch that was read": true,
  "stand in: only from an owner that is none, released, dead or past its deadline": true,
  "stand in: not once finished": true,
  "stand in: not once the job has failed": true,
  "stand in: writes a lease of its own": true,
  "ready: makes sure that the owner has a lease": true,
  "ready: only at the epoch that was read": true,
  "let it hand over: writes a lease": true,
  "hand over: writes a lease": true,
  "announce: not what has released": true,
  "writes of an owner: only at its own epoch": true,
  "commit: only after the sequence that it knows": true,
  "commit: a refusal is read back": true,
  "commit: takes another sequence under its own epoch for its own only if this run tried that save": true,
  "declare dead (machine): not while the lease lives": true,
  "declare dead (machine): not what has released": true,
  "declare dead (watcher): not what has released": true,
  "declare dead (machine): when its task fails": true,
  "declare dead (watcher): when its instance is terminated": true,
  "watcher: fails the task of an instance that goes, released or not": true,
  "watcher: answers the task at a warning": true,
  "watcher: writes a lease at a warning": true,
  "owner: releases when the successor is ready": true,
  "owner: finished, it answers the token that the ledger holds": true,
  "agent: stands in for its earlier life": true,
  "agent: releases for an earlier life": true,
  "successor: stands in when it has a notice": true,
  "agent: done once, it does nothing again": true,
  "machine: heartbeats time out": true,
  "machine: terminates what failed": true,
  "machine: terminates what has migrated": true,
  "sweep: when the execution has ended": true,
  "sweep: what a running execution has neither as owner nor with the task": true,
} as const;
export type Guard = keyof typeof GUARDS;

/** Faults, each of which costs one of those that a model allows. */
export const FAULTS = {
  notice: "a notice, in metadata and as an event",
  "notice in events only": "a notice without metadata",
  rebalance: "a recommendation, with policy migrate",
  terminate: "somebody terminates the instance: SIGTERM and a grace",
  vanish: "the instance is gone, without a signal",
  "kill agent": "the agent's process is killed",
  "kill job": "the job's process is killed, and run again",
  "job fails": "the job exits with a code that means failure",
  hang: "the agent stands still and never goes on",
  pause: "the agent is silent for a heartbeat timeout, then goes on",
  "claim timeout": "the successor waits longer than it may",
  "lose event": "an event never comes",
  "repeat event": "an event comes again",
  "lose answer": "a write is made, and its answer lost",
  "late write": "a request is given up by its client, and arrives later",
  "fail function": "an invocation of the watcher ends in the middle",
  "no capacity": "nothing can be launched for a while",
  "fail terminate": "TerminateInstances is refused",
  stop: "the execution is stopped from outside; another takes the job up",
} as const;
export type Fault = keyof typeof FAULTS;

/**
 * What may be needed to go on. `anything`: timeouts, too. `heartbeats`: a heartbeat may time out, no lease has to. `nothing`: no timeout
 * at all. In the last two the job's work, a notice's end and the last safe moment before it may come, but nobody may have to wait for them.
 */
export type Patience = "anything" | "heartbeats" | "nothing";

export interface Rules {
  /** Launches, which are attempts. */
  instances: number;
  /** Commits until the job is done. */
  steps: number;
  /** How many faults may strike. */
  faults: number;
  patience: Patience;
  allowed: ReadonlySet<Fault>;
  guards: Readonly<Record<Guard, boolean>>;
}

export interface Bounds {
  instances: number;
  steps: number;
  faults: number;
  patience?: Patience;
}

export function rules(bounds: Bounds, allowed: readonly Fault[] = Object.keys(FAULTS) as Fault[], without: readonly Guard[] = []): Rules {
  const guards: Record<Guard, boolean> = { ...GUARDS };
  for (const guard of without) guards[guard] = false;
  return { patience: "anything", ...bounds, allowed: new Set(allowed), guards };
}
