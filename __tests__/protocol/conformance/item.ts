/** The model's ledger as DynamoDB's item, and back. Deadlines stand far from now, so that it does not matter when now is. */
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { DEADLINE, L, newState, REASON, type State } from "../model/state";

export type Item = Record<string, AttributeValue>;

export const OWNER_STATES = ["none", "restoring", "working", "handing-over", "saving", "released", "dead"];
const REASONS = ["", "finished", "notice", "job-failed", "error"];
const FAR_SECONDS = 1_000_000;

export const execution = (number: number): string => `arn:aws:states:us-east-1:123456789012:execution:spotproof-job:${number}`;
export const instance = (number: number): string => `i-${number}`;
export const token = (number: number): string => `token-${number}`;
/** A save is told by what made it. */
export const sha256 = (run: number, step: number): string => `${run}-${step}`;

const s = (text: string): AttributeValue => ({ S: text });
const n = (number: number): AttributeValue => ({ N: String(number) });

export function toItem(state: State, nowSeconds: number): Item {
  const [task, owner] = [state[L.taskInstance]!, state[L.ownerInstance]!];
  return {
    jobId: s("j"), executionArn: s(execution(state[L.execution]!)), ownerEpoch: n(state[L.ownerEpoch]!), ownerState: s(OWNER_STATES[state[L.ownerState]!]!), sequence: n(state[L.sequence]!),
    ...(task === 0 ? {} : { taskInstanceId: s(instance(task)), taskLaunch: n(task), launch: n(task) }),
    ...(state[L.taskToken] === 0 ? {} : { taskToken: s(token(state[L.taskToken]!)) }),
    ...(owner === 0 ? {} : { ownerInstanceId: s(instance(owner)), ownerLaunch: n(owner) }),
    ...(state[L.ownerDeadline] === DEADLINE.absent ? {} : { ownerDeadline: n(nowSeconds + (state[L.ownerDeadline] === DEADLINE.ahead ? FAR_SECONDS : -FAR_SECONDS)) }),
    ...(state[L.ownerReason] === REASON.none ? {} : { ownerReason: s(REASONS[state[L.ownerReason]!]!) }),
    ...(state[L.readyLaunch] === 0 ? {} : { readyLaunch: n(state[L.readyLaunch]!) }),
    ...(state[L.finished] ? { finished: { BOOL: true } } : {}),
    ...(state[L.lastEpoch] === 0 ? {} : { last: { M: { epoch: n(state[L.lastEpoch]!), percent: n(state[L.step]!), sha256: s(sha256(state[L.lastRun]!, state[L.step]!)) } } }),
  };
}

export function toState(item: Item, nowSeconds: number): State {
  const state = newState();
  const number = (value: AttributeValue | undefined): number => Number(value?.N ?? 0);
  const ending = (value: AttributeValue | undefined): number => Number(/\d+$/.exec(value?.S ?? "0")![0]);
  const last = item["last"]?.M;
  const [run, step] = (last?.["sha256"]?.S ?? "0-0").split("-").map(Number);
  state[L.execution] = ending(item["executionArn"]);
  state[L.taskInstance] = ending(item["taskInstanceId"]);
  state[L.taskToken] = ending(item["taskToken"]);
  state[L.ownerEpoch] = number(item["ownerEpoch"]);
  state[L.ownerInstance] = ending(item["ownerInstanceId"]);
  state[L.ownerState] = OWNER_STATES.indexOf(item["ownerState"]!.S!);
  state[L.ownerDeadline] = item["ownerDeadline"] === undefined ? DEADLINE.absent : number(item["ownerDeadline"]) > nowSeconds ? DEADLINE.ahead : DEADLINE.past;
  state[L.ownerReason] = REASONS.indexOf(item["ownerReason"]?.S ?? "");
  state[L.readyLaunch] = number(item["readyLaunch"]);
  state[L.finished] = item["finished"]?.BOOL === true ? 1 : 0;
  state[L.sequence] = number(item["sequence"]);
  state[L.lastEpoch] = number(last?.["epoch"]);
  state[L.lastRun] = run!;
  state[L.step] = step!;
  return state;
}

/** What of a state stands in the item, for comparison and for a person. */
const COMPARED = ["execution", "taskInstance", "taskToken", "ownerEpoch", "ownerInstance", "ownerState", "ownerDeadline", "ownerReason", "readyLaunch", "finished", "sequence", "lastEpoch", "lastRun", "step"] as const;
export const compared = (state: State): Record<string, number> => Object.fromEntries(COMPARED.map((name) => [name, state[L[name]]!]));
