/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html */
import type { Ec2Core } from "../core";
import { ec2Error, invalidValue } from "../errors";
import { refuseDryRun } from "../dry-run";
import { structure, text, whole } from "../input";
import { mergeLaunchData, resolveLaunch, type LaunchPlan } from "../launch-data";
import { permitRunInstances } from "../launch-permissions";
import { launchInstances, launchRefusal, lifecycleOf, newReservationId, type LaunchContext } from "../launch";
import type { Subnet } from "../network";
import { reservationOut } from "../render";
import { readTagSpecifications } from "../tags";
import type { Ec2Operation } from "./operation";

/** Launches MinCount to MaxCount instances, all in one zone; Spot ones with requests of their own, fulfilled at once or not at all. */
export const runInstances: Ec2Operation = (core) => (input, context) =>
  core.idempotency.once("RunInstances", text(input, "ClientToken"), input, async () => {
    const most = whole(input, "MaxCount", 1);
    const least = whole(input, "MinCount", 1);
    if (most === undefined || least === undefined) throw ec2Error("MissingParameter", `The request must contain the parameter ${most === undefined ? "MaxCount" : "MinCount"}`);
    if (least > most) throw invalidValue(String(least), "minCount", "MinCount may not exceed MaxCount.");
    readTagSpecifications(input, ["instance", "volume", "spot-instances-request", "network-interface"]);
    const from = structure(input, "LaunchTemplate");
    let data = input;
    let template: LaunchContext["template"];
    if (Object.keys(from).length > 0) {
      const found = core.templates.find(from);
      const version = core.templates.version(found, text(from, "Version"));
      template = { template: found, version };
      data = mergeLaunchData(version.data, input);
    }
    const plan = await resolveLaunch(core, context, data, "RunInstances");
    permitRunInstances(core, context, plan, plan.subnets[0]!, template?.template);
    refuseDryRun(input);
    if (core.faults.withholdsCapacity(context.caller, new Set(plan.subnets.map(({ zone }) => zone)))) {
      throw core.capacity.insufficient({ instanceType: plan.type.name, zone: plan.subnets[0]!.zone }, lifecycleOf(plan));
    }
    const { subnet, count } = choose(core, plan, least, most);
    const clientToken = text(input, "ClientToken");
    const reservationId = newReservationId(core);
    const instances = launchInstances(core, plan, subnet, count, { reservationId, ...(clientToken ? { clientToken } : {}), ...(template ? { template } : {}) });
    return reservationOut(core, reservationId, instances);
  });

/** The first zone that can take all, or else the one that can take most. @throws AwsError the first zone's refusal, when none can take the least */
function choose(core: Ec2Core, plan: LaunchPlan, least: number, most: number): { subnet: Subnet; count: number } {
  const lifecycle = lifecycleOf(plan);
  let best: { subnet: Subnet; count: number } | undefined;
  for (const subnet of plan.subnets) {
    const pool = core.capacity.pool(plan.type.name, subnet.zone);
    const count = launchRefusal(core, plan, subnet) ? 0 : Math.min(most, pool.limit[lifecycle] - pool.used[lifecycle]);
    if (count >= least && (!best || count > best.count)) best = { subnet, count };
    if (count === most) break;
  }
  if (best) return best;
  throw launchRefusal(core, plan, plan.subnets[0]!) ?? core.capacity.insufficient({ instanceType: plan.type.name, zone: plan.subnets[0]!.zone }, lifecycle);
}
