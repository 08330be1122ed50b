/**
 * A target group and its defaults, which its protocol sets.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html
 */
import type { Microseconds } from "../../../time/clock";
import { notSupported } from "../../core/unsupported";
import { invalidConfiguration, validation } from "./errors";
import { flagIn, textIn, wholeIn, wordIn, type Input } from "./input";
import { REFUSED } from "./limits";

/** The protocols of each kind of load balancer. */
export const PROTOCOLS = { application: ["HTTP", "HTTPS"], network: ["TCP", "TLS", "UDP", "TCP_UDP"] } as const;
export type LoadBalancerType = keyof typeof PROTOCOLS;
export const kindOf = (protocol: string): LoadBalancerType => ((PROTOCOLS.application as readonly string[]).includes(protocol) ? "application" : "network");

export interface HealthCheck {
  HealthCheckProtocol: string;
  HealthCheckPort: string;
  HealthCheckEnabled: boolean;
  HealthCheckIntervalSeconds: number;
  HealthCheckTimeoutSeconds: number;
  HealthyThresholdCount: number;
  UnhealthyThresholdCount: number;
  HealthCheckPath?: string;
  Matcher?: object;
}

/** A registered instance, by its id and port. */
export interface Target {
  id: string;
  port: number;
  registeredAt: Microseconds;
  /** Deregistered, and draining until the group's delay is over. */
  drainsUntil?: Microseconds;
}

export interface TargetGroup {
  arn: string;
  name: string;
  protocol: string;
  protocolVersion?: string;
  port: number;
  vpcId: string;
  healthCheck: HealthCheck;
  attributes: Map<string, string>;
  tags: Map<string, string>;
  targets: Target[];
}

/** The protocol that targets get. @throws AwsError ValidationError */
export function protocolIn(input: Input): string {
  const protocol = wordIn(input, "Protocol", ["HTTP", "HTTPS", "TCP", "TLS", "UDP", "TCP_UDP", "GENEVE", "QUIC", "TCP_QUIC"]);
  if (protocol === undefined) throw validation("A protocol must be specified");
  if (protocol === "GENEVE" || protocol === "QUIC" || protocol === "TCP_QUIC") throw validation(notSupported(REFUSED.protocols, protocol));
  return protocol;
}

/** How targets are checked, with the defaults of their protocol. @throws AwsError ValidationError, InvalidConfigurationRequest */
export function healthCheckIn(input: Input, protocol: string): HealthCheck {
  const kind = kindOf(protocol);
  const checkedBy = wordIn(input, "HealthCheckProtocol", ["HTTP", "HTTPS", "TCP", "TLS", "UDP", "TCP_UDP", "GENEVE"]) ?? (kind === "application" ? "HTTP" : "TCP");
  if (!["HTTP", "HTTPS", "TCP"].includes(checkedBy) || (kind === "application" && checkedBy === "TCP")) {
    throw invalidConfiguration(`Health check protocol '${checkedBy}' is not supported for target groups with the protocol ${protocol}`);
  }
  if (flagIn(input, "HealthCheckEnabled") === false) throw invalidConfiguration("Health check enabled must be true for target groups with target type 'instance'");
  const interval = wholeIn(input, "HealthCheckIntervalSeconds", 5, 300) ?? 30;
  const timeout = wholeIn(input, "HealthCheckTimeoutSeconds", 2, 120) ?? (protocol === "HTTP" ? 6 : 10);
  if (timeout >= interval && kind === "application") throw validation("Health check interval must be greater than the timeout.");
  const path = textIn(input, "HealthCheckPath");
  const matcher = input["Matcher"] as object | undefined;
  if (checkedBy === "TCP" && (path !== undefined || matcher !== undefined)) throw invalidConfiguration("Health check path and matcher are not supported for health checks with protocol 'TCP'");
  return {
    HealthCheckProtocol: checkedBy,
    HealthCheckPort: textIn(input, "HealthCheckPort") ?? "traffic-port",
    HealthCheckEnabled: true,
    HealthCheckIntervalSeconds: interval,
    HealthCheckTimeoutSeconds: timeout,
    HealthyThresholdCount: wholeIn(input, "HealthyThresholdCount", 2, 10) ?? 5,
    UnhealthyThresholdCount: wholeIn(input, "UnhealthyThresholdCount", 2, 10) ?? 2,
    ...(checkedBy === "TCP" ? {} : { HealthCheckPath: path ?? "/", Matcher: matcher ?? { HttpCode: kind === "application" ? "200" : "200-399" } }),
  };
}
