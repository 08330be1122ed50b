/** So many runs of each job's command, so many takeovers by an agent, so many checkpoints committed, so many stored and never committed. */
import { boundsText, within, type JobFigures } from "../model/figures";
import { eventsOf, type History } from "../model/history";
import type { Expectation } from "../model/scenario";
import { fail, pass, worst, type Check } from "./check";

/** A check that holds a count of each job's against the scenario's bounds. */
const counting = (name: string, field: "runs" | "takeovers" | "checkpoints" | "neverCommitted", what: string, count: (history: History, job: JobFigures) => number): Check => ({
  name,
  run(history, figures) {
    const bounds: Expectation[typeof field] = history.run.expect[field];
    if (bounds === undefined) return undefined;
    return worst(figures.jobs.map((job) => {
      const seen = count(history, job);
      return within(seen, bounds) ? pass("") : fail(`${boundsText(bounds)} ${what} of ${job.job}`, `${seen}`, history.virtualSeconds);
    }), figures.jobs.map((job) => `${count(history, job)} ${what}`).join(", "));
  },
});

export const runs = counting("runs", "runs", "run(s) of the command", (_, job) => job.runs.length);
export const takeovers = counting("takeovers", "takeovers", "takeover(s)", (history, job) => eventsOf(history, "ownership-taken", job.job).length);
export const checkpoints = counting("checkpoints", "checkpoints", "checkpoint(s)", (history, job) => eventsOf(history, "checkpoint-committed", job.job).length);
/** Found and removed by a later owner, as its log tells. */
export const neverCommitted = counting("never-committed", "neverCommitted", "checkpoint(s) stored and never committed", (history, job) => {
  const committed = new Set(eventsOf(history, "checkpoint-committed", job.job).map(({ key }) => key));
  const removed = eventsOf(history, "agent-log", job.job).filter(({ message }) => message === "pruned").flatMap(({ fields }) => fields["keys"] as string[]);
  return new Set(removed.filter((key) => !committed.has(key))).size;
});
