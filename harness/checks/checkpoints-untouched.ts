/** What was committed is never written again: its object is no younger than its commit, and no key is committed twice. */
import { eventsOf, finalOf } from "../model/history";
import { at, fail, worst, type Check, type Verdict } from "./check";

/** The ledger has a commit's time in whole seconds. */
const COMMIT_RESOLUTION_SECONDS = 1;

export const checkpointsUntouched: Check = {
  name: "checkpoints-untouched",
  run(history) {
    const verdicts = history.run.jobs.flatMap(({ name }): Verdict[] => {
      const commits = eventsOf(history, "checkpoint-committed", name);
      const left = new Map(finalOf(history, name)?.checkpoints.map(({ key, lastModifiedSeconds }) => [key, lastModifiedSeconds]));
      // The harness itself writes over what it damages.
      const isDamaged = eventsOf(history, "fault-injected", name).some(({ kind }) => kind === "checkpoint-damage");
      return commits.flatMap(({ key, sequence, atSeconds }, index): Verdict[] => {
        if (commits.findIndex((other) => other.key === key) < index) return [fail("each checkpoint to have a key of its own", `checkpoint ${sequence} has ${key} again`, atSeconds)];
        const written = left.get(key);
        if (written === undefined || written < atSeconds + COMMIT_RESOLUTION_SECONDS || isDamaged) return [];
        return [fail(`${key} to stay as it was committed at ${at(atSeconds)}`, `it was written at ${at(written)}`, written)];
      });
    });
    return worst(verdicts, "nothing that was committed was written again");
  },
};
