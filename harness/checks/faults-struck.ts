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
      const injected = eventsOf(history, "fault-injected").find((event) => event.fault === index);
      const ended = eventsOf(history, "fault-ended").find((event) => event.fault === index);
      const called = `fault ${index + 1} (${fault.kind})`;
      if (ended !== undefined && FAILED.has(ended.status)) return fail(`${called} to strike ${fault.job}`, `${ended.status}: ${ended.reason ?? "no reason given"}`, ended.atSeconds);
      if (injected === undefined) return fail(`${called} to strike ${fault.job}`, `its moment (${JSON.stringify(fault.at)}) never came`);
      return pass(at(injected.atSeconds));
    }), faults.length === 1 ? "the fault struck" : `all ${faults.length} faults struck`);
  },
};
