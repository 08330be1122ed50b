/** What Elastic Load Balancing holds: load balancers, their listeners, target groups with their targets; each by its ARN. */
import type { Microseconds, Random } from "../../../time/clock";
import { parseArn } from "../../core/arn";
import type { RegionContext } from "../../core/types";
import { listenerNotFound, loadBalancerNotFound, targetGroupNotFound, validation } from "./errors";
import { isRegistered, healthOf, type TargetHealth } from "./health";
import type { LoadBalancerType, Target, TargetGroup } from "./target-group";

export interface LoadBalancer {
  arn: string;
  name: string;
  type: LoadBalancerType;
  scheme: "internet-facing" | "internal";
  vpcId: string;
  zones: { ZoneName: string; SubnetId: string }[];
  securityGroups: string[];
  dnsName: string;
  createdAt: Microseconds;
  tags: Map<string, string>;
}

export interface Listener {
  arn: string;
  loadBalancerArn: string;
  protocol: string;
  port: number;
  /** As they were given: each forwards to one target group or several. */
  actions: object[];
  targetGroupArns: string[];
  tags: Map<string, string>;
}

interface Instance { InstanceId: string; VpcId?: string; State: { Name: string } }

export class ElbState {
  readonly loadBalancers = new Map<string, LoadBalancer>();
  readonly listeners = new Map<string, Listener>();
  readonly targetGroups = new Map<string, TargetGroup>();
  readonly #random: Random;

  constructor(readonly region: RegionContext) {
    this.#random = region.random.fork("elbv2");
  }

  now(): Microseconds {
    return this.region.clock.now();
  }

  /** A new ARN: `targetgroup/NAME/0123456789abcdef`. */
  newArn(path: string): string {
    const { partition, regionName, accountId } = this.region;
    return `arn:${partition}:elasticloadbalancing:${regionName}:${accountId}:${path}/${this.newId()}`;
  }

  newId(): string {
    return this.#random.hex(16);
  }

  /** The text, which must be an ARN of that kind. @throws AwsError ValidationError */
  requireArn(arn: string, kind: "target group" | "load balancer" | "listener"): string {
    const parsed = parseArn(arn);
    if (parsed?.service === "elasticloadbalancing" && parsed.resource.startsWith(`${kind.replace(" ", "")}/`)) return arn;
    throw validation(`'${arn}' is not a valid ${kind} ARN`);
  }

  /** @throws AwsError ValidationError, TargetGroupNotFound */
  targetGroup(arn: string): TargetGroup {
    return this.targetGroups.get(this.requireArn(arn, "target group")) ?? raise(targetGroupNotFound());
  }

  /** @throws AwsError ValidationError, LoadBalancerNotFound */
  loadBalancer(arn: string): LoadBalancer {
    return this.loadBalancers.get(this.requireArn(arn, "load balancer")) ?? raise(loadBalancerNotFound());
  }

  /** @throws AwsError ValidationError, ListenerNotFound */
  listener(arn: string): Listener {
    return this.listeners.get(this.requireArn(arn, "listener")) ?? raise(listenerNotFound());
  }

  /** The tags of whatever has that ARN. @throws AwsError ValidationError, and that it is not found */
  tagsOf(arn: string): Map<string, string> {
    const resource = parseArn(arn)?.resource ?? "";
    if (resource.startsWith("targetgroup/")) return this.targetGroup(arn).tags;
    if (resource.startsWith("loadbalancer/")) return this.loadBalancer(arn).tags;
    if (resource.startsWith("listener/")) return this.listener(arn).tags;
    throw validation(`'${arn}' is not a valid load balancer, listener or target group ARN`);
  }

  /** The load balancers whose listeners forward to a group. */
  usersOf(group: TargetGroup): string[] {
    return [...new Set(this.listenersOf(group).map(({ loadBalancerArn }) => loadBalancerArn))];
  }

  listenersOf(group: TargetGroup): Listener[] {
    return [...this.listeners.values()].filter(({ targetGroupArns }) => targetGroupArns.includes(group.arn));
  }

  /** Whether a load balancer uses a group: only then its targets are checked, and drain when they are deregistered. */
  isInUse(group: TargetGroup): boolean {
    return this.usersOf(group).length > 0;
  }

  /** A load balancer begins to use a group: its registered targets are checked from now on. */
  startChecks(group: TargetGroup): void {
    if (this.listenersOf(group).length > 1) return;
    for (const target of this.targetsOf(group)) target.registeredAt = this.now();
  }

  /** The targets that count now; those whose draining is over are forgotten. */
  targetsOf(group: TargetGroup): Target[] {
    return (group.targets = group.targets.filter((target) => isRegistered(target, this.now())));
  }

  /** What EC2 knows of instances; those that it does not know are not there. */
  async instances(ids: readonly string[]): Promise<Map<string, Instance>> {
    if (ids.length === 0) return new Map();
    const { region } = this;
    // By a filter: of an id that EC2 does not know nothing is told, instead of an error for all.
    const { Reservations = [] } = await region.call<{ Reservations?: { Instances: Instance[] }[] }>(region.admin, "ec2", "DescribeInstances", { Filters: [{ Name: "instance-id", Values: [...new Set(ids)] }] });
    return new Map(Reservations.flatMap(({ Instances }) => Instances).map((instance) => [instance.InstanceId, instance]));
  }

  async healthOf(group: TargetGroup, asked: readonly { id: string; port: number }[]): Promise<TargetHealth[]> {
    const instances = await this.instances(asked.map(({ id }) => id));
    const targets = this.targetsOf(group);
    const isInUse = this.isInUse(group);
    return asked.map(({ id, port }) => healthOf(group, targets.find((target) => target.id === id && target.port === port), instances.get(id)?.State.Name, isInUse, this.now()));
  }
}

function raise(error: Error): never {
  throw error;
}
