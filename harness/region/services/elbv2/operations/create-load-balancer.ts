/** Creates an application or a network load balancer; the same one again when nothing differs. https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html */
import { AwsError, type Operation } from "../../../core/types";
import { notSupported } from "../../../core/unsupported";
import { describeLoadBalancer } from "../describe";
import { duplicateName, invalidConfiguration, validation } from "../errors";
import { listIn, nameIn, tagsIn, textsIn, wordIn, type Input } from "../input";
import { REFUSED } from "../limits";
import type { ElbState, LoadBalancer } from "../state";

interface Subnet { SubnetId: string; VpcId: string; AvailabilityZone: string }

export const createLoadBalancer = (state: ElbState): Operation<Input> => async (input) => {
  const name = nameIn(input, "Load balancer");
  const type = wordIn(input, "Type", ["application", "network", "gateway"]) ?? "application";
  if (type === "gateway") throw validation(notSupported(REFUSED.loadBalancerTypes, type));
  const scheme = wordIn(input, "Scheme", ["internet-facing", "internal"]) ?? "internet-facing";
  const securityGroups = textsIn(input, "SecurityGroups");
  const subnets = await subnetsIn(state, input);
  const zones = subnets.map(({ AvailabilityZone, SubnetId }) => ({ ZoneName: AvailabilityZone, SubnetId }));
  if (new Set(zones.map(({ ZoneName }) => ZoneName)).size < zones.length) throw invalidConfiguration("A load balancer cannot be attached to multiple subnets in the same Availability Zone");
  if (zones.length < (type === "application" ? 2 : 1)) throw validation("At least two subnets in two different Availability Zones must be specified");
  const present = [...state.loadBalancers.values()].find((other) => other.name === name);
  const settings = { name, type, scheme, vpcId: subnets[0]!.VpcId, zones, securityGroups };
  if (present && JSON.stringify(settingsOf(present)) !== JSON.stringify(settings)) throw duplicateName("DuplicateLoadBalancerName", "load balancer", name);
  const arn = present?.arn ?? state.newArn(`loadbalancer/${type === "application" ? "app" : "net"}/${name}`);
  const made: LoadBalancer = present ?? { ...settings, arn, dnsName: dnsName(state, name, type, scheme), createdAt: state.now(), tags: tagsIn(input) };
  state.loadBalancers.set(arn, made);
  return { LoadBalancers: [describeLoadBalancer(made)] };
};

const settingsOf = ({ name, type, scheme, vpcId, zones, securityGroups }: LoadBalancer): object => ({ name, type, scheme, vpcId, zones, securityGroups });

const dnsName = (state: ElbState, name: string, type: LoadBalancer["type"], scheme: string): string => {
  const unique = `${scheme === "internal" ? "internal-" : ""}${name}-${state.newId()}`;
  return type === "application" ? `${unique}.${state.region.regionName}.elb.amazonaws.com` : `${unique}.elb.${state.region.regionName}.amazonaws.com`;
};

async function subnetsIn(state: ElbState, input: Input): Promise<Subnet[]> {
  const mappings = listIn(input, "SubnetMappings");
  const fixed = mappings.flatMap((mapping) => ["AllocationId", "PrivateIPv4Address", "IPv6Address", "SourceNatIpv6Prefix"].filter((member) => mapping[member] !== undefined))[0];
  if (fixed !== undefined) throw validation(notSupported(`the parameter SubnetMappings.${fixed} of CreateLoadBalancer`));
  const ids = [...textsIn(input, "Subnets"), ...mappings.map(({ SubnetId }) => String(SubnetId))];
  const { Subnets } = await state.region.call<{ Subnets: Subnet[] }>(state.region.admin, "ec2", "DescribeSubnets", {});
  return ids.map((id) => {
    const found = Subnets.find(({ SubnetId }) => SubnetId === id);
    if (!found) throw new AwsError("SubnetNotFound", `The subnet ID '${id}' does not exist`);
    return found;
  });
}
