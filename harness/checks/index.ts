/** Every check, in the order in which they are reported: those on the outcome first, then what holds for all runs. */
import { figuresOf } from "../model/figures";
import type { History } from "../model/history";
import type { CheckResult } from "../model/result";
import { alarms } from "./alarms";
import { attempts } from "./attempts";
import type { Check } from "./check";
import { checkpoints, neverCommitted, runs, takeovers } from "./counts";
import { checkpointsPruned } from "./checkpoints-pruned";
import { checkpointsUntouched } from "./checkpoints-untouched";
import { committedNeverDecreases } from "./committed-never-decreases";
import { completes } from "./completes";
import { deregistered } from "./deregistered";
import { elsewhere } from "./elsewhere";
import { executionCause } from "./execution-cause";
import { executionError } from "./execution-error";
import { faultsStruck } from "./faults-struck";
import { finalLogs } from "./final-logs";
import { instancesAtOnce } from "./instances-at-once";
import { instancesGone } from "./instances-gone";
import { logEvents } from "./log-events";
import { logEventsOfAny } from "./log-events-of-any";
import { interruptionTimeline } from "./interruption-timeline";
import { launchesRefused } from "./launches-refused";
import { lifecycles } from "./lifecycles";
import { lostWork } from "./lost-work";
import { metricsMonotonic } from "./metrics-monotonic";
import { noSupersededWrite } from "./no-superseded-write";
import { nothingLeftRunning } from "./nothing-left-running";
import { pause } from "./pause";
import { permitted } from "./permitted";
import { resumesFromCheckpoint } from "./resumes-from-checkpoint";
import { startedAgain } from "./started-again";
import { spotRequestStatus } from "./spot-request-status";
import { untouchedJob } from "./untouched-job";
import { virtualTime } from "./virtual-time";
import { withinLimits } from "./within-limits";
import { workChain } from "./work-chain";

export const CHECKS: readonly Check[] = [
  completes, executionError, executionCause, startedAgain, faultsStruck, attempts, runs, takeovers, checkpoints, neverCommitted, launchesRefused, lifecycles, elsewhere, lostWork, pause, withinLimits, virtualTime, spotRequestStatus,
  interruptionTimeline, finalLogs, logEvents, logEventsOfAny, deregistered,
  instancesGone, instancesAtOnce, alarms, untouchedJob,
  permitted, workChain, nothingLeftRunning, noSupersededWrite, metricsMonotonic, committedNeverDecreases, resumesFromCheckpoint, checkpointsPruned, checkpointsUntouched,
];

/** The verdicts of every check that has something to say about the run. */
export function runChecks(history: History, checks: readonly Check[] = CHECKS): CheckResult[] {
  const figures = figuresOf(history);
  return checks.flatMap((check) => {
    const verdict = check.run(history, figures);
    return verdict === undefined ? [] : [{ name: check.name, ...verdict }];
  });
}
