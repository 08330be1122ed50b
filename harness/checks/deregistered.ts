/**
 * Every instance that worked was registered in the deployment's target group, and deregistered before it was gone: its final log says so, and
 * what Elastic Load Balancing still knows of targets is draining.
 */
import { eventsOf } from "../model/history";
import { at, fail, pass, unknown, worst, type Check, type Verdict } from "./check";

export const deregistered: Check = {
  name: "deregistered",
  run(history) {
    if (history.run.expect.deregistered === undefined) return undefined;
    const { targets } = history;
    if (targets === undefined) return unknown("nothing tells of a target group: does a knob of the scenario name one?");
    const left = targets.find(({ state }) => state !== "draining");
    if (left !== undefined) return fail("an empty target group, or targets that drain", `${left.instanceId} is ${left.state}${left.reason === undefined ? "" : ` (${left.reason})`}`);
    const logs = eventsOf(history, "agent-log");
    const worked = [...new Set(logs.filter(({ message }) => message === "job-started").map(({ instanceId }) => instanceId))];
    if (worked.length === 0) return unknown("no instance has worked");
    return worst(worked.map((instanceId): Verdict => {
      const when = (message: string): number | undefined => logs.find((event) => event.instanceId === instanceId && event.message === message)?.atSeconds;
      const [registered, gone] = [when("registered"), when("deregistered")];
      if (registered === undefined) return fail(`${instanceId} to be registered`, "it was not", when("job-started"));
      if (gone === undefined) return fail(`${instanceId} to be deregistered`, "it was not", registered);
      const ended = history.finals.flatMap(({ instances }) => instances).find((instance) => instance.instanceId === instanceId)?.endedSeconds;
      return ended !== undefined && gone > ended ? fail(`${instanceId} to be deregistered before its end at ${at(ended)}`, `it was at ${at(gone)}`, ended) : pass("");
    }), `${worked.length} instance(s) left the target group before they were gone`);
  },
};
