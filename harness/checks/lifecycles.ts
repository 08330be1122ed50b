/** Each job's instances were Spot or On-Demand, one after another, as expected. */
import { finalOf } from "../model/history";
import { fail, pass, unknown, worst, type Check } from "./check";

export const lifecycles: Check = {
  name: "lifecycles",
  run(history) {
    const expected = history.run.expect.lifecycles;
    if (expected === undefined) return undefined;
    return worst(history.run.jobs.map(({ name }) => {
      const final = finalOf(history, name);
      if (final === undefined) return unknown(`nothing is known of ${name}'s instances`);
      const seen = final.instances.toSorted((a, b) => a.launch - b.launch).map(({ lifecycle }) => lifecycle);
      return seen.join() === expected.join() ? pass("") : fail(`instances of ${name}: ${expected.join(", ")}`, seen.join(", ") || "none");
    }), expected.join(", "));
  },
};
