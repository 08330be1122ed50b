/** What of Elastic Load Balancing is refused by name, and what is simpler than on AWS. */
import type { RefusedMembers } from "../../core/unsupported";

export const REFUSED = {
  targetTypes: "target types other than instance",
  protocols: "the protocols GENEVE, QUIC and TCP_QUIC",
  loadBalancerTypes: "load balancers other than application and network ones",
  actions: "actions of listeners other than forward",
} as const;

export const SIMPLIFIED = {
  traffic: "No traffic flows: a load balancer is there so that a target group is in use, and nobody connects to its name.",
  healthChecks: "A target answers every health check as long as its instance runs; none is sent, so a target is never unhealthy.",
  loadBalancers: "A load balancer is active at once, which takes AWS some minutes.",
  registration: "A target is being registered for 10 s, and then for one health check (Application Load Balancer) or for HealthyThresholdCount of them (Network Load Balancer) in its initial checks.",
  terminated: "A target whose instance is terminated stays registered, unused with Target.InvalidState, until it is deregistered.",
  attributes: "Of a target group's attributes deregistration_delay.timeout_seconds does something; the others are kept.",
} as const;

export const REFUSED_MEMBERS: RefusedMembers = {
  CreateTargetGroup: { IpAddressType: ["ipv4"], TargetControlPort: [] },
  DescribeTargetHealth: { Include: [] },
  CreateLoadBalancer: { IpAddressType: ["ipv4"], CustomerOwnedIpv4Pool: [], EnablePrefixForIpv6SourceNat: ["off"], IpamPools: [] },
  CreateListener: { SslPolicy: [], Certificates: [], AlpnPolicy: [], MutualAuthentication: [] },
};
