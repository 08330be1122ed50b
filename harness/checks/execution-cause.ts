/** A failed execution says what was expected of its Cause: what is wrong, where, what to do next. */
import { endedOf } from "../model/history";
import { fail, pass, worst, type Check } from "./check";

export const executionCause: Check = {
  name: "execution-cause",
  run(history) {
    const { expect, jobs } = history.run;
    const expected = expect.cause ?? [];
    if (expected.length === 0 && jobs.every(({ cause }) => cause === undefined)) return undefined;
    return worst(jobs.map(({ name, resume, cause = [] }) => {
      const ended = endedOf(history, name).at(resume === undefined ? -1 : 0);
      const missing = [...expected, ...cause].find((text) => ended?.cause?.includes(text) !== true);
      return missing === undefined ? pass("") : fail(`the Cause of ${name}'s execution to say "${missing}"`, ended?.cause ?? "no Cause", ended?.atSeconds);
    }), expected.length === 0 ? "each Cause says what its job says of it" : `the Cause says ${expected.map((text) => `"${text}"`).join(", ")}`);
  },
};
