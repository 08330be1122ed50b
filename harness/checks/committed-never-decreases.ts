/** Over the whole run, whoever commits: the committed percentage never falls, and sequence numbers rise. */
import { eventsOf } from "../model/history";
import { PERCENT_TOLERANCE } from "../model/runs";
import { at, fail, worst, type Check, type Verdict } from "./check";

export const committedNeverDecreases: Check = {
  name: "committed-never-decreases",
  run(history) {
    let commits = 0;
    const verdicts = history.run.jobs.flatMap(({ name }): Verdict[] => {
      const events = eventsOf(history, "checkpoint-committed", name).toSorted((a, b) => a.atSeconds - b.atSeconds);
      commits += events.length;
      return events.slice(1).flatMap((commit, index): Verdict[] => {
        const before = events[index]!;
        if (commit.sequence <= before.sequence) return [fail(`checkpoint ${before.sequence} of ${name} to be followed by a later one`, `checkpoint ${commit.sequence} at ${at(commit.atSeconds)}`, commit.atSeconds)];
        if (commit.percent < before.percent - PERCENT_TOLERANCE) return [fail(`what is committed of ${name} never to fall below ${before.percent}%`, `${commit.percent}% at ${at(commit.atSeconds)} (checkpoint ${commit.sequence}, epoch ${commit.epoch})`, commit.atSeconds)];
        return [];
      });
    });
    return worst(verdicts, `${commits} checkpoint(s) committed, each on top of the one before`);
  },
};
