/**
 * A target group's attributes: what each may be, and its default.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroupAttribute.html
 */
import { validation } from "./errors";
import type { LoadBalancerType } from "./target-group";

interface Attribute {
  default: string;
  /** What a value must match; the first group is a number that lies between `least` and `most`. */
  pattern: RegExp;
  least?: number;
  most?: number;
  only?: LoadBalancerType;
}

const FLAG = /^(?:true|false)$/;
const SECONDS = /^(\d{1,6})$/;
const COUNT = /^(?:off|(\d{1,4}))$/;

export const DELAY = "deregistration_delay.timeout_seconds";

export const ATTRIBUTES: Readonly<Record<string, Attribute>> = {
  [DELAY]: { default: "300", pattern: SECONDS, least: 0, most: 3600 },
  "stickiness.enabled": { default: "false", pattern: FLAG },
  "stickiness.type": { default: "", pattern: /^(?:lb_cookie|app_cookie|source_ip)$/ },
  "load_balancing.cross_zone.enabled": { default: "use_load_balancer_configuration", pattern: /^(?:true|false|use_load_balancer_configuration)$/ },
  "target_group_health.dns_failover.minimum_healthy_targets.count": { default: "1", pattern: COUNT, least: 1, most: 1000 },
  "target_group_health.dns_failover.minimum_healthy_targets.percentage": { default: "off", pattern: COUNT, least: 1, most: 100 },
  "target_group_health.unhealthy_state_routing.minimum_healthy_targets.count": { default: "1", pattern: SECONDS, least: 1, most: 1000 },
  "target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage": { default: "off", pattern: COUNT, least: 1, most: 100 },
  "load_balancing.algorithm.type": { default: "round_robin", pattern: /^(?:round_robin|least_outstanding_requests|weighted_random)$/, only: "application" },
  "load_balancing.algorithm.anomaly_mitigation": { default: "off", pattern: /^(?:on|off)$/, only: "application" },
  "slow_start.duration_seconds": { default: "0", pattern: /^(?:0|(\d{1,3}))$/, least: 30, most: 900, only: "application" },
  "stickiness.app_cookie.cookie_name": { default: "", pattern: /^.*$/, only: "application" },
  "stickiness.app_cookie.duration_seconds": { default: "86400", pattern: SECONDS, least: 1, most: 604800, only: "application" },
  "stickiness.lb_cookie.duration_seconds": { default: "86400", pattern: SECONDS, least: 1, most: 604800, only: "application" },
  "deregistration_delay.connection_termination.enabled": { default: "false", pattern: FLAG, only: "network" },
  "preserve_client_ip.enabled": { default: "true", pattern: FLAG, only: "network" },
  "proxy_protocol_v2.enabled": { default: "false", pattern: FLAG, only: "network" },
  "target_health_state.unhealthy.connection_termination.enabled": { default: "true", pattern: FLAG, only: "network" },
  "target_health_state.unhealthy.draining_interval_seconds": { default: "0", pattern: SECONDS, least: 0, most: 360000, only: "network" },
};

/** The attributes of a new group. */
export function defaultAttributes(kind: LoadBalancerType): Map<string, string> {
  const applicable = Object.entries(ATTRIBUTES).filter(([, { only }]) => only === undefined || only === kind);
  return new Map(applicable.map(([key, { default: value }]) => [key, key === "stickiness.type" ? (kind === "application" ? "lb_cookie" : "source_ip") : value]));
}

/** @throws AwsError ValidationError */
export function checkAttribute(key: string, value: string, kind: LoadBalancerType): void {
  const attribute = Object.hasOwn(ATTRIBUTES, key) ? ATTRIBUTES[key] : undefined;
  if (!attribute) throw validation(`Target group attribute key '${key}' is not recognized`);
  if (attribute.only !== undefined && attribute.only !== kind) throw validation(`Target group attribute key '${key}' is only supported for target groups of ${attribute.only === "application" ? "Application" : "Network"} Load Balancers`);
  const match = attribute.pattern.exec(value);
  const number = match?.[1] === undefined ? undefined : Number(match[1]);
  if (!match) throw validation(`'${value}' is not a valid value for the target group attribute '${key}'`);
  if (number !== undefined && (number < attribute.least! || number > attribute.most!)) throw validation(`'${key}' must be between ${attribute.least} and ${attribute.most} inclusive, not '${value}'`);
}
