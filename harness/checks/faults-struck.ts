/** Every fault of the scenario struck, and did what it is for: a run in which nothing went wrong proves nothing. */
import { eventsOf } from "../model/history";
import { at, fail, pass, worst, type Check, type Verdict } from "./check";

const FAILED = new Set(["failed", "missed", "cancelled"]);

export const faultsStruck: Check = {
  name: "faults-struck",
  run(history) {
    const { faults } = history.run;
    if (faults.length === 0) return undefined;
    return worst(faults.map((fault, index): Verdict => {
      const strikes = eventsOf(history, "fault-injected").filter((event) => event.fault === index);
      const injected = strikes[0];
      const ended = eventsOf(history, "fault-ended").find((event) => event.fault === index && FAILED.has(event.status));
      const called = `fault ${index + 1} (${fault.kind})`;
      if (ended !== undefined) return fail(`${called} to strike ${fault.job}`, `${ended.status}: ${ended.reason ?? "no reason given"}`, ended.atSeconds);
      if (injected === undefined) return fail(`${called} to strike ${fault.job}`, `its moment (${JSON.stringify(fault.at)}) never came`);
      if (typeof fault.repeat === "number" && strikes.length < fault.repeat) return fail(`${called} to strike ${fault.job} ${fault.repeat} times`, `${strikes.length} times`, strikes.at(-1)!.atSeconds);
      return pass(at(injected.atSeconds));
    }), faults.length === 1 ? "the fault struck" : `all ${faults.length} faults struck`);
  },
};
