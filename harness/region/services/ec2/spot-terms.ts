/**
 * The terms of a Spot launch, wherever a request has them: one-time, ended by termination, at a highest price.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_SpotMarketOptions.html
 */
import { ec2Error, unsupported } from "./errors";
import { numeric, structure, text, type Wire } from "./input";
import { REFUSED } from "./limits";

export interface SpotTerms {
  /** US dollars an hour; undefined: up to the On-Demand price. */
  maxPrice?: number;
}

/** Those of InstanceMarketOptions; undefined: On-Demand. @throws AwsError UnsupportedOperation, for what is not a one-time request that ends in termination */
export function spotTerms(options: Wire): SpotTerms | undefined {
  const market = text(options, "MarketType");
  if (!market) return undefined;
  if (market !== "spot") throw unsupported(REFUSED.markets, market);
  const spot = structure(options, "SpotOptions");
  // For persistent requests only.
  if (text(spot, "ValidUntil")) throw ec2Error("InvalidParameterCombination", "ValidUntil is supported only for persistent Spot requests.");
  return readSpotTerms(spot, "SpotInstanceType", "MaxPrice");
}

/** Reads the terms of a Spot request wherever they stand. */
export function readSpotTerms(options: Wire, typeName: string, priceName: string): SpotTerms {
  const type = text(options, typeName);
  const behavior = text(options, "InstanceInterruptionBehavior");
  // AWS's own refusal: only persistent requests can be stopped or hibernated.
  if ((behavior === "stop" || behavior === "hibernate") && (type === undefined || type === "one-time")) {
    throw ec2Error("InvalidParameterCombination", `The request with type 'one-time' is not supported when instanceInterruptionBehavior is set to '${behavior}'.`);
  }
  if (type && type !== "one-time") throw unsupported(REFUSED.spotTypes, type);
  refuseInterruptionBehavior(options);
  if (text(options, "BlockDurationMinutes")) throw ec2Error("Unsupported", "Spot Instances with a defined duration (BlockDurationMinutes) are no longer available.");
  const maxPrice = readPrice(options, priceName);
  return maxPrice === undefined ? {} : { maxPrice };
}

/** @throws AwsError UnsupportedOperation, for stop and hibernate */
export function refuseInterruptionBehavior(options: Wire): void {
  const behavior = text(options, "InstanceInterruptionBehavior");
  if (behavior && behavior !== "terminate") throw unsupported(REFUSED.interruptionBehaviors, behavior);
}

/** A price in US dollars an hour. @throws AwsError InvalidParameterValue */
export function readPrice(options: Wire, name: string): number | undefined {
  const price = numeric(options, name);
  if (price !== undefined && price <= 0) throw ec2Error("InvalidParameterValue", `Invalid value '${price}' for ${name}: it must be greater than 0.`);
  return price;
}
