/**
 * Spot Instance requests: their states, and status codes with AWS's own texts.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-request-status.html,
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-instances-request-status-lifecycle.html
 */
import type { Microseconds } from "../../../time/clock";
import type { LaunchPlan } from "./launch-data";
import type { Ec2World } from "./world";

export type SpotState = "open" | "active" | "closed" | "cancelled" | "failed";

/** The status codes that this region uses, with the state that a request is in then (undefined: stays as it is) and the message. */
export const SPOT_STATUS = {
  "pending-evaluation": { state: "open", message: "Your Spot request has been submitted for review, and is pending evaluation." },
  "bad-parameters": { state: "failed", message: "Your Spot request parameters are not valid." },
  "capacity-not-available": { state: "open", message: "There is no Spot capacity available that matches your request." },
  "price-too-low": { state: "open", message: "Your Spot request price is lower than the minimum required Spot request fulfillment price." },
  "not-scheduled-yet": { state: "open", message: "Your Spot request will not be evaluated until the scheduled date." },
  "schedule-expired": { state: "cancelled", message: "Your Spot request expired because it was not fulfilled before the specified date." },
  "canceled-before-fulfillment": { state: "cancelled", message: "Your Spot request was canceled before it was fulfilled." },
  "pending-fulfillment": { state: "open", message: "Your Spot request is pending fulfillment." },
  "fulfilled": { state: "active", message: "Your Spot request is fulfilled." },
  "marked-for-termination": { state: undefined, message: "Your Spot Instance is marked for termination." },
  "request-canceled-and-instance-running": { state: "cancelled", message: "Your Spot request was canceled, but your Spot Instance is still running." },
  "instance-terminated-by-price": { state: "closed", message: "Your Spot Instance was terminated because the Spot price exceeded your maximum price." },
  "instance-terminated-no-capacity": { state: "closed", message: "Your Spot Instance was terminated because there is no Spot capacity available." },
  "instance-terminated-by-user": { state: "closed", message: "Spot Instance terminated due to user-initiated termination." },
  "instance-terminated-by-experiment": { state: "closed", message: "Your Spot Instance was terminated by an AWS FIS experiment." },
} as const satisfies Record<string, { state: SpotState | undefined; message: string }>;

export type SpotStatusCode = keyof typeof SPOT_STATUS;

export interface SpotRequest {
  readonly id: string;
  readonly createdAt: Microseconds;
  /** US dollars an hour. */
  readonly maxPrice: number;
  readonly plan: LaunchPlan;
  readonly validFrom?: Date;
  readonly validUntil?: Date;
  state: SpotState;
  status: { code: SpotStatusCode; message: string; at: Microseconds };
  instanceId?: string;
  /** Where it was or will be launched. */
  zone?: string;
  subnetId?: string;
}

/** A new request, pending evaluation. */
export function createSpotRequest(world: Ec2World, plan: LaunchPlan, validity: Pick<SpotRequest, "validFrom" | "validUntil">): SpotRequest {
  const now = world.now();
  const request: SpotRequest = {
    id: `sir-${spotId(world)}`, createdAt: now, maxPrice: plan.spot?.maxPrice ?? plan.type.onDemandPrice, plan, ...validity, state: "open",
    status: { code: "pending-evaluation", message: SPOT_STATUS["pending-evaluation"].message, at: now },
  };
  world.tags.put(request.id, plan.spotRequestTags);
  return request;
}

/** Spot request ids are eight letters and digits: `sir-08b93456`. */
const spotId = ({ random }: Ec2World): string => {
  const alphabet = "abcdefghijklmnopqrstuvwxyz0123456789";
  return Array.from({ length: 8 }, () => alphabet[random.integer(alphabet.length)]).join("");
};

/** Moves a request to a status; its state follows. */
export function setSpotStatus(world: Pick<Ec2World, "now">, request: SpotRequest, code: SpotStatusCode, message: string = SPOT_STATUS[code].message): void {
  if (request.status.code === code) return;
  const { state } = SPOT_STATUS[code];
  // A request that was cancelled stays so when its instance ends.
  if (state && request.state !== "cancelled") request.state = state;
  request.status = { code, message, at: world.now() };
}
