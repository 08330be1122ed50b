/** Once an instance has taken a job over, nothing that its predecessors write counts: no commit, no release, no progress. */
import { eventsOf } from "../model/history";
import { PERCENT_TOLERANCE } from "../model/runs";
import { at, fail, worst, type Check, type Verdict } from "./check";

/** Between a report and the next at most: so much later than it was written it may have been seen. */
const REPORT_SECONDS = 60;

export const noSupersededWrite: Check = {
  name: "no-superseded-write",
  run(history, figures) {
    return worst(history.run.jobs.flatMap(({ name }): Verdict[] => {
      const takeovers = eventsOf(history, "ownership-taken", name);
      // A handoff may take no time at all: what was written at the moment of a takeover came before it.
      const ownerAt = (seconds: number): number => Math.max(0, ...takeovers.filter((taken) => taken.atSeconds < seconds).map((taken) => taken.epoch));
      const verdicts: Verdict[] = [];
      for (const [index, taken] of takeovers.entries()) {
        const before = takeovers[index - 1];
        if (before !== undefined && taken.epoch <= before.epoch) verdicts.push(fail(`each takeover of ${name} to raise the epoch`, `epoch ${taken.epoch} at ${at(taken.atSeconds)} after ${before.epoch}`, taken.atSeconds));
      }
      for (const write of [...eventsOf(history, "checkpoint-committed", name), ...eventsOf(history, "ownership-released", name)]) {
        const owner = ownerAt(write.atSeconds);
        const what = write.type === "checkpoint-committed" ? `commit of checkpoint ${write.sequence}` : "release";
        if (write.epoch < owner) verdicts.push(fail(`writes of epoch ${write.epoch} to be refused, since epoch ${owner} owns ${name}`, `its ${what} at ${at(write.atSeconds)} was accepted`, write.atSeconds));
      }
      const again = figures.jobs.find((job) => job.job === name)!.runs.filter((run) => !run.first);
      const newest = new Map<number, number>();
      const toldAt = new Map<number, number>();
      for (const report of eventsOf(history, "progress-reported", name)) {
        // An owner that runs the job again reports what that run has done: at least what it restored.
        const since = (toldAt.get(report.epoch) ?? 0) - REPORT_SECONDS;
        const began = again.findLast((run) => run.epoch === report.epoch && run.fromSeconds > since && run.fromSeconds <= report.atSeconds);
        const known = began === undefined ? newest.get(report.epoch) ?? 0 : Math.min(began.fromPercent, newest.get(report.epoch) ?? 0);
        toldAt.set(report.epoch, report.atSeconds);
        if (report.percent < known - PERCENT_TOLERANCE) verdicts.push(fail(`the progress of ${name} in the ledger to grow while epoch ${report.epoch} owns it`, `${report.percent}% at ${at(report.atSeconds)} after ${known}%: someone else wrote it`, report.atSeconds));
        newest.set(report.epoch, Math.max(known, report.percent));
      }
      return verdicts;
    }), "only owners wrote");
  },
};

