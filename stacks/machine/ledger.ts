/** The job's item in the ledger table: how states name it, write values into it, and what they take from it. */
import { RETRY_DYNAMODB, sdk } from "./calls";
import type { MachineRefs } from "./config";
import { jsonata, type Json, type State } from "./language";

export const stringAttribute = (expression: string): Json => ({ S: jsonata(expression) });
export const numberAttribute = (expression: string): Json => ({ N: jsonata(`$string(${expression})`) });

/** The key of the job's item. */
export const LEDGER_KEY: Json = { jobId: stringAttribute("$jobId") };

/** States of an owner that has neither released the job nor died. */
const LIVING = ["restoring", "working", "handing-over", "saving"];

/** JSONata for the present time in epoch seconds, rounded down. */
export const NOW = "$floor($millis() / 1000)";

/** JSONata for until when an owner that no task vouches for may work; 0 when there is none. */
export const leaseOf = (item: string): string =>
  `(($exists(${item}.ownerState.S) ? ${item}.ownerState.S : 'none') in ${JSON.stringify(LIVING)} and $exists(${item}.ownerDeadline.N) ? ($until := $number(${item}.ownerDeadline.N); $until >= ${NOW} ? $until : 0) : 0)`;

/** Variables taken from a ledger item; `item` is JSONata for where it is. */
export function fromLedger(item: string): State {
  const state = `($exists(${item}.ownerState.S) ? ${item}.ownerState.S : 'none')`;
  return {
    owner: jsonata(`$exists(${item}.ownerInstanceId.S) ? ${item}.ownerInstanceId.S : ''`),
    // Why the job is nobody's.
    releaseReason: jsonata(`${state} = 'released' and $exists(${item}.ownerReason.S) ? ${item}.ownerReason.S : ''`),
    ownerLease: jsonata(leaseOf(item)),
    ledgerExecution: jsonata(`$exists(${item}.executionArn.S) ? ${item}.executionArn.S : ''`),
    // The AWS SDK's own spelling is BOOL, that of the SDK behind Step Functions' integrations Bool.
    finished: jsonata(`(${item}.finished.BOOL = true) or (${item}.finished.Bool = true)`),
    percent: jsonata(`$exists(${item}.last.M.percent.N) ? $number(${item}.last.M.percent.N) : 0`),
    checkpoint: jsonata(`$exists(${item}.last.M.key.S) ? ${item}.last.M.key.S : 'none'`),
  };
}

export const sequenceOf = (item: string): string => `($exists(${item}.sequence.N) ? $number(${item}.sequence.N) : 0)`;

/** Why an attempt that reported has ended, when its instance was being taken away. */
const INTERRUPTED = ["notice", "terminate", "migrate"];
/** JSONata: the attempt has failed by itself. An instance that is taken away says nothing about the job, however often it happens. */
const FAILED_BY_ITSELF = `($ending in ["States.HeartbeatTimeout", "States.Timeout", "InstanceGaveUp"] or ($ending = 'saved' and $not($endingReason in ${JSON.stringify(INTERRUPTED)})))`;

/** What a ledger item says after an attempt. */
export function progress(item: string): State {
  return {
    ...fromLedger(item),
    sequence: jsonata(sequenceOf(item)),
    withoutProgress: jsonata(`${sequenceOf(item)} > $sequence ? 0 : ${FAILED_BY_ITSELF} ? $withoutProgress + 1 : $withoutProgress`),
  };
}

/** A state that reads the item, consistently. @param assign variables, from `$states.result.Item` */
export const readLedger = (refs: MachineRefs, assign: State, next: string): State => ({
  Type: "Task",
  Resource: sdk(refs, "dynamodb:getItem"),
  Arguments: { TableName: refs.table, Key: LEDGER_KEY, ConsistentRead: true },
  Retry: RETRY_DYNAMODB,
  Assign: assign,
  Output: {},
  Next: next,
});
