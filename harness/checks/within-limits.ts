/** Each interruption costs no more than physics takes: its pause and the work that it lost keep the limits of its kind. */
import { reportSeconds } from "../model/runs";
import { at, fail, SECONDS_TOLERANCE, worst, type Check, type Verdict } from "./check";

export const withinLimits: Check = {
  name: "within-limits",
  run(history, figures) {
    const { interruptions } = figures;
    if (interruptions.length === 0) return undefined;
    return worst(interruptions.flatMap(({ kind, job, atSeconds, pauseSeconds, lostWorkSeconds, limits }): Verdict[] => {
      // Work is seen once a reporting period.
      const tolerance = SECONDS_TOLERANCE + reportSeconds(history.run.jobs.find((spec) => spec.name === job)!);
      const over = (what: string, seconds: number | null, limit: number | null): Verdict[] =>
        (seconds === null || limit === null || seconds <= limit + tolerance ? [] : [fail(`${what} of at most ${limit} s by the ${kind} of ${job} at ${at(atSeconds)} (${limits.because})`, `${seconds} s`, atSeconds)]);
      return [...over("a pause", pauseSeconds, limits.pauseSeconds), ...over("a loss", lostWorkSeconds, limits.lostWorkSeconds)];
    }), interruptions.length === 1 ? "the interruption kept its limits" : `all ${interruptions.length} interruptions kept their limits`);
  },
};
