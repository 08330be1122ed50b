/**
 * Aliases of a state machine: a name for one version, or for two of which each is taken with a weight.
 * https://docs.aws.amazon.com/step-functions/latest/dg/concepts-state-machine-alias.html
 */
import type { Random } from "../../../time/clock";
import { aliasNotFound, constraint, memberNull, validation } from "./errors";
import { checkArn } from "./names";
import type { Alias, MachineRecord, Route, SfnStore, Version } from "./store";

const NAME = /^(?=.*[a-zA-Z_\-.])[a-zA-Z0-9_\-.]+$/;
const MOST_ROUTES = 2;

export interface RouteInput { stateMachineVersionArn?: string; weight?: number }

/** Throws AwsError ValidationException. */
export function checkAliasName(name: string | undefined): string {
  if (name === undefined) throw memberNull("name");
  if (!NAME.test(name)) throw constraint(name, "name", "Member must satisfy regular expression pattern: ^(?=.*[a-zA-Z_\\-\\.])[a-zA-Z0-9_\\-\\.]+$");
  return name;
}

/** The routes, and the machine to whose versions they lead. Throws AwsError ValidationException, ResourceNotFound. */
export function readRoutes(store: SfnStore, given: readonly RouteInput[] | undefined): { machine: MachineRecord; routes: Route[] } {
  if (given === undefined) throw memberNull("routingConfiguration");
  const shown = `[${given.map(({ stateMachineVersionArn, weight }) => `RoutingConfigurationListItem(stateMachineVersionArn=${stateMachineVersionArn}, weight=${weight})`).join(", ")}]`;
  if (given.length === 0) throw constraint(shown, "routingConfiguration", "Member must have length greater than or equal to 1");
  if (given.length > MOST_ROUTES) throw constraint(shown, "routingConfiguration", `Member must have length less than or equal to ${MOST_ROUTES}`);
  const routes = given.map(({ stateMachineVersionArn, weight }, index): Route => {
    const member = `routingConfiguration.${index + 1}.member`;
    if (stateMachineVersionArn === undefined) throw memberNull(`${member}.stateMachineVersionArn`);
    if (weight === undefined) throw memberNull(`${member}.weight`);
    if (weight < 0) throw constraint(weight, `${member}.weight`, "Member must have value greater than or equal to 0");
    if (weight > 100) throw constraint(weight, `${member}.weight`, "Member must have value less than or equal to 100");
    return { stateMachineVersionArn, weight };
  });
  const arns = routes.map(({ stateMachineVersionArn }) => stateMachineVersionArn);
  const owners = arns.map((arn) => machineOf(store, arn));
  if (arns.some((arn) => !/:\d+$/.test(arn))) throw validation(`Routing configuration must contain state machine version ARNs. Received: [${arns.join(", ")}]`);
  if (new Set(arns).size < arns.length) throw validation(`Routing configuration must contain distinct state machine version ARNs. Received: [${arns.join(", ")}]`);
  const sum = routes.reduce((total, { weight }) => total + weight, 0);
  if (sum !== 100) throw validation(`Sum of routing configuration weights must equal 100. Received: [${routes.map(({ weight }) => weight).join(", ")}]`);
  const machine = owners[0];
  if (machine === undefined || owners.some((owner) => owner === undefined)) throw aliasNotFound();
  if (owners.some((owner) => owner !== machine)) throw validation(`Routing configuration must contain versions of one state machine. Received: [${arns.join(", ")}]`);
  if (arns.some((arn) => !machine.versions.some((version) => version.arn === arn))) throw aliasNotFound();
  return { machine, routes };
}

const machineOf = (store: SfnStore, versionArn: string): MachineRecord | undefined => {
  const arn = checkArn(versionArn, "stateMachineVersionArn");
  return store.machines.get(arn.slice(0, arn.lastIndexOf(":")));
};

/** Throws AwsError ResourceNotFound. */
export function findAlias(store: SfnStore, given: string | undefined): { machine: MachineRecord; alias: Alias } {
  const arn = checkArn(given, "stateMachineAliasArn");
  const colon = arn.lastIndexOf(":");
  const machine = store.machines.get(arn.slice(0, colon));
  const alias = machine?.aliases.get(arn.slice(colon + 1));
  if (machine === undefined || alias === undefined) throw aliasNotFound();
  return { machine, alias };
}

/** The version that one execution started through an alias gets. */
export function versionBehind({ versions }: MachineRecord, { routes }: Alias, random: Random): Version {
  const [first, second] = routes as [Route, Route | undefined];
  const taken = second !== undefined && random.next() * 100 >= first.weight ? second : first;
  return versions.find(({ arn }) => arn === taken.stateMachineVersionArn) as Version;
}
