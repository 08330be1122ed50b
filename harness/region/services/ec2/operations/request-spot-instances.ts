/**
 * Requests that are evaluated, held while there is no capacity or the price is too high, and then fulfilled, each an
 * actor of its own. One-time requests that end in termination only.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RequestSpotInstances.html
 */
import { fromDate, seconds, toDate } from "../../../../time/clock";
import { AwsError } from "../../../core/types";
import type { Ec2Core } from "../core";
import { ec2Error, invalidValue } from "../errors";
import { refuseDryRun } from "../dry-run";
import { refuseOthers, structure, text, whole, type Wire } from "../input";
import { resolveLaunch } from "../launch-data";
import { permitSpotRequest } from "../launch-permissions";
import { launchInstances, launchRefusal, newReservationId, requestRefusal } from "../launch";
import type { Subnet } from "../network";
import { spotRequestOut } from "../render";
import { setSpotStatus, type SpotRequest } from "../spot-request";
import { readSpotTerms } from "../spot-terms";
import { readTagSpecifications } from "../tags";
import type { Ec2Operation } from "./operation";

const KNOWN = new Set(["ClientToken", "DryRun", "InstanceCount", "InstanceInterruptionBehavior", "LaunchSpecification", "SpotPrice", "TagSpecification", "Type", "ValidFrom", "ValidUntil"]);

/** How long a one-time request is valid when it does not say so itself: seven days. */
const VALID_FOR = seconds(7 * 86_400);

export const requestSpotInstances: Ec2Operation = (core) => (input, context) =>
  core.idempotency.once("RequestSpotInstances", text(input, "ClientToken"), input, async () => {
    refuseOthers(input, KNOWN, "RequestSpotInstances");
    const count = whole(input, "InstanceCount", 1) ?? 1;
    const terms = readSpotTerms(input, "Type", "SpotPrice");
    const tags = readTagSpecifications(input, ["spot-instances-request"]).get("spot-instances-request") ?? new Map<string, string>();
    const specification = structure(input, "LaunchSpecification");
    if (Object.keys(specification).length === 0) throw ec2Error("MissingParameter", "The request must contain the parameter LaunchSpecification");
    const plan = await resolveLaunch(core, context, specification, "RequestSpotInstances (LaunchSpecification)");
    const validFrom = readTime(input, "ValidFrom");
    const validUntil = readTime(input, "ValidUntil") ?? toDate(core.now() + VALID_FOR);
    if (fromDate(validUntil) <= core.now()) throw invalidValue(validUntil.toISOString(), "validUntil", "It must be in the future.");
    if (validFrom && validFrom >= validUntil) throw invalidValue(validFrom.toISOString(), "validFrom", "It must be before validUntil.");
    plan.spot = terms;
    plan.spotRequestTags = tags;
    permitSpotRequest(core, context, plan, plan.subnets[0]!);
    refuseDryRun(input);
    const refusal = requestRefusal(core, plan, count);
    if (refusal) throw refusal;
    const requests = Array.from({ length: count }, () => core.requestSpot(plan, { ...(validFrom ? { validFrom } : {}), validUntil }));
    for (const request of requests) core.region.clock.spawn(`spot request ${request.id}`, () => fulfil(core, request));
    return { spotInstanceRequestSet: requests.map((request) => spotRequestOut(core, request)) };
  });

function readTime(input: Wire, name: string): Date | undefined {
  const value = text(input, name);
  if (!value) return undefined;
  const time = new Date(value);
  if (Number.isNaN(time.getTime())) throw invalidValue(value, name.charAt(0).toLowerCase() + name.slice(1));
  return time;
}

/** From evaluation to an instance, however long that takes; ends when the request is cancelled or expires. */
async function fulfil(core: Ec2Core, request: SpotRequest): Promise<void> {
  const { clock } = core.region;
  const pause = seconds(core.settings.spotEvaluationSeconds);
  const isOpen = (): boolean => request.state === "open";
  await clock.sleep(pause);
  if (request.validFrom && fromDate(request.validFrom) > clock.now()) {
    if (isOpen()) setSpotStatus(core, request, "not-scheduled-yet");
    await clock.sleepUntil(fromDate(request.validFrom));
  }
  while (isOpen()) {
    const subnet = pick(core, request);
    if (subnet) {
      request.zone = subnet.zone;
      request.subnetId = subnet.subnetId;
      setSpotStatus(core, request, "pending-fulfillment");
      await clock.sleep(pause);
      if (!isOpen()) return;
      if (launch(core, request, subnet)) return;
      continue;
    }
    const left = request.validUntil ? fromDate(request.validUntil) - clock.now() : undefined;
    if (left !== undefined && left <= 0) {
      setSpotStatus(core, request, "schedule-expired");
      return;
    }
    await core.capacityChanged.wait(left);
  }
}

/** The first zone that can take it; without one, the request's status says why. */
function pick(core: Ec2Core, request: SpotRequest): Subnet | undefined {
  let refusal: AwsError | undefined;
  for (const subnet of request.plan.subnets) {
    const here = launchRefusal(core, request.plan, subnet);
    if (!here) return subnet;
    refusal ??= here;
  }
  if (refusal?.code === "SpotMaxPriceTooLow") setSpotStatus(core, request, "price-too-low", refusal.message);
  else setSpotStatus(core, request, "capacity-not-available", refusal?.message);
  return undefined;
}

function launch(core: Ec2Core, request: SpotRequest, subnet: Subnet): boolean {
  try {
    launchInstances(core, request.plan, subnet, 1, { reservationId: newReservationId(core), spotRequest: request });
    return true;
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    if (error.code === "InsufficientInstanceCapacity" || error.code === "SpotMaxPriceTooLow") return false;
    setSpotStatus(core, request, "bad-parameters", error.message);
    return true;
  }
}

