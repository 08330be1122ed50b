/** After an execution was stopped from outside, or else once it has ended, no instance of its job runs on. */
import { endedOf, eventsOf, finalOf } from "../model/history";
import { at, fail, pass, unknown, worst, type Check, type Verdict } from "./check";

const GOING = new Set(["shutting-down", "terminated", "stopping", "stopped"]);

export const instancesGone: Check = {
  name: "instances-gone",
  run(history) {
    const limit = history.run.expect.instancesGoneWithinSeconds;
    if (limit === undefined) return undefined;
    const stopped = eventsOf(history, "fault-injected").filter((event) => event.kind === "stop-execution");
    const stops = stopped.length > 0 ? stopped : endedOf(history);
    if (stops.length === 0) return unknown("no execution was stopped, and none has ended");
    return worst(stops.map((stop): Verdict => {
      const launched = eventsOf(history, "instance-launched", stop.job).filter((event) => event.atSeconds <= stop.atSeconds);
      for (const { instanceId } of launched) {
        const gone = eventsOf(history, "instance-state", stop.job).find((event) => event.instanceId === instanceId && GOING.has(event.state))?.atSeconds
          ?? finalOf(history, stop.job)?.instances.find((instance) => instance.instanceId === instanceId)?.endedSeconds;
        if (gone === undefined || gone > stop.atSeconds + limit) {
          return fail(`no instance of ${stop.job} to run ${limit} s after its execution was over at ${at(stop.atSeconds)}`, gone === undefined ? `${instanceId} never went` : `${instanceId} ran until ${at(gone)}`, stop.atSeconds + limit);
        }
      }
      return pass("");
    }), `no instance ran ${limit} s after the end`);
  },
};
