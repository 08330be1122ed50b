/** Actions of FIS itself: waiting, and errors in the API calls of a role. */
import type { Ec2Service } from "../../ec2";
import { REFUSED } from "../limits";
import { faultDuration, commaList, hold, percentage, secondsOf, split, type ActionDefinition } from "./definition";

/** The service's second namespace, kinesis, is no service of this region. */
const SERVICES = ["ec2"];

export const wait: ActionDefinition = {
  id: "aws:fis:wait", description: "Wait for the specified duration.", targets: {}, parameters: { duration: faultDuration },
  async run({ wait: waitFor, parameters }) {
    await waitFor(secondsOf(parameters["duration"]));
  },
};

function apiErrorAction(kind: "internal" | "throttle" | "unavailable", what: string): ActionDefinition {
  return {
    id: `aws:fis:inject-api-${kind}-error`, description: `Injects ${what} into requests made by the target IAM role.`, targets: { Roles: "aws:iam:role" },
    parameters: {
      duration: faultDuration, percentage,
      service: {
        description: "The target AWS API namespace. The supported value is ec2.", required: true,
        check: (value) => (SERVICES.includes(value) ? undefined : value === "kinesis" ? `the embedded region does not support ${REFUSED.kinesis}` : "the supported values are ec2 and kinesis"),
      },
      operations: commaList("The operations to inject the fault into, separated using commas.", /^[A-Za-z][A-Za-z0-9]*$/, "names of API operations"),
    },
    async run(context) {
      const { parameters, region } = context;
      const roleArns = context.targets("Roles").map(({ arn }) => arn);
      await context.authorize("fis", `InjectApi${kind[0]!.toUpperCase()}${kind.slice(1)}Error`, { roleArns, service: parameters["service"], operations: split(parameters["operations"]!) });
      await hold(region.service<Ec2Service>("ec2").injectApiErrors({
        kind, roleArns, percentage: Number(parameters["percentage"]), operations: split(parameters["operations"]!),
      }), context);
    },
  };
}

export const injectApiErrors: readonly ActionDefinition[] = [
  apiErrorAction("internal", "internal errors"),
  apiErrorAction("throttle", "throttling errors"),
  apiErrorAction("unavailable", "unavailable errors"),
];
