/** The final logs of the instances that the scenario struck tell of the expected events. */
import { eventsOf } from "../model/history";
import { fail, pass, unknown, worst, type Check, type Verdict } from "./check";

export const logEvents: Check = {
  name: "log-events",
  run(history) {
    const expected = history.run.expect.logEvents;
    if (expected === undefined) return undefined;
    const struck = eventsOf(history, "fault-injected").filter((event) => event.instanceId !== undefined);
    if (struck.length === 0) return unknown("no fault struck an instance");
    return worst(struck.map((fault): Verdict => {
      const said = eventsOf(history, "agent-log", fault.job).filter((event) => event.instanceId === fault.instanceId).map((event) => event.message);
      const missing = expected.filter((event) => !said.includes(event));
      return missing.length === 0 ? pass("") : fail(`the final log of ${fault.instanceId} to tell of ${missing.join(", ")}`, said.length === 0 ? "no final log" : [...new Set(said)].join(", "), fault.atSeconds);
    }), expected.join(", "));
  },
};
