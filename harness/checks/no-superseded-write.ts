/** Once an instance has taken a job over, nothing that its predecessors write counts: no commit, no release, no progress. */
import { eventsOf, PERCENT_TOLERANCE } from "../model/figures";
import { at, fail, worst, type Check, type Verdict } from "./check";

export const noSupersededWrite: Check = {
  name: "no-superseded-write",
  run(history) {
    return worst(history.run.jobs.flatMap(({ name }): Verdict[] => {
      const takeovers = eventsOf(history, "ownership-taken", name);
      const ownerAt = (seconds: number): number => Math.max(0, ...takeovers.filter((taken) => taken.atSeconds <= seconds).map((taken) => taken.epoch));
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
      const newest = new Map<number, number>();
      for (const report of eventsOf(history, "progress-reported", name)) {
        const known = newest.get(report.epoch) ?? 0;
        if (report.percent < known - PERCENT_TOLERANCE) verdicts.push(fail(`the progress of ${name} in the ledger to grow while epoch ${report.epoch} owns it`, `${report.percent}% at ${at(report.atSeconds)} after ${known}%: someone else wrote it`, report.atSeconds));
        newest.set(report.epoch, Math.max(known, report.percent));
      }
      return verdicts;
    }), "only owners wrote");
  },
};

