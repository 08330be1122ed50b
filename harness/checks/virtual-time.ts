/** The run, from the first start to the last end, took as long as expected. */
import { boundsText, within } from "../model/figures";
import { fail, pass, type Check } from "./check";

export const virtualTime: Check = {
  name: "virtual-time",
  run(history) {
    const bounds = history.run.expect.virtualSeconds;
    if (bounds === undefined) return undefined;
    return within(history.virtualSeconds, bounds) ? pass(`${history.virtualSeconds} s`) : fail(`the run to take ${boundsText(bounds, " s")}`, `${history.virtualSeconds} s`, history.virtualSeconds);
  },
};
