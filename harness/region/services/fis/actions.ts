/**
 * The actions that experiments are made of: one table of what each takes, and what it does.
 * https://docs.aws.amazon.com/fis/latest/userguide/fis-actions-reference.html
 */
import type { AwsError, RegionContext, RoleSession } from "../../core/types";
import type { Ec2Service } from "../ec2";
import { durationSeconds } from "./duration";
import { validation } from "./errors";
import type { ResolvedResource } from "./model";

export interface ParameterDefinition {
  description: string;
  required: boolean;
  /** What is wrong with a value; undefined when nothing is. */
  check(value: string): string | undefined;
}

export interface ActionContext {
  region: RegionContext;
  /** The experiment's role: as whom the action acts. */
  role: RoleSession;
  parameters: Readonly<Record<string, string>>;
  /** The resources of a target, by the action's target key. */
  targets(key: string): readonly ResolvedResource[];
  /** Parks the running actor until the seconds have passed (true) or the experiment stops (false). */
  wait(seconds: number): Promise<boolean>;
}

export interface ActionDefinition {
  id: string;
  description: string;
  parameters: Readonly<Record<string, ParameterDefinition>>;
  /** Resource types by target key. */
  targets: Readonly<Record<string, string>>;
  /** Carries the action out; returns once it is over. What it injected is lifted then, also when the experiment was stopped. @throws AwsError, and the action has failed */
  run(context: ActionContext): Promise<void>;
}

const duration = (leastSeconds: number, mostSeconds: number, range: string, description: string): ParameterDefinition => ({
  description, required: true,
  check(value) {
    const given = durationSeconds(value);
    if (given === undefined) return "it is not a duration in ISO 8601 format, PT2M for example";
    return given < leastSeconds || given > mostSeconds ? `it must be from ${range}` : undefined;
  },
});

const HOURS_12 = 12 * 3600;
const faultDuration = duration(60, HOURS_12, "PT1M to PT12H", "The duration, from one minute to 12 hours.");
const percentage: ParameterDefinition = {
  description: "The percentage (1-100) of calls to inject the fault into.", required: true,
  check: (value) => (/^\d{1,3}$/.test(value) && Number(value) >= 1 && Number(value) <= 100 ? undefined : "it must be a whole number from 1 to 100"),
};
const commaList = (description: string, member: RegExp, of: string): ParameterDefinition => ({
  description, required: true,
  check: (value) => (split(value).length > 0 && split(value).every((one) => member.test(one)) ? undefined : `it must be ${of}, separated by commas`),
});

const split = (value: string): string[] => value.split(",").map((one) => one.trim()).filter((one) => one !== "");
const secondsOf = (value: string): number => durationSeconds(value) ?? 0;
const ec2Of = (region: RegionContext): Ec2Service => region.service<Ec2Service>("ec2");
const ROLES = { Roles: "aws:iam:role" } as const;

/** Holds a fault for a time; it is lifted at the end, however that comes. */
async function hold(lift: () => void, context: ActionContext): Promise<void> {
  try {
    await context.wait(secondsOf(context.parameters["duration"]!));
  } finally {
    lift();
  }
}

function apiErrorAction(kind: "internal" | "throttle" | "unavailable", what: string): ActionDefinition {
  return {
    id: `aws:fis:inject-api-${kind}-error`, description: `Injects ${what} into requests made by the target IAM role.`, targets: ROLES,
    parameters: {
      duration: faultDuration, percentage,
      service: { description: "The target AWS API namespace. The supported value is ec2.", required: true, check: (value) => (value === "ec2" ? undefined : "the only supported value is ec2") },
      operations: commaList("The operations to inject the fault into, separated using commas.", /^[A-Za-z]+$/, "names of API operations"),
    },
    async run(context) {
      const { parameters } = context;
      await hold(ec2Of(context.region).injectApiErrors({
        kind, roleArns: context.targets("Roles").map(({ arn }) => arn), percentage: Number(parameters["percentage"]), operations: split(parameters["operations"]!),
      }), context);
    },
  };
}

const DEFINITIONS: readonly ActionDefinition[] = [
  {
    id: "aws:fis:wait", description: "Wait for the specified duration.", targets: {},
    parameters: { duration: duration(60, HOURS_12, "PT1M to PT12H", "The duration, from one minute to 12 hours.") },
    async run({ wait, parameters }) {
      await wait(secondsOf(parameters["duration"]!));
    },
  },
  {
    // A rebalance recommendation at once, the notice two minutes before the interruption. The action is over when the
    // instances have been interrupted; what has been announced is not taken back when the experiment stops.
    id: "aws:ec2:send-spot-instance-interruptions", description: "Interrupt the specified EC2 Spot Instances.", targets: { SpotInstances: "aws:ec2:spot-instance" },
    parameters: { durationBeforeInterruption: duration(120, 900, "PT2M to PT15M", "The time to wait before interrupting the instance, from 2 to 15 minutes.") },
    async run({ region, targets, wait, parameters }) {
      const seconds = secondsOf(parameters["durationBeforeInterruption"]!);
      for (const { id } of targets("SpotInstances")) {
        ec2Of(region).interrupt(id, { by: "experiment", durationBeforeInterruptionSeconds: seconds, noticeSeconds: region.settings.noticeSeconds, rebalance: true });
      }
      await wait(seconds);
    },
  },
  {
    id: "aws:ec2:terminate-instances", description: "Terminate the specified EC2 instances.", targets: { Instances: "aws:ec2:instance" }, parameters: {},
    async run({ region, role, targets }) {
      await region.call(role.caller, "ec2", "TerminateInstances", { InstanceIds: targets("Instances").map(({ id }) => id) });
    },
  },
  {
    // RunInstances and CreateFleet of the role find no capacity; requests for capacity in several zones are not affected.
    id: "aws:ec2:api-insufficient-instance-capacity-error", description: "Inject InsufficientInstanceCapacity error responses on requests made by the target IAM roles.", targets: ROLES,
    parameters: {
      duration: faultDuration, percentage,
      availabilityZoneIdentifiers: commaList("The Availability Zones, by id or by name, separated using commas.", /^[a-z]{2,5}(-[a-z]+-\d+[a-z]|[a-z]*\d+-az\d+)$/, "names or ids of Availability Zones"),
    },
    async run(context) {
      const { parameters } = context;
      await hold(ec2Of(context.region).injectInsufficientCapacity({
        roleArns: context.targets("Roles").map(({ arn }) => arn), percentage: Number(parameters["percentage"]), zones: split(parameters["availabilityZoneIdentifiers"]!),
      }), context);
    },
  },
  apiErrorAction("internal", "internal errors"),
  apiErrorAction("throttle", "throttling errors"),
  apiErrorAction("unavailable", "unavailable errors"),
];

/** Every action of FIS that the region has, by its id. */
export const ACTIONS: ReadonlyMap<string, ActionDefinition> = new Map(DEFINITIONS.map((definition) => [definition.id, definition]));

/** https://docs.aws.amazon.com/fis/latest/userguide/targets.html#resource-types */
export const RESOURCE_TYPES: Readonly<Record<string, { description: string; byTag: boolean }>> = {
  "aws:ec2:instance": { description: "An Amazon EC2 instance", byTag: true },
  "aws:ec2:spot-instance": { description: "An Amazon EC2 Spot Instance", byTag: true },
  "aws:iam:role": { description: "An IAM role", byTag: false },
};

/** @throws AwsError ValidationException, for an action that the region does not have */
export function actionOf(actionId: string): ActionDefinition {
  const found = ACTIONS.get(actionId);
  if (!found) throw unknownAction(actionId);
  return found;
}

const unknownAction = (actionId: string): AwsError =>
  validation(/^aws:[a-z0-9-]+:[a-z0-9-/]+$/.test(actionId)
    ? `The embedded region does not support the action ${actionId}. It supports: ${[...ACTIONS.keys()].join(", ")}.`
    : `The action id '${actionId}' is not valid.`);
