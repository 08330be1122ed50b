/**
 * Which instances nobody answers for. Pure: what EC2, Step Functions and the ledger say in, a reason out.
 */
import type { OurInstance } from "../shared/instances";
import type { LedgerItem } from "../shared/ledger";

/** Why an instance is to be ended, for the log. */
export interface Why { reason: string; [field: string]: unknown }

/** An instance is so old before anything is concluded from what other services do not yet say of it. */
export const SETTLING_SECONDS = 60;
/**
 * So long may an instance be superfluous by the ledger: launched and not yet in it, or released and still busy. A former
 * owner has at most Spot's two minutes and its agent's last minute; the rest is for slow days.
 */
export const SUPERFLUOUS_SECONDS = 900;
/** States of an owner that works no more. */
const OWNS_NO_MORE = ["released", "dead"];

/**
 * Why an instance of a running execution is superfluous; undefined when it is not, or not for long.
 *
 * @param living all of the deployment's living instances
 * @param now milliseconds since the epoch
 */
export function superfluous(ours: OurInstance, item: LedgerItem | undefined, living: readonly OurInstance[], now: number): Why | undefined {
  return superfluousSeconds(ours, item, living, now) >= SUPERFLUOUS_SECONDS ? { reason: "the ledger has no use for it", ...ownership(item) } : undefined;
}

/** For how long an instance has been of no use, at least; negative infinity while it is of use. */
function superfluousSeconds(ours: OurInstance, item: LedgerItem | undefined, living: readonly OurInstance[], now: number): number {
  const owns = item?.["ownerInstanceId"]?.S === ours.instanceId;
  const worksNoMore = OWNS_NO_MORE.includes(item?.["ownerState"]?.S ?? "");
  const isAwaited = item?.["taskInstanceId"]?.S === ours.instanceId;
  if (owns ? !worksNoMore : isAwaited) return -Infinity;
  // An owner worked at least until it last reported; whoever was replaced, until its successor was launched.
  const reportedAt = owns ? Number(item?.["progressAt"]?.N ?? 0) * 1000 : 0;
  const successor = living.find(({ instanceId }) => instanceId === item?.["taskInstanceId"]?.S);
  return (now - Math.max(ours.launchedAt, reportedAt, successor?.launchedAt ?? 0)) / 1000;
}

/** What the ledger says of who has the job. */
const ownership = (item: LedgerItem | undefined): object =>
  item === undefined
    ? { ledger: "no item" }
    : { epoch: Number(item["ownerEpoch"]?.N ?? 0), taskInstanceId: item["taskInstanceId"]?.S, ownerInstanceId: item["ownerInstanceId"]?.S, ownerState: item["ownerState"]?.S };
