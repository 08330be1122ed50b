/** A further execution of a job, which a fault of the scenario started, ended as the fault says: refused, say, while the job's own runs. */
import { eventsOf } from "../model/history";
import { at, fail, pass, unknown, worst, type Check, type Verdict } from "./check";

export const startedAgain: Check = {
  name: "started-again",
  run(history) {
    const { faults } = history.run;
    if (!faults.some(({ ends }) => ends !== undefined)) return undefined;
    const verdicts = faults.flatMap(({ ends, job }, index): Verdict[] => {
      if (ends === undefined) return [];
      const started = eventsOf(history, "execution-started", job).find(({ fault }) => fault === index);
      if (started === undefined) return [unknown(`fault ${index + 1} has started no execution of ${job}`)];
      const ended = eventsOf(history, "execution-ended", job).find(({ execution }) => execution === started.execution);
      const called = `the execution of ${job} that was started at ${at(started.atSeconds)}`;
      if (ended === undefined) return [fail(`${called} to end with ${ends.status}`, "it has not ended", history.virtualSeconds)];
      const seen = `${ended.status}${ended.error === undefined ? "" : ` (${ended.error}: ${ended.cause ?? "no Cause"})`} at ${at(ended.atSeconds)}`;
      if (ended.status !== ends.status) return [fail(`${called} to end with ${ends.status}`, seen, ended.atSeconds)];
      if (ends.error !== undefined && ended.error !== ends.error) return [fail(`${called} to fail with ${ends.error}`, seen, ended.atSeconds)];
      const missing = ends.cause?.find((text) => ended.cause?.includes(text) !== true);
      if (missing !== undefined) return [fail(`the Cause of ${called} to say "${missing}"`, ended.cause ?? "no Cause", ended.atSeconds)];
      if (ends.withinSeconds !== undefined && ended.atSeconds - started.atSeconds > ends.withinSeconds) return [fail(`${called} to end within ${ends.withinSeconds} s`, seen, ended.atSeconds)];
      return [pass("")];
    });
    return worst(verdicts, verdicts.length === 1 ? "the execution that was started again ended as it should" : `all ${verdicts.length} executions that were started again ended as they should`);
  },
};
