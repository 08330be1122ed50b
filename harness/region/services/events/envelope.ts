/** Events as buses carry them: https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html */
import type { Random } from "../../../time/clock";
import type { RegionContext } from "../../core/types";
import type { EventEnvelope } from "./store";

/** The members that publishers give, in the order of AWS's own events, with id, account, time (whole seconds) and region. */
export function envelope(region: RegionContext, random: Random, event: { source: string; "detail-type": string; resources: string[]; detail: unknown; time?: Date }): EventEnvelope {
  const time = event.time ?? new Date(region.clock.now() / 1000);
  return {
    version: "0",
    id: random.uuid(),
    "detail-type": event["detail-type"],
    source: event.source,
    account: region.accountId,
    time: `${time.toISOString().slice(0, 19)}Z`,
    region: region.regionName,
    resources: [...event.resources],
    detail: event.detail,
  };
}
