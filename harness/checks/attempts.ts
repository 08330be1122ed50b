/** So many instances were launched for each job that a fault struck (for every job, when the scenario has no fault). */
import { boundsText, within } from "../model/figures";
import { eventsOf } from "../model/history";
import { at, fail, pass, worst, type Check } from "./check";

/** Launches that a message names. */
const MOST_LISTED = 8;

export const attempts: Check = {
  name: "attempts",
  run(history, figures) {
    const bounds = history.run.expect.attempts;
    if (bounds === undefined) return undefined;
    const struck = new Set(history.run.faults.map((fault) => fault.job));
    const jobs = figures.jobs.filter((job) => struck.size === 0 || struck.has(job.job));
    return worst(jobs.map((job) => {
      if (within(job.attempts, bounds)) return pass("");
      const launches = eventsOf(history, "instance-launched", job.job);
      const listed = launches.map((launch) => `${launch.instanceId} at ${at(launch.atSeconds)}`);
      const shown = listed.length <= MOST_LISTED ? listed.join(", ") : `${listed.slice(0, MOST_LISTED).join(", ")} and ${listed.length - MOST_LISTED} more`;
      return fail(`${boundsText(bounds)} attempt(s) for ${job.job}`, `${job.attempts}${shown === "" ? "" : ` (${shown})`}`, launches.at(-1)?.atSeconds);
    }), `${figures.attempts} attempt(s)`);
  },
};
