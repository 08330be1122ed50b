/** The task that waits for an instance: whether one does, and its answers. The agent, a timeout or an earlier event may be faster, always. */
import { SendTaskFailureCommand, SendTaskSuccessCommand } from "@aws-sdk/client-sfn";
import { isOneOf } from "../shared/errors";
import type { OurInstance } from "../shared/instances";
import { ledgerItem, type LedgerItem } from "../shared/ledger";
import type { WatcherDeps } from "./event";

/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskFailure.html */
const WAITS_NO_MORE = ["TaskDoesNotExist", "TaskTimedOut", "InvalidToken"];

/** The job's item, and the token of the task if it waits for this instance. */
export async function waitFor(deps: WatcherDeps, ours: OurInstance): Promise<{ item: LedgerItem; token?: string }> {
  const item = (await ledgerItem(deps, ours.job)) ?? {};
  const token = item["taskToken"]?.S;
  return token !== undefined && item["taskInstanceId"]?.S === ours.instanceId ? { item, token } : { item };
}

/** Tells that the instance will be taken away, as its agent does. */
export function answerNotice(deps: WatcherDeps, taskToken: string, item: LedgerItem, deadline: number): Promise<string> {
  const answer = {
    outcome: "notice", percent: Number(item["last"]?.M?.["percent"]?.N ?? 0), epoch: Number(item["ownerEpoch"]?.N ?? 0), reason: "notice", deadline,
  };
  return ended(() => deps.sfn.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(answer) })));
}

/** Tells that the instance is going, or gone: taken away, or by its own doing, which may be a crash loop. */
export function answerTerminated(deps: WatcherDeps, taskToken: string, ours: OurInstance, state: string): Promise<string> {
  const gaveUp = ours.endedBy === "Client.InstanceInitiatedShutdown";
  const cause = gaveUp ? `Instance ${ours.instanceId} powered itself off without having reported.` : `Instance ${ours.instanceId} went to ${state} without having reported.`;
  return ended(() => deps.sfn.send(new SendTaskFailureCommand({ taskToken, error: gaveUp ? "InstanceGaveUp" : "InstanceTerminated", cause })));
}

/** @returns `wait-ended`, or that it had. */
async function ended(answer: () => Promise<unknown>): Promise<string> {
  try {
    await answer();
    return "wait-ended";
  } catch (error) {
    if (isOneOf(error, WAITS_NO_MORE)) return "wait-had-ended";
    throw error;
  }
}
