/** A failed execution says what was expected of its Cause: what is wrong, where, what to do next. */
import { endedOf } from "../model/history";
import { fail, pass, worst, type Check } from "./check";

export const executionCause: Check = {
  name: "execution-cause",
  run(history) {
    const expected = history.run.expect.cause;
    if (expected === undefined) return undefined;
    return worst(history.run.jobs.map(({ name, resume }) => {
      const ended = endedOf(history, name).at(resume === undefined ? -1 : 0);
      const missing = expected.find((text) => ended?.cause?.includes(text) !== true);
      return missing === undefined ? pass("") : fail(`the Cause of ${name}'s execution to say "${missing}"`, ended?.cause ?? "no Cause", ended?.atSeconds);
    }), `the Cause says ${expected.map((text) => `"${text}"`).join(", ")}`);
  },
};
