/** Hand-written histories: a job of six minutes that vanishes at 25% and is done again, unless a test says otherwise. */
import { chainDigest } from "../../../harness/checks/work-chain";
import type { FinalState, History, HistoryEvent } from "../../../harness/model/history";
import type { FaultKind } from "../../../harness/model/scenario";
import { parseScenario } from "../../../harness/model/scenario-file";

export const A = "i-0000000000000000a";
export const B = "i-0000000000000000b";

/** Samples once a second while an attempt works. */
export function samples(from: number, to: number, startPercent: number, committed: number, job = "job"): HistoryEvent[] {
  return Array.from({ length: to - from + 1 }, (_, index) => ({ type: "progress", job, atSeconds: from + index, checkpointedPercent: committed, unsavedPercent: startPercent + (index / 360) * 100 - committed }));
}

export const launched = (launch: number, instanceId: string, atSeconds: number, job = "job"): HistoryEvent =>
  ({ type: "instance-launched", job, launch, instanceId, instanceType: "m7i.large", zone: "us-east-1a", atSeconds, spotRequestId: `sir-${instanceId.slice(-1)}` });
export const taken = (epoch: number, instanceId: string, atSeconds: number, fromPercent = 0, job = "job"): HistoryEvent =>
  ({ type: "ownership-taken", job, epoch, launch: epoch, instanceId, fromPercent, atSeconds, notBeforeSeconds: atSeconds - 1 });
export const committed = (epoch: number, sequence: number, percent: number, atSeconds: number, job = "job"): HistoryEvent =>
  ({ type: "checkpoint-committed", job, epoch, sequence, percent, key: `jobs/x/${epoch}-${sequence}-u`, sha256: "0", sizeBytes: 10, atSeconds });
export const struck = (kind: FaultKind, instanceId: string | undefined, atSeconds: number, percent: number, fault = 0, job = "job"): HistoryEvent =>
  ({ type: "fault-injected", job, fault, kind, percent, atSeconds, ...(instanceId === undefined ? {} : { instanceId }) });

export const final = (changes: Partial<FinalState> = {}, job = "job"): FinalState => ({
  job, executionArns: ["arn"],
  ledger: { jobId: "x", finished: true, last: { percent: 100, epoch: 2, sequence: 3 } },
  checkpoints: [], finalLogs: [],
  workload: { jobId: "x", unitsDone: 360, unitsTotal: 360, digest: chainDigest("x", 360) },
  instances: [{ instanceId: A, launch: 1, state: "terminated", launchedSeconds: 0, lifecycle: "spot" }, { instanceId: B, launch: 2, state: "terminated", launchedSeconds: 136, lifecycle: "spot" }],
  ...changes,
});

export function history(yaml: string, events: HistoryEvent[], finals: FinalState[] = [final()]): History {
  const run = parseScenario(`name: test\ndescription: a test\n${yaml}`, "test.yaml")[0]!;
  return { run, startedAt: "2026-01-05T00:00:00.000Z", target: "local", seed: "1", events: events.toSorted((a, b) => a.atSeconds - b.atSeconds), finals, virtualSeconds: 556 };
}

/** Vanished at 25% (90 s of work at 135 s); the next attempt works from 181 s on, from the beginning. */
export const vanished = (): HistoryEvent[] => [
  { type: "execution-started", job: "job", execution: "x", executionArn: "arn", input: {}, atSeconds: 0 },
  launched(1, A, 0),
  { type: "instance-state", job: "job", instanceId: A, state: "running", atSeconds: 10 },
  taken(1, A, 45),
  ...samples(45, 130, 0, 0),
  struck("vanish", A, 135, 25),
  { type: "instance-state", job: "job", instanceId: A, state: "terminated", atSeconds: 136 },
  launched(2, B, 136),
  taken(2, B, 181),
  ...samples(181, 301, 0, 0),
  committed(2, 1, 33.3333, 304),
  ...samples(304, 423, 33.3333, 33.3333),
  committed(2, 2, 66.6667, 427),
  ...samples(427, 546, 66.6667, 66.6667),
  committed(2, 3, 100, 550),
  { type: "ownership-released", job: "job", epoch: 2, instanceId: B, reason: "finished", atSeconds: 551 },
  { type: "execution-ended", job: "job", execution: "x", status: "SUCCEEDED", atSeconds: 556 },
  { type: "instance-state", job: "job", instanceId: B, state: "terminated", atSeconds: 556 },
];
export const VANISH = "faults: [{kind: vanish, at: {percent: 25}}]\n";
