/** Work thrown away or done more than once, over the whole run, keeps its bounds. */
import { boundsText, within } from "../model/figures";
import { at, fail, pass, SECONDS_TOLERANCE, type Check } from "./check";

export const lostWork: Check = {
  name: "lost-work",
  run(history, figures) {
    const bounds = history.run.expect.lostWorkSeconds;
    if (bounds === undefined) return undefined;
    const seen = figures.lostWorkSeconds;
    if (within(seen, bounds, SECONDS_TOLERANCE)) return pass(`${seen} s of work lost`);
    const parts = figures.jobs.flatMap((job) => job.runs.slice(1).map((next, index) => ({ job: job.job, former: job.runs[index]!, next })))
      .filter(({ former, next }) => former.reachedPercent > next.fromPercent);
    const shown = parts.map(({ job, former, next }) => `${job} had reached ${percent(former.reachedPercent)} in epoch ${former.epoch} and went on from ${percent(next.fromPercent)} at ${at(next.fromSeconds)}`).join("; ");
    return fail(`${boundsText(bounds, " s")} of work lost`, `${seen} s${shown === "" ? "" : ` (${shown})`}`, parts[0]?.next.fromSeconds);
  },
};

const percent = (value: number): string => `${Number(value.toFixed(2))}%`;
