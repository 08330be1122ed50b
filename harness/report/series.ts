/**
 * What a job's chart shows, taken out of a history: progress cut into attempts, the marks on it, and the work that
 * interruptions threw away. Times are seconds since the run began, heights are percent.
 */
import { endedOf, type EventOf, type History, type HistoryEvent } from "../model/history";
import type { Interruption } from "../model/result";

export interface Point { at: number; committed: number; total: number }

export interface Attempt {
  launch: number;
  instanceId: string;
  from: number;
  /** When it took the job over; undefined when it never did. */
  owned?: number;
  to: number;
  points: Point[];
}

export type MarkKind = "checkpoint" | "notice" | "kill" | "fault" | "end";
export interface Mark { kind: MarkKind; at: number; height: number; label: string }

export interface Loss { from: number; to: number; low: number; high: number; label: string }

export interface JobSeries { job: string; attempts: Attempt[]; marks: Mark[]; losses: Loss[]; end: number }

/** How each kind of fault is drawn: with a warning before it, as a machine taken away, or as something else. */
const FAULT_MARK: Record<Interruption["kind"], MarkKind> = {
  interrupt: "notice",
  rebalance: "notice",
  "price-rise": "notice",
  reclaim: "notice",
  terminate: "kill",
  vanish: "kill",
  suspend: "fault",
  "kill-process": "kill",
  "network-cut": "fault",
  "storage-errors": "fault",
  "checkpoint-damage": "fault",
  "no-capacity": "fault",
  "stop-execution": "fault",
  "start-execution": "fault",
};

const GONE = new Set(["shutting-down", "terminated"]);

/** The series of one job of a run. */
export function seriesOf(history: History, job: string, interruptions: readonly Interruption[]): JobSeries {
  const events = history.events.filter((event): event is HistoryEvent & { job: string } => "job" in event && event.job === job);
  const of = <T extends HistoryEvent["type"]>(type: T): EventOf<T>[] => events.filter((event) => event.type === type) as EventOf<T>[];
  const end = Math.max(history.virtualSeconds, ...events.map((event) => event.atSeconds));

  const attempts: Attempt[] = of("instance-launched").map((launched) => ({
    launch: launched.launch,
    instanceId: launched.instanceId,
    from: launched.atSeconds,
    owned: of("ownership-taken").find((taken) => taken.instanceId === launched.instanceId)?.atSeconds,
    to: of("instance-state").find((state) => state.instanceId === launched.instanceId && GONE.has(state.state))?.atSeconds ?? end,
    points: [],
  }));
  const owners = attempts.filter((attempt) => attempt.owned !== undefined).sort((a, b) => a.owned! - b.owned!);
  for (const sample of of("progress")) {
    const owner = owners.filter((attempt) => attempt.owned! <= sample.atSeconds).at(-1) ?? attempts[0];
    const committed = sample.checkpointedPercent;
    owner?.points.push({ at: sample.atSeconds, committed, total: committed + sample.unsavedPercent });
  }
  for (const attempt of attempts) attempt.points.sort((a, b) => a.at - b.at);

  const own = interruptions.filter((interruption) => interruption.job === job);
  const marks: Mark[] = [
    ...of("checkpoint-committed").map((commit): Mark => ({
      kind: "checkpoint", at: commit.atSeconds, height: commit.percent, label: `checkpoint ${commit.sequence} at ${commit.percent}%`,
    })),
    ...own.map((interruption): Mark => ({
      kind: FAULT_MARK[interruption.kind], at: interruption.atSeconds, height: interruption.atPercent, label: interruption.kind,
    })),
    ...endedOf(history, job).map((ended): Mark => ({
      kind: "end", at: ended.atSeconds, height: 100, label: `execution ${ended.status}${ended.error ? `: ${ended.error}` : ""}`,
    })),
  ];

  const losses: Loss[] = [];
  for (const interruption of own) {
    if (interruption.lostWorkSeconds <= 0) continue;
    const next = of("ownership-taken").find((taken) => taken.atSeconds > interruption.atSeconds);
    if (next === undefined || next.fromPercent >= interruption.atPercent) continue;
    losses.push({
      from: interruption.atSeconds, to: next.atSeconds, low: next.fromPercent, high: interruption.atPercent,
      label: `${interruption.lostWorkSeconds.toFixed(1)} s of work lost`,
    });
  }
  return { job, attempts, marks, losses, end };
}

/** Drops points that lie on the straight line between their neighbours (within `tolerance` percent). */
export function simplify(points: readonly Point[], tolerance = 0.05): Point[] {
  const kept: Point[] = [];
  points.forEach((point, index) => {
    const before = kept.at(-1);
    const after = points[index + 1];
    if (before !== undefined && after !== undefined && after.at > before.at) {
      const share = (point.at - before.at) / (after.at - before.at);
      const straight = (key: "committed" | "total") => Math.abs(before[key] + share * (after[key] - before[key]) - point[key]) <= tolerance;
      if (straight("committed") && straight("total")) return;
    }
    kept.push(point);
  });
  return kept;
}
