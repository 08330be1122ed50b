/** How an execution ends: with the job finished, or with a failure whose Cause says what to do and how to resume. */
import type { MachineRefs } from "./config";
import { fail, jsonata, literal, type States } from "./language";

/** JSONata for what every Cause ends with once the job has begun. */
export const resumeHint = (): string =>
  `' The last checkpoint is kept: ' & $checkpoint & ' (' & $string($percent) & '%). To go on from there, start an execution with the same input and "jobId": "' & $jobId & '".'`;

/** JSONata for what the last instance said, where it said anything. */
export const LAST_WORDS = "($endingCause = '' ? '' : ' (' & $substring($endingCause, 0, 1000) & ')')";

export function endingStates(refs: Pick<MachineRefs, "bucket">): States {
  return {
    Finished: {
      Type: "Succeed",
      Output: jsonata(`{"jobId": $jobId, "outcome": "finished", "percent": 100, "attempts": $attempts, "launches": $launch, "onDemandAttempts": $onDemandAttempts, "bucket": ${literal(refs.bucket)}, "checkpoint": $checkpoint}`),
    },
    "Job failed": fail(
      "JobFailed",
      `($ending = 'JobFailed' ? $endingCause : 'The job failed; the report of how was lost.') & ' This was attempt ' & $string($attempts) & ', instance ' & $owner & '; its log is in the bucket under logs/' & $jobId & '/.' & ${resumeHint()}`,
    ),
    "Attempt failed": fail("AttemptFailed", `'Attempt ' & $string($attempts) & ' ended in an unexpected way: ' & $ending & ': ' & $endingCause & '.' & ${resumeHint()}`),
    "No progress": fail(
      "NoProgress",
      `$string($withoutProgress) & ' attempts in a row failed by themselves, none of them interrupted and none with a new checkpoint, the last one by ' & $ending & ($endingReason = '' ? '' : ' (' & $endingReason & ')') & ${LAST_WORDS} & ': the job or its agent hangs or fails early, see logs/' & $jobId & '/ in the bucket. The bound is the knob maxAttemptsWithoutProgress.' & ${resumeHint()}`,
    ),
    Superseded: fail("Superseded", `'The ledger says that job ' & $jobId & ' is run by ' & $ledgerExecution & ' now. This execution has stopped, and its instance was terminated.'`),
  };
}
