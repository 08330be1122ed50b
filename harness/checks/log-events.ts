/** The final logs of the instances that the scenario struck tell of the expected events; where it struck none, those of every job. */
import { eventsOf } from "../model/history";
import { fail, pass, worst, type Check, type Verdict } from "./check";

export const logEvents: Check = {
  name: "log-events",
  run(history) {
    const expected = history.run.expect.logEvents;
    if (expected === undefined) return undefined;
    const struck = eventsOf(history, "fault-injected").filter((event) => event.instanceId !== undefined);
    const logs = struck.length > 0 ? struck.map(({ job, instanceId, atSeconds }) => ({ job, whose: instanceId!, instanceId, atSeconds })) : history.run.jobs.map(({ name }) => ({ job: name, whose: name, instanceId: undefined, atSeconds: undefined }));
    return worst(logs.map(({ job, whose, instanceId, atSeconds }): Verdict => {
      const said = eventsOf(history, "agent-log", job).filter((event) => instanceId === undefined || event.instanceId === instanceId).map((event) => event.message);
      const missing = expected.filter((event) => !said.includes(event));
      return missing.length === 0 ? pass("") : fail(`the final log of ${whose} to tell of ${missing.join(", ")}`, said.length === 0 ? "no final log" : [...new Set(said)].join(", "), atSeconds);
    }), expected.join(", "));
  },
};
