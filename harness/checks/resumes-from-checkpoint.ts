/** Every attempt's work goes on from what was committed when it took the job over: never from less. */
import { eventsOf, PERCENT_TOLERANCE } from "../model/figures";
import { at, fail, worst, type Check, type Verdict } from "./check";

export const resumesFromCheckpoint: Check = {
  name: "resumes-from-checkpoint",
  run(history, figures) {
    let resumed = 0;
    const verdicts = figures.jobs.flatMap((job): Verdict[] => {
      const commits = eventsOf(history, "checkpoint-committed", job.job);
      return job.ownerships.flatMap((ownership): Verdict[] => {
        const committed = Math.max(0, ...commits.filter(({ epoch }) => epoch < ownership.epoch).map(({ percent }) => percent));
        const first = ownership.samples[0];
        if (committed === 0 || first === undefined) return [];
        resumed += 1;
        const began = first.checkpointedPercent + first.unsavedPercent;
        if (began >= committed - PERCENT_TOLERANCE) return [];
        return [fail(`epoch ${ownership.epoch} of ${job.job} to go on from the ${committed}% that were committed`, `it began at ${Number(began.toFixed(3))}%, at ${at(first.atSeconds)}`, first.atSeconds)];
      });
    });
    return worst(verdicts, resumed === 0 ? "no attempt found a checkpoint to go on from" : `${resumed} attempt(s) went on from what was committed`);
  },
};
