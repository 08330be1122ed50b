/** Of one job no more instances than expected are there at the same moment (from launch until they shut down). */
import { eventsOf } from "../model/history";
import { at, fail, pass, worst, type Check, type Verdict } from "./check";

export const instancesAtOnce: Check = {
  name: "instances-at-once",
  run(history) {
    const most = history.run.expect.instancesAtOnce;
    if (most === undefined) return undefined;
    return worst(history.run.jobs.map(({ name }): Verdict => {
      const spans = eventsOf(history, "instance-launched", name).map(({ instanceId, atSeconds }) => ({
        instanceId, from: atSeconds,
        to: eventsOf(history, "instance-state", name).find((event) => event.instanceId === instanceId && event.state !== "pending" && event.state !== "running")?.atSeconds ?? Infinity,
      }));
      for (const { from } of spans) {
        const present = spans.filter((span) => span.from <= from && from < span.to);
        if (present.length > most) return fail(`at most ${most} instance(s) of ${name} at once`, `${present.map((span) => span.instanceId).join(", ")} at ${at(from)}`, from);
      }
      return pass("");
    }), `never more than ${most} at once`);
  },
};
