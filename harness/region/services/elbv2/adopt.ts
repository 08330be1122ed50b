/**
 * A target group that someone made before the deployment that names it: given its ARN, which CreateTargetGroup would choose. A load
 * balancer of the default VPC uses it, so that its targets are checked and drain.
 */
import { parseArn } from "../../core/arn";
import type { ElbState } from "./state";

/** @throws Error when it is not the ARN of a target group of this region and account; AwsError, as the operations that make the load balancer */
export async function adoptTargetGroup(state: ElbState, arn: string): Promise<void> {
  const { region } = state;
  const [kind, name = "", id] = parseArn(arn)?.resource.split("/") ?? [];
  const own = `arn:${region.partition}:elasticloadbalancing:${region.regionName}:${region.accountId}:targetgroup/${name}/${id}`;
  if (kind !== "targetgroup" || arn !== own) throw new Error(`${arn} is no target group of this region and account; ${region.regionName} and ${region.accountId} are`);
  const call = <O>(service: string, operation: string, input: object): Promise<O> => region.call<O>(region.admin, service, operation, input);
  const { Vpcs } = await call<{ Vpcs: { VpcId: string }[] }>("ec2", "DescribeVpcs", { Filters: [{ Name: "is-default", Values: ["true"] }] });
  const vpcId = Vpcs[0]!.VpcId;
  const { TargetGroups } = await call<{ TargetGroups: { TargetGroupArn: string }[] }>("elastic-load-balancing-v2", "CreateTargetGroup", { Name: name, Protocol: "HTTP", Port: 80, VpcId: vpcId });
  const group = state.targetGroup(TargetGroups[0]!.TargetGroupArn);
  state.targetGroups.delete(group.arn);
  group.arn = arn;
  state.targetGroups.set(arn, group);
  const { Subnets } = await call<{ Subnets: { SubnetId: string }[] }>("ec2", "DescribeSubnets", { Filters: [{ Name: "vpc-id", Values: [vpcId] }] });
  const { LoadBalancers } = await call<{ LoadBalancers: { LoadBalancerArn: string }[] }>("elastic-load-balancing-v2", "CreateLoadBalancer", {
    Name: name, Subnets: Subnets.slice(0, 2).map(({ SubnetId }) => SubnetId),
  });
  await call("elastic-load-balancing-v2", "CreateListener", {
    LoadBalancerArn: LoadBalancers[0]!.LoadBalancerArn, Protocol: "HTTP", Port: 80, DefaultActions: [{ Type: "forward", TargetGroupArn: arn }],
  });
}
