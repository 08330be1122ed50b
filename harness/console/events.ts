/** An event of a history as one line for people. */
import type { History, HistoryEvent } from "../model/history";
import { clean, clockTime, percent } from "./text";

/** What happened, in words; undefined for samples, which a picture shows better. */
export function describe(event: HistoryEvent): string | undefined {
  switch (event.type) {
    case "execution-started": return `execution ${event.execution} started`;
    case "execution-ended": return `execution ${event.execution} ${event.status}${event.error === undefined ? "" : `: ${event.error}${event.cause === undefined ? "" : ` (${event.cause})`}`}`;
    case "launch-refused": return `launch refused: ${event.code}`;
    case "instance-launched": return `launch ${event.launch}: ${event.instanceId} (${event.instanceType}, ${event.zone})`;
    case "instance-state": return `${event.instanceId} ${event.state}`;
    case "spot-request-status": return `Spot request ${event.spotRequestId} ${event.code}`;
    case "ownership-taken": return `${event.instanceId} took over (epoch ${event.epoch}), with ${percent(event.fromPercent)} to restore`;
    case "ownership-released": return `${event.instanceId} released the job (epoch ${event.epoch}): ${event.reason}`;
    case "checkpoint-committed": return `checkpoint ${event.sequence} committed at ${percent(event.percent)} (epoch ${event.epoch})`;
    case "fault-injected": return `FAULT ${event.fault + 1}: ${event.kind}${event.instanceId === undefined ? "" : ` of ${event.instanceId}`} at ${percent(event.percent)}`;
    case "fault-ended": return `fault ${event.fault + 1} (${event.kind}) ${event.status}${event.reason === undefined ? "" : `: ${event.reason}`}`;
    case "experiment-status": return `experiment ${event.experimentId} ${event.status}${event.reason === undefined ? "" : `: ${event.reason}`}`;
    case "alarm-state": return `ALARM ${event.alarm} ${event.state}: ${event.reason}`;
    case "agent-log": return `log of ${event.instanceId}: ${event.level === "info" ? "" : `${event.level}: `}${event.message}${detail(event.fields)}`;
    case "progress":
    case "progress-reported": return undefined;
  }
}

/** The fields of a log line that say most, in short. */
function detail(fields: Record<string, unknown>): string {
  const shown = ["error", "reason", "percent", "code", "at"].flatMap((name) => (fields[name] === undefined ? [] : [`${name} ${String(fields[name])}`]));
  return shown.length === 0 ? "" : ` (${shown.join(", ")})`;
}

/** The lines around a moment: so many before and after it, and the fault that came last before them. */
export function around(history: History, atSeconds: number, before = 6, after = 4): string[] {
  const several = history.run.jobs.length > 1;
  const lines = history.events.flatMap((event) => {
    const words = describe(event);
    if (words === undefined) return [];
    const job = several && "job" in event ? `${event.job}: ` : "";
    return [{ at: event.atSeconds, isFault: event.type === "fault-injected", text: `${clockTime(event.atSeconds).padStart(8)}  ${job}${clean(words).replaceAll("\n", " ")}` }];
  });
  const here = lines.findIndex((line) => line.at > atSeconds);
  const split = here < 0 ? lines.length : here;
  const first = Math.max(0, split - before);
  const fault = lines.slice(0, first).findLast((line) => line.isFault);
  return [...(fault === undefined ? [] : [fault.text, "       …"]), ...lines.slice(first, split + after).map((line) => line.text)];
}
