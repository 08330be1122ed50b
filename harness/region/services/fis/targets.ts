/**
 * Targets are resolved once, when the experiment starts: by ARN, or by tags and then filters; then some are chosen at random.
 * https://docs.aws.amazon.com/fis/latest/userguide/targets.html
 */
import type { Random } from "../../../time/clock";
import { parseArn } from "../../core/arn";
import { AwsError, type RegionContext, type RoleSession } from "../../core/types";
import type { ResolvedResource, TemplateTarget } from "./model";

interface DescribedInstance { InstanceId: string; InstanceLifecycle?: string; [member: string]: unknown }
interface DescribedReservations { Reservations?: { Instances?: DescribedInstance[] }[]; NextToken?: string }

/** The resources of a target, the chosen ones. @throws AwsError when the role may not look them up */
export async function resolveTarget(region: RegionContext, role: RoleSession, target: TemplateTarget, random: Random): Promise<ResolvedResource[]> {
  return select(await identify(region, role, target), target.selectionMode, random);
}

function identify(region: RegionContext, role: RoleSession, target: TemplateTarget): Promise<ResolvedResource[]> {
  if (target.resourceType === "aws:iam:role") return roles(region, target.resourceArns ?? []);
  return target.resourceType === "aws:ec2:subnet" ? subnets(region, role, target) : instances(region, role, target);
}

/** By ARN, or by tags, parameters and filters together. */
async function subnets(region: RegionContext, role: RoleSession, { resourceArns, resourceTags = {}, parameters = {}, filters }: TemplateTarget): Promise<ResolvedResource[]> {
  const { availabilityZoneIdentifier: zone, vpc } = parameters;
  const Filters = [
    ...tagFilters(resourceTags),
    ...(zone === undefined ? [] : [{ Name: /\d-az\d|^[a-z]+\d*-az\d/.test(zone) ? "availability-zone-id" : "availability-zone", Values: [zone] }]),
    ...(vpc === undefined ? [] : [{ Name: "vpc-id", Values: [vpc.slice(vpc.lastIndexOf("/") + 1)] }]),
  ];
  const { Subnets = [] } = await region.call<{ Subnets?: { SubnetId: string; SubnetArn: string }[] }>(role.caller, "ec2", "DescribeSubnets", Filters.length > 0 ? { Filters } : {});
  return Subnets.filter((subnet) => (resourceArns?.includes(subnet.SubnetArn) ?? true) && passes(subnet, filters)).map(({ SubnetId: id, SubnetArn: arn }) => ({ id, arn }));
}

const tagFilters = (tags: Readonly<Record<string, string>>): { Name: string; Values: string[] }[] =>
  Object.entries(tags).map(([key, value]) => ({ Name: `tag:${key}`, Values: [value.replace(/[\\*?]/g, "\\$&")] }));

/** Whether all filters hold of a resource's description. */
const passes = (described: unknown, filters: TemplateTarget["filters"] = []): boolean =>
  filters.every(({ path, values }) => valuesAt(described, path.split(".")).some((value) => values.includes(value)));

/** A role can be a target by its ARN alone; one that does not exist is none. FIS looks it up by itself, with its service-linked role. */
async function roles(region: RegionContext, arns: readonly string[]): Promise<ResolvedResource[]> {
  const found: ResolvedResource[] = [];
  for (const arn of arns) {
    const id = arn.slice(arn.lastIndexOf("/") + 1);
    try {
      await region.call(region.admin, "iam", "GetRole", { RoleName: id });
      found.push({ arn, id });
    } catch (error) {
      if (!(error instanceof AwsError) || !/NoSuchEntity/.test(error.code)) throw error;
    }
  }
  return found;
}

async function instances(region: RegionContext, role: RoleSession, target: TemplateTarget): Promise<ResolvedResource[]> {
  const described = target.resourceArns ? await byArn(region, role, target.resourceArns) : await byTags(region, role, target.resourceTags ?? {});
  const wanted = described
    .filter((instance) => target.resourceType !== "aws:ec2:spot-instance" || instance.InstanceLifecycle === "spot")
    .filter((instance) => passes(instance, target.filters));
  return wanted.map(({ InstanceId: id }) => ({ id, arn: `arn:${region.partition}:ec2:${region.regionName}:${region.accountId}:instance/${id}` }));
}

async function byArn(region: RegionContext, role: RoleSession, arns: readonly string[]): Promise<DescribedInstance[]> {
  const ids = arns.flatMap((text) => {
    const arn = parseArn(text);
    return arn?.region === region.regionName && arn.accountId === region.accountId ? [arn.resource.slice(arn.resource.lastIndexOf("/") + 1)] : [];
  });
  const found: DescribedInstance[] = [];
  for (const id of ids) {
    try {
      found.push(...flatten(await region.call<DescribedReservations>(role.caller, "ec2", "DescribeInstances", { InstanceIds: [id] })));
    } catch (error) {
      if (!(error instanceof AwsError) || !error.code.startsWith("InvalidInstanceID")) throw error;
    }
  }
  return found;
}

async function byTags(region: RegionContext, role: RoleSession, tags: Readonly<Record<string, string>>): Promise<DescribedInstance[]> {
  return flatten(await region.call<DescribedReservations>(role.caller, "ec2", "DescribeInstances", { Filters: tagFilters(tags) }));
}

const flatten = ({ Reservations = [] }: DescribedReservations): DescribedInstance[] => Reservations.flatMap(({ Instances = [] }) => Instances);

/** What stands at a path of a resource's description, as texts; a list on the way stands for each of its members. */
function valuesAt(value: unknown, path: readonly string[]): string[] {
  if (Array.isArray(value)) return value.flatMap((member) => valuesAt(member, path));
  if (value === undefined || value === null) return [];
  const [name, ...rest] = path;
  if (name === undefined) return typeof value === "object" ? [] : [String(value)];
  return typeof value === "object" ? valuesAt((value as Record<string, unknown>)[name], rest) : [];
}

/** ALL, COUNT(n) or PERCENT(n), rounded down, of them, drawn at random. */
function select(identified: ResolvedResource[], mode: string, random: Random): ResolvedResource[] {
  const [, kind, number] = /^(COUNT|PERCENT)\((\d+)\)$/.exec(mode) ?? [];
  if (!kind) return identified;
  const count = kind === "COUNT" ? Number(number) : Math.floor((identified.length * Number(number)) / 100);
  const left = [...identified];
  const chosen: ResolvedResource[] = [];
  while (chosen.length < count && left.length > 0) chosen.push(...left.splice(random.integer(left.length), 1));
  return chosen;
}
