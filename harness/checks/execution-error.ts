/** A failed execution says why, by the expected error name: the last, or the one that another has resumed. */
import { endedOf } from "../model/history";
import { fail, pass, worst, type Check } from "./check";

export const executionError: Check = {
  name: "execution-error",
  run(history) {
    const expected = history.run.expect.error;
    if (expected === undefined) return undefined;
    return worst(history.run.jobs.map(({ name, resume }) => {
      const ended = endedOf(history, name).at(resume === undefined ? -1 : 0);
      return ended?.error === expected ? pass("") : fail(`${name}'s execution to fail with ${expected}`, ended?.error ?? "no error", ended?.atSeconds);
    }), `the execution's error is ${expected}`);
  },
};
