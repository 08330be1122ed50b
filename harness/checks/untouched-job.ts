/** Where a scenario strikes some of its jobs only, the others notice nothing: one attempt, nothing lost. */
import { eventsOf } from "../model/history";
import type { FaultKind } from "../model/scenario";
import { fail, pass, worst, type Check, type Verdict } from "./check";

/** no-capacity hits every launch of the state machine, and a pool that changes every instance in it. */
const NOBODYS_OWN = new Set<FaultKind>(["no-capacity", "price-rise", "reclaim"]);

export const untouchedJob: Check = {
  name: "untouched-job",
  run(history, figures) {
    const { faults, jobs } = history.run;
    const struck = new Set(faults.map((fault) => fault.job));
    if (struck.size === 0 || struck.size === jobs.length || faults.some((fault) => NOBODYS_OWN.has(fault.kind))) return undefined;
    const spared = figures.jobs.filter((job) => !struck.has(job.job));
    return worst(spared.map((job): Verdict => {
      if (job.attempts !== 1) return fail(`${job.job}, which no fault was meant for, to need one attempt`, `${job.attempts}`, eventsOf(history, "instance-launched", job.job).at(-1)?.atSeconds);
      if (job.lostWorkSeconds > 0) return fail(`${job.job}, which no fault was meant for, to lose nothing`, `${job.lostWorkSeconds} s of work`);
      return pass("");
    }), `${spared.map((job) => job.job).join(", ")}: one attempt, nothing lost`);
  },
};
