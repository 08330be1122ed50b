/** https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/lb_target_group */
import type { Arguments } from "../arguments";
import type { ResourceType } from "../resource";

/** Arguments that are attributes of the group, which a second call sets. */
const ATTRIBUTES: Readonly<Record<string, string>> = {
  connection_termination: "deregistration_delay.connection_termination.enabled",
  deregistration_delay: "deregistration_delay.timeout_seconds",
  load_balancing_algorithm_type: "load_balancing.algorithm.type",
  load_balancing_anomaly_mitigation: "load_balancing.algorithm.anomaly_mitigation",
  load_balancing_cross_zone_enabled: "load_balancing.cross_zone.enabled",
  preserve_client_ip: "preserve_client_ip.enabled",
  proxy_protocol_v2: "proxy_protocol_v2.enabled",
  slow_start: "slow_start.duration_seconds",
};
const STICKINESS: Readonly<Record<string, string>> = { enabled: "stickiness.enabled", type: "stickiness.type", cookie_duration: "stickiness.lb_cookie.duration_seconds", cookie_name: "stickiness.app_cookie.cookie_name" };

const attributes = (args: Arguments, names: Readonly<Record<string, string>>): { Key: string; Value: string }[] => Object.entries(names).flatMap(([argument, Key]) => {
  const Value = args.optionalText(argument);
  return Value === undefined ? [] : [{ Key, Value }];
});

/** A check by HTTP or gRPC: which codes are good ones. */
const matcher = (codes: string | undefined, version: string | undefined): object => (codes === undefined ? {} : { Matcher: version === "GRPC" ? { GrpcCode: codes } : { HttpCode: codes } });

export const awsLbTargetGroup: ResourceType = (args) => {
  const name = args.text("name");
  const version = args.optionalText("protocol_version");
  const check = args.optionalBlock("health_check");
  const stickiness = args.optionalBlock("stickiness");
  const input = {
    Name: name, Port: args.optionalNumber("port"), Protocol: args.optionalText("protocol"), ProtocolVersion: version, VpcId: args.optionalText("vpc_id"), TargetType: args.optionalText("target_type"), IpAddressType: args.optionalText("ip_address_type"),
    Tags: args.tagList(),
    ...(check && {
      HealthCheckEnabled: check.optionalFlag("enabled"), HealthCheckIntervalSeconds: check.optionalNumber("interval"), HealthCheckPath: check.optionalText("path"), HealthCheckPort: check.optionalText("port"),
      HealthCheckProtocol: check.optionalText("protocol"), HealthCheckTimeoutSeconds: check.optionalNumber("timeout"), HealthyThresholdCount: check.optionalNumber("healthy_threshold"),
      UnhealthyThresholdCount: check.optionalNumber("unhealthy_threshold"), ...matcher(check.optionalText("matcher"), version),
    }),
  };
  const changes = [...attributes(args, ATTRIBUTES), ...(stickiness ? attributes(stickiness, STICKINESS) : [])];
  args.noEffect("it is of Lambda functions alone", "lambda_multi_value_headers_enabled");
  return async ({ call }) => {
    const { TargetGroups: [made] } = await call<{ TargetGroups: [{ TargetGroupArn: string }] }>("elastic-load-balancing-v2", "CreateTargetGroup", input);
    const arn = made.TargetGroupArn;
    if (changes.length > 0) await call("elastic-load-balancing-v2", "ModifyTargetGroupAttributes", { TargetGroupArn: arn, Attributes: changes });
    return { id: arn, arn, arn_suffix: arn.slice(arn.lastIndexOf(":") + 1), name, load_balancer_arns: [] };
  };
};
