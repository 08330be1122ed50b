/**
 * Every run of the job goes on from what was committed when its instance took the job over, or ran it again: never from less, unless the
 * last checkpoint was damaged; then from the one before.
 */
import { eventsOf } from "../model/history";
import { PERCENT_TOLERANCE } from "../model/runs";
import { at, fail, worst, type Check, type Verdict } from "./check";

export const resumesFromCheckpoint: Check = {
  name: "resumes-from-checkpoint",
  run(history, figures) {
    let resumed = 0;
    const verdicts = figures.jobs.flatMap((job): Verdict[] => {
      const commits = eventsOf(history, "checkpoint-committed", job.job);
      const damages = eventsOf(history, "fault-injected", job.job).filter(({ kind }) => kind === "checkpoint-damage");
      return job.runs.flatMap((run): Verdict[] => {
        const before = (commit: (typeof commits)[number]): boolean => commit.epoch < run.epoch || (!run.first && commit.epoch === run.epoch && commit.atSeconds < run.fromSeconds);
        const found = commits.filter(before);
        // A checkpoint was damaged when it was the last one: between its commit and the next.
        const good = found.filter((commit, index) => index < found.length - 1 || !damages.some((damage) => damage.atSeconds >= commit.atSeconds && damage.atSeconds <= run.fromSeconds));
        const committed = Math.max(0, ...good.map(({ percent }) => percent));
        const first = run.samples[0];
        if (committed === 0 || first === undefined) return [];
        resumed += 1;
        const began = first.checkpointedPercent + first.unsavedPercent;
        if (began >= committed - PERCENT_TOLERANCE) return [];
        return [fail(`epoch ${run.epoch} of ${job.job} to go on from the ${committed}% that were committed`, `it began at ${Number(began.toFixed(3))}%, at ${at(first.atSeconds)}`, first.atSeconds)];
      });
    });
    return worst(verdicts, resumed === 0 ? "no run of the job found a checkpoint to go on from" : `${resumed} run(s) of the job went on from what was committed`);
  },
};
