/**
 * What is committed never goes back while one instance owns the job, and the whole progress never does within a run of the job: one that
 * its owner runs again goes on from the last checkpoint.
 */
import { PERCENT_TOLERANCE, total, type Run } from "../model/runs";
import { at, fail, unknown, worst, type Check, type Verdict } from "./check";

type Sample = Run["samples"][number];

export const metricsMonotonic: Check = {
  name: "metrics-monotonic",
  run(_history, figures) {
    const samples = figures.jobs.reduce((sum, job) => sum + job.runs.reduce((count, run) => count + run.samples.length, 0), 0);
    if (samples === 0) return unknown("there is not one sample of the job's metrics");
    const verdicts = figures.jobs.flatMap((job): Verdict[] => {
      if (job.runs.length > 0 && job.runs.every((run) => run.samples.length === 0)) return [unknown(`there is not one sample of ${job.job}'s metrics`)];
      const epochs = [...new Set(job.runs.map((run) => run.epoch))];
      const samplesOf = (epoch: number): Sample[] => job.runs.filter((run) => run.epoch === epoch).flatMap((run) => run.samples);
      return [
        ...epochs.flatMap((epoch) => falls(samplesOf(epoch), (sample) => sample.checkpointedPercent, `committed of ${job.job} never to go back within epoch ${epoch}`)),
        ...job.runs.flatMap((run) => falls(run.samples, total, `progress of ${job.job} never to go back within a run of it, epoch ${run.epoch}`)),
      ];
    });
    return worst(verdicts, `${samples} samples, none goes back within its run of the job`);
  },
};

function falls(samples: readonly Sample[], figure: (sample: Sample) => number, expected: string): Verdict[] {
  return samples.slice(1).flatMap((sample, index): Verdict[] => {
    const before = samples[index]!;
    const [was, is] = [figure(before), figure(sample)];
    return is < was - PERCENT_TOLERANCE ? [fail(expected, `${shown(is)} at ${at(sample.atSeconds)} after ${shown(was)} at ${at(before.atSeconds)}`, sample.atSeconds)] : [];
  });
}

const shown = (value: number): string => `${Number(value.toFixed(3))}%`;
