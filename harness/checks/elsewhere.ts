/** The pool that took an instance comes last: its successor is in another zone. */
import { eventsOf } from "../model/history";
import { fail, pass, unknown, worst, type Check, type Verdict } from "./check";

export const elsewhere: Check = {
  name: "elsewhere",
  run(history) {
    if (history.run.expect.elsewhere === undefined) return undefined;
    const pairs = eventsOf(history, "fault-injected").flatMap((fault) => {
      const launches = eventsOf(history, "instance-launched", fault.job).toSorted((a, b) => a.launch - b.launch);
      const index = launches.findIndex(({ instanceId }) => instanceId === fault.instanceId);
      const [struck, next] = [launches[index], launches[index + 1]];
      return struck === undefined || next === undefined ? [] : [{ struck, next }];
    });
    if (pairs.length === 0) return unknown("no instance that was struck had a successor");
    return worst(pairs.map(({ struck, next }): Verdict => (struck.zone !== next.zone ? pass("") : fail(`${next.instanceId} in another zone than ${struck.instanceId}`, `both in ${next.zone}`, next.atSeconds))),
      pairs.map(({ struck, next }) => `${struck.zone} -> ${next.zone}`).join(", "));
  },
};
