/** Within an attempt neither the committed percentage nor the whole progress ever goes back. */
import { PERCENT_TOLERANCE, total } from "../model/figures";
import { at, fail, unknown, worst, type Check, type Verdict } from "./check";

export const metricsMonotonic: Check = {
  name: "metrics-monotonic",
  run(_history, figures) {
    const samples = figures.jobs.reduce((sum, job) => sum + job.ownerships.reduce((count, ownership) => count + ownership.samples.length, 0), 0);
    if (samples === 0) return unknown("there is not one sample of the job's metrics");
    const verdicts = figures.jobs.flatMap((job): Verdict[] => {
      if (job.ownerships.length > 0 && job.ownerships.every((ownership) => ownership.samples.length === 0)) return [unknown(`there is not one sample of ${job.job}'s metrics`)];
      return job.ownerships.flatMap((ownership) => ownership.samples.slice(1).flatMap((sample, index): Verdict[] => {
        const before = ownership.samples[index]!;
        const back = ([["committed", before.checkpointedPercent, sample.checkpointedPercent], ["progress", total(before), total(sample)]] as const).find(([, was, is]) => is < was - PERCENT_TOLERANCE);
        return back === undefined ? [] : [fail(`${back[0]} of ${job.job} never to go back within epoch ${ownership.epoch}`, `${shown(back[2])} at ${at(sample.atSeconds)} after ${shown(back[1])} at ${at(before.atSeconds)}`, sample.atSeconds)];
      }));
    });
    return worst(verdicts, `${samples} samples, none goes back within its attempt`);
  },
};

const shown = (value: number): string => `${Number(value.toFixed(3))}%`;
