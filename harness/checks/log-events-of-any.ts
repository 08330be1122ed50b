/** The final log of some instance of each job, struck or not, tells of the expected events. */
import { eventsOf } from "../model/history";
import { fail, pass, worst, type Check, type Verdict } from "./check";

export const logEventsOfAny: Check = {
  name: "log-events-of-any",
  run(history) {
    const expected = history.run.expect.logEventsOfAny;
    if (expected === undefined) return undefined;
    return worst(history.run.jobs.map(({ name }): Verdict => {
      const said = new Set(eventsOf(history, "agent-log", name).map((event) => event.message));
      const missing = expected.filter((event) => !said.has(event));
      return missing.length === 0 ? pass("") : fail(`a final log of ${name} to tell of ${missing.join(", ")}`, [...said].join(", ") || "no final log", history.virtualSeconds);
    }), expected.join(", "));
  },
};
