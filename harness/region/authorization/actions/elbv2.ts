/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awselasticloadbalancingv2.html */
import { all, anywhere, each, on, requestTags, tagKeys, when, type Call, type Rule, type RuleTable } from "../need";

const named = (member: string) => ({ input }: Call): string => String(input[member] ?? "");
const arns = ({ input }: Call): string[] => ((input.ResourceArns ?? []) as unknown[]).map(String);

/** A creation: the end of the new ARN is not known yet, and tags given with it take AddTags as well. */
const creates = (operation: string, resource: (call: Call) => string): Rule => {
  const tags = ({ input }: Call): ReturnType<typeof requestTags> => requestTags(input.Tags);
  return all(
    on(`elasticloadbalancing:${operation}`, resource, tags),
    when(({ input }) => (input.Tags?.length ?? 0) > 0, on("elasticloadbalancing:AddTags", resource, (call) => ({ ...tags(call), "elasticloadbalancing:CreateAction": operation }))),
  );
};
const balancer = ({ input, arn }: Call): string => arn("elasticloadbalancing", `loadbalancer/${input.Type === "network" ? "net" : "app"}/${String(input.Name ?? "")}/*`);
const group = ({ input, arn }: Call): string => arn("elasticloadbalancing", `targetgroup/${String(input.Name ?? "")}/*`);

export const ELB: RuleTable = {
  CreateTargetGroup: creates("CreateTargetGroup", group),
  CreateLoadBalancer: creates("CreateLoadBalancer", balancer),
  CreateListener: creates("CreateListener", named("LoadBalancerArn")),
  ...each("ModifyTargetGroup DeleteTargetGroup ModifyTargetGroupAttributes RegisterTargets DeregisterTargets", (name) => on(`elasticloadbalancing:${name}`, named("TargetGroupArn"))),
  DeleteLoadBalancer: on("elasticloadbalancing:DeleteLoadBalancer", named("LoadBalancerArn")),
  DeleteListener: on("elasticloadbalancing:DeleteListener", named("ListenerArn")),
  ...each("DescribeTargetGroups DescribeTargetGroupAttributes DescribeTargetHealth DescribeLoadBalancers DescribeListeners DescribeTags", (name) => anywhere(`elasticloadbalancing:${name}`)),
  AddTags: on("elasticloadbalancing:AddTags", arns, ({ input }) => requestTags(input.Tags)),
  RemoveTags: on("elasticloadbalancing:RemoveTags", arns, ({ input }) => tagKeys(input.TagKeys)),
};
