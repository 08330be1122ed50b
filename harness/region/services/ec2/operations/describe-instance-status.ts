/**
 * Instances that run, unless all are asked for; here machines pass their checks, from two minutes after they run.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstanceStatus.html
 */
import { seconds } from "../../../../time/clock";
import { filtered } from "../filters";
import { flag, texts } from "../input";
import { STATE_CODES, type Instance } from "../instance";
import { paged } from "../paging";
import { stateOut } from "../render";
import type { Ec2Operation } from "./operation";

const INITIALIZING_SECONDS = 120;

export const describeInstanceStatus: Ec2Operation = (core) => {
  const status = (instance: Instance): string => {
    if (instance.state !== "running") return "not-applicable";
    const runningSince = instance.launchedAt + seconds(core.region.settings.launchSeconds);
    if (core.now() < runningSince + seconds(INITIALIZING_SECONDS)) return "initializing";
    return instance.suspended ? "impaired" : "ok";
  };
  return (input) => {
    const ids = texts(input, "InstanceId");
    const asked = ids.length > 0 ? core.instancesWithIds(ids) : core.visibleInstances();
    const shown = flag(input, "IncludeAllInstances") ? asked : asked.filter(({ state }) => state === "running");
    const matching = filtered(shown, input, {
      "availability-zone": ({ subnet }) => subnet.zone,
      "instance-state-code": ({ state }) => STATE_CODES[state],
      "instance-state-name": ({ state }) => state,
      "instance-status.status": status,
      "system-status.status": (instance) => (status(instance) === "impaired" ? "ok" : status(instance)),
    });
    const { items, nextToken } = paged(matching, input, ({ id }) => id);
    const summary = (state: string): object => ({
      status: state, details: state === "not-applicable" ? [] : [{ name: "reachability", status: state === "ok" ? "passed" : state === "impaired" ? "failed" : "initializing" }],
    });
    return {
      instanceStatusSet: items.map((instance) => ({
        instanceId: instance.id, availabilityZone: instance.subnet.zone, availabilityZoneId: instance.subnet.zoneId, instanceState: stateOut(instance.state),
        instanceStatus: summary(status(instance)), systemStatus: summary(status(instance) === "impaired" ? "ok" : status(instance)),
      })),
      nextToken,
    };
  };
};
