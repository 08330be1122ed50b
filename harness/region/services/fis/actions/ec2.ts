/** Actions on EC2. https://docs.aws.amazon.com/fis/latest/userguide/fis-actions-reference.html#ec2-actions-reference */
import type { Ec2Service } from "../../ec2";
import { commaList, duration, faultDuration, hold, percentage, secondsOf, split, type ActionDefinition } from "./definition";

/**
 * A rebalance recommendation at once, the notice two minutes before the interruption. The action is over when the instances
 * have been interrupted; what has been announced is not taken back when the experiment stops.
 */
export const sendSpotInstanceInterruptions: ActionDefinition = {
  id: "aws:ec2:send-spot-instance-interruptions", description: "Interrupt the specified EC2 Spot Instances.", targets: { SpotInstances: "aws:ec2:spot-instance" },
  parameters: { durationBeforeInterruption: duration(120, 900, "PT2M to PT15M", "The time to wait before interrupting the instance, from 2 to 15 minutes.") },
  async run({ region, authorize, targets, wait, parameters }) {
    const seconds = secondsOf(parameters["durationBeforeInterruption"]);
    const instances = targets("SpotInstances");
    await authorize("ec2", "SendSpotInstanceInterruptions", { InstanceIds: instances.map(({ id }) => id) });
    for (const { id } of instances) {
      region.service<Ec2Service>("ec2").interrupt(id, { by: "experiment", durationBeforeInterruptionSeconds: seconds, noticeSeconds: region.settings.noticeSeconds, rebalance: true });
    }
    await wait(seconds);
  },
};

export const terminateInstances: ActionDefinition = {
  id: "aws:ec2:terminate-instances", description: "Terminate the specified EC2 instances.", targets: { Instances: "aws:ec2:instance" }, parameters: {},
  async run({ region, role, targets }) {
    await region.call(role.caller, "ec2", "TerminateInstances", { InstanceIds: targets("Instances").map(({ id }) => id) });
  },
};

/** RunInstances and CreateFleet of the role find no capacity; requests for capacity in several zones are not affected. */
export const insufficientInstanceCapacity: ActionDefinition = {
  id: "aws:ec2:api-insufficient-instance-capacity-error", description: "Inject InsufficientInstanceCapacity error responses on requests made by the target IAM roles.",
  targets: { Roles: "aws:iam:role" },
  parameters: {
    duration: faultDuration, percentage,
    availabilityZoneIdentifiers: commaList("The Availability Zones, by id or by name, separated using commas.", /^[a-z]{2,5}(-[a-z]+-\d+[a-z]|[a-z]*\d+-az\d+)$/, "names or ids of Availability Zones"),
  },
  async run(context) {
    const { parameters, region } = context;
    const roleArns = context.targets("Roles").map(({ arn }) => arn);
    await context.authorize("ec2", "InjectApiError", { roleArns, actionId: "aws:ec2:api-insufficient-instance-capacity-error" });
    await hold(region.service<Ec2Service>("ec2").injectInsufficientCapacity({
      roleArns, percentage: Number(parameters["percentage"]), zones: split(parameters["availabilityZoneIdentifiers"]!),
    }), context);
  },
};
