/** The job's last execution ended as expected; one that should succeed has its job finished and committed at 100%. */
import { boundsText } from "../model/figures";
import { endedOf, finalOf, startedOf } from "../model/history";
import { at, fail, pass, worst, type Check } from "./check";

export const completes: Check = {
  name: "completes",
  run(history, figures) {
    const { expect, jobs, timeoutMinutes } = history.run;
    return worst(jobs.map(({ name }) => {
      const last = startedOf(history, name).at(-1);
      const ended = endedOf(history, name).find((event) => event.execution === last?.execution);
      const percent = figures.jobs.find((job) => job.job === name)!.percent;
      if (ended === undefined) return fail(`${name} to end with ${expect.status} within ${timeoutMinutes} virtual minutes`, last === undefined ? "it was never started" : `it had not ended, with ${percent}% committed`, history.virtualSeconds);
      const because = ended.error === undefined ? "" : ` (${ended.error}${ended.cause === undefined ? "" : `: ${ended.cause}`})`;
      if (ended.status !== expect.status) return fail(`${name} to end with ${expect.status}`, `${ended.status}${because} at ${at(ended.atSeconds)}, with ${percent}% committed`, ended.atSeconds);
      if (expect.status !== "SUCCEEDED") return pass("");
      if (percent < 100) return fail(`${name} to be committed at ${boundsText({ atLeast: 100, atMost: 100 }, "%")}`, `its execution succeeded with ${percent}%`, ended.atSeconds);
      if (finalOf(history, name)?.ledger?.["finished"] !== true) return fail(`${name}'s ledger item to say that it is finished`, "its execution succeeded, and finished is not true", ended.atSeconds);
      return pass("");
    }), `${jobs.length === 1 ? "ended" : "all ended"} with ${expect.status}${expect.status === "SUCCEEDED" ? " at 100%" : ""}`);
  },
};
