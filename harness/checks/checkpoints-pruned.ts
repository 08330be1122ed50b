/** Of a job that has finished no more checkpoints are left than its last two: what came before, or was never committed, has been removed. */
import { finalOf } from "../model/history";
import { fail, pass, worst, type Check, type Verdict } from "./check";

export const checkpointsPruned: Check = {
  name: "checkpoints-pruned",
  run(history) {
    const finished = history.run.jobs.flatMap(({ name }) => {
      const final = finalOf(history, name);
      return final?.ledger?.["finished"] === true ? [final] : [];
    });
    if (finished.length === 0) return undefined;
    return worst(finished.map(({ ledger, checkpoints }): Verdict => {
      const named = (["last", "previous"] as const).map((which) => (ledger![which] as { key: string } | undefined)?.key);
      const others = checkpoints.filter(({ key }) => !named.includes(key));
      return others.length === 0 ? pass("") : fail("only the last two checkpoints to be left", `also ${others.map(({ key }) => key).join(", ")}`, history.virtualSeconds);
    }), "only the last two checkpoints are left");
  },
};
