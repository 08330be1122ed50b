/** A hand-written run for the report's tests: 6 minutes of work, vanished at 150 s, restored from the checkpoint at 33.3%. */
import type { History, HistoryEvent } from "../../../harness/model/history";
import type { Results } from "../../../harness/model/result";

const job = "main";

export function sampleHistory(id = "vanish <sample>"): History {
  const events: HistoryEvent[] = [
    { atSeconds: 0, type: "execution-started", job, execution: "x-1", executionArn: "arn:x-1", input: {} },
    { atSeconds: 1, type: "instance-launched", job, launch: 1, instanceId: "i-aaa", instanceType: "m6i.large", zone: "us-east-1a" },
    { atSeconds: 46, type: "ownership-taken", job, epoch: 1, launch: 1, instanceId: "i-aaa", fromPercent: 0 },
  ];
  for (let t = 0; t <= 150; t += 1) {
    events.push({ atSeconds: 46 + t, type: "progress", job, checkpointedPercent: t >= 123 ? 33.33 : 0, unsavedPercent: t / 3.6 - (t >= 123 ? 33.33 : 0) });
  }
  events.push(
    { atSeconds: 169, type: "checkpoint-committed", job, epoch: 1, sequence: 1, percent: 33.33, key: "jobs/main/1-1-u", sha256: "0", sizeBytes: 10 },
    { atSeconds: 196, type: "fault-injected", job, fault: 0, kind: "vanish", instanceId: "i-aaa", percent: 41.67 },
    { atSeconds: 196, type: "instance-state", job, instanceId: "i-aaa", state: "terminated" },
    { atSeconds: 199, type: "instance-launched", job, launch: 2, instanceId: "i-bbb", instanceType: "m6i.large", zone: "us-east-1b" },
    { atSeconds: 245, type: "ownership-taken", job, epoch: 2, launch: 2, instanceId: "i-bbb", fromPercent: 33.33 },
  );
  for (let t = 0; t <= 240; t += 1) {
    events.push({ atSeconds: 245 + t, type: "progress", job, checkpointedPercent: 33.33, unsavedPercent: t / 3.6 });
  }
  events.push({ atSeconds: 490, type: "execution-ended", job, execution: "x-1", status: "SUCCEEDED" });
  events.sort((a, b) => a.atSeconds - b.atSeconds);
  return {
    run: {
      id, name: id, description: "Gone without a word at 42% & back again.", file: "sample.yaml", timeoutMinutes: 60,
      jobs: [{ name: job, durationMinutes: 6, checkpointMinutes: 2, saveSeconds: 3 }],
      faults: [{ kind: "vanish", at: { percent: 41.67 }, job }], expect: { status: "SUCCEEDED" },
    },
    startedAt: "2026-01-01T00:00:00.000Z", target: "local", seed: "1", events, finals: [], virtualSeconds: 490,
  };
}

export function sampleResults(id = "vanish <sample>"): Results {
  return {
    scenarios: [
      {
        name: id, status: "failed", percent: 100, attempts: 2, lostWorkSeconds: 30, virtualSeconds: 490, wallSeconds: 1.5,
        checks: [
          { name: "completes", status: "pass", detail: "reached 100%" },
          { name: "lost-work", status: "fail", detail: 'expected at most 20 s, saw 30 s "<lost>" \u0007', atSeconds: 196 },
          { name: "spot-request-status", status: "unknown", detail: "the request is no longer listed" },
        ],
        interruptions: [{ kind: "vanish", atSeconds: 196, job, atPercent: 41.67, pauseSeconds: 49, lostWorkSeconds: 30, limits: { pauseSeconds: 50, lostWorkSeconds: 123, because: "pause: launch and boot; lost work: an interval" } }],
        rerun: "npm run scenario -- 'vanish <sample>'",
      },
      {
        name: "broken", status: "error", percent: 0, attempts: 0, lostWorkSeconds: 0, virtualSeconds: 0, wallSeconds: 0.1,
        checks: [], interruptions: [], reason: "user data: unknown key 'bootcmd'", rerun: "npm run scenario -- broken",
      },
    ],
  };
}
