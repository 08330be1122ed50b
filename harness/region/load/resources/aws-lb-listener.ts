/** https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/lb_listener */
import type { Arguments } from "../arguments";
import type { ResourceType } from "../resource";

function action(args: Arguments): object {
  const forward = args.optionalBlock("forward");
  const groups = forward?.blocks("target_group").map((group) => ({ TargetGroupArn: group.text("arn"), Weight: group.optionalNumber("weight") }));
  return { Type: args.text("type"), Order: args.optionalNumber("order"), TargetGroupArn: args.optionalText("target_group_arn"), ...(groups ? { ForwardConfig: { TargetGroups: groups } } : {}) };
}

export const awsLbListener: ResourceType = (args) => {
  const certificate = args.optionalText("certificate_arn");
  const input = {
    LoadBalancerArn: args.text("load_balancer_arn"), Port: args.optionalNumber("port"), Protocol: args.optionalText("protocol"), SslPolicy: args.optionalText("ssl_policy"), AlpnPolicy: args.optionalText("alpn_policy"),
    Certificates: certificate === undefined ? undefined : [{ CertificateArn: certificate }], DefaultActions: args.blocks("default_action").map(action), Tags: args.tagList(),
  };
  return async ({ call }) => {
    const { Listeners: [made] } = await call<{ Listeners: [{ ListenerArn: string }] }>("elastic-load-balancing-v2", "CreateListener", input);
    return { id: made.ListenerArn, arn: made.ListenerArn };
  };
};
