/** Target groups, load balancers and listeners in the API's shapes. */
import { toDate } from "../../../time/clock";
import type { ElbState, Listener, LoadBalancer } from "./state";
import type { TargetGroup } from "./target-group";

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroup.html */
export function describeTargetGroup(state: ElbState, group: TargetGroup): object {
  return {
    TargetGroupArn: group.arn, TargetGroupName: group.name, Protocol: group.protocol, Port: group.port, VpcId: group.vpcId,
    ...group.healthCheck,
    LoadBalancerArns: state.usersOf(group), TargetType: "instance",
    ...(group.protocolVersion === undefined ? {} : { ProtocolVersion: group.protocolVersion }),
    IpAddressType: "ipv4",
  };
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancer.html */
export function describeLoadBalancer(balancer: LoadBalancer): object {
  return {
    LoadBalancerArn: balancer.arn, DNSName: balancer.dnsName, CreatedTime: toDate(balancer.createdAt), LoadBalancerName: balancer.name, Scheme: balancer.scheme,
    VpcId: balancer.vpcId, State: { Code: "active" }, Type: balancer.type, AvailabilityZones: balancer.zones,
    ...(balancer.securityGroups.length > 0 ? { SecurityGroups: balancer.securityGroups } : {}),
    IpAddressType: "ipv4",
  };
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_Listener.html */
export const describeListener = (listener: Listener): object => ({
  ListenerArn: listener.arn, LoadBalancerArn: listener.loadBalancerArn, Port: listener.port, Protocol: listener.protocol, DefaultActions: listener.actions,
});

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroupAttribute.html */
export const describeAttributes = (attributes: ReadonlyMap<string, string>): object => ({ Attributes: [...attributes].map(([Key, Value]) => ({ Key, Value })) });

export const tagList = (tags: ReadonlyMap<string, string>): object[] => [...tags].map(([Key, Value]) => ({ Key, Value }));
