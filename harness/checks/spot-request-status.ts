/** The Spot request of each instance that a fault struck went through the expected status codes, in their order. */
import { eventsOf } from "../model/history";
import { fail, pass, unknown, worst, type Check, type Verdict } from "./check";

export const spotRequestStatus: Check = {
  name: "spot-request-status",
  run(history) {
    const expected = history.run.expect.spotRequestStatus;
    if (expected === undefined) return undefined;
    const struck = eventsOf(history, "fault-injected").filter((event) => event.instanceId !== undefined);
    if (struck.length === 0) return unknown("no fault struck an instance");
    return worst(struck.map((fault): Verdict => {
      const request = eventsOf(history, "instance-launched", fault.job).find((event) => event.instanceId === fault.instanceId)?.spotRequestId;
      if (request === undefined) return fail(`${fault.instanceId} to have a Spot request`, "none", fault.atSeconds);
      const codes = eventsOf(history, "spot-request-status", fault.job).filter((event) => event.spotRequestId === request).map((event) => event.code);
      let found = 0;
      for (const code of codes) if (code === expected[found]) found++;
      return found === expected.length ? pass("") : fail(`Spot request ${request} to go through ${expected.join(" -> ")}`, codes.join(" -> ") || "no status at all", fault.atSeconds);
    }), expected.join(" -> "));
  },
};
