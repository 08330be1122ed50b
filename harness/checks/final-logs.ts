/** The instances that the scenario struck have left their final logs in the bucket. */
import { eventsOf, finalOf } from "../model/history";
import { fail, pass, unknown, worst, type Check, type Verdict } from "./check";

export const finalLogs: Check = {
  name: "final-logs",
  run(history) {
    const expected = history.run.expect.finalLogs;
    if (expected === undefined) return undefined;
    const struck = eventsOf(history, "fault-injected").filter((event) => event.instanceId !== undefined);
    if (struck.length === 0) return unknown("no fault struck an instance");
    return worst(struck.map((fault): Verdict => {
      const there = finalOf(history, fault.job)?.finalLogs.some((log) => log.instanceId === fault.instanceId) ?? false;
      return there === expected ? pass("") : fail(`${expected ? "a" : "no"} final log of ${fault.instanceId} in the bucket`, there ? "one" : "none", fault.atSeconds);
    }), expected ? "the final logs are in the bucket" : "no final log, as expected");
  },
};
