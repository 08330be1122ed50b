/** Creates a listener that forwards to target groups, which are in use from then on. https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateListener.html */
import { AwsError, type Operation } from "../../../core/types";
import { notSupported } from "../../../core/unsupported";
import { describeListener } from "../describe";
import { invalidConfiguration, validation } from "../errors";
import { listIn, tagsIn, textIn, wholeIn, type Input } from "../input";
import { REFUSED } from "../limits";
import type { ElbState } from "../state";
import { PROTOCOLS, kindOf, protocolIn } from "../target-group";

export const createListener = (state: ElbState): Operation<Input> => (input) => {
  const balancer = state.loadBalancer(String(input["LoadBalancerArn"]));
  const protocol = protocolIn(input);
  const port = wholeIn(input, "Port", 1, 65535);
  if (port === undefined) throw validation("A port must be specified");
  if (kindOf(protocol) !== balancer.type) throw new AwsError("UnsupportedProtocol", `The protocol '${protocol}' is not one of ${PROTOCOLS[balancer.type].join(", ")}, which a load balancer of type ${balancer.type} supports`);
  if (protocol === "HTTPS" || protocol === "TLS") throw validation("A certificate must be specified for HTTPS and TLS listeners");
  if ([...state.listeners.values()].some((other) => other.loadBalancerArn === balancer.arn && other.port === port)) throw new AwsError("DuplicateListener", "A listener already exists on this port for this load balancer");
  const actions = listIn(input, "DefaultActions");
  const groups = actions.flatMap((action) => {
    if (action["Type"] !== "forward") throw validation(notSupported(REFUSED.actions, String(action["Type"])));
    const single = textIn(action, "TargetGroupArn");
    const several = listIn((action["ForwardConfig"] ?? {}) as Input, "TargetGroups").map(({ TargetGroupArn }) => String(TargetGroupArn));
    return [...new Set([...(single === undefined ? [] : [single]), ...several])];
  }).map((arn) => state.targetGroup(arn));
  if (groups.length === 0) throw validation("A target group ARN must be specified");
  for (const group of groups) {
    if (kindOf(group.protocol) !== balancer.type || (balancer.type === "network" && group.protocol !== protocol)) throw new AwsError("IncompatibleProtocols", "The specified configuration is not valid with this protocol");
    if (group.vpcId !== balancer.vpcId) throw invalidConfiguration(`The following target groups are not in the VPC of the load balancer '${balancer.vpcId}': '${group.arn}'`);
  }
  const arn = state.newArn(balancer.arn.slice(balancer.arn.indexOf("loadbalancer/")).replace("loadbalancer/", "listener/"));
  const listener = { arn, loadBalancerArn: balancer.arn, protocol, port, actions, targetGroupArns: groups.map((group) => group.arn), tags: tagsIn(input) };
  state.listeners.set(arn, listener);
  for (const group of groups) state.startChecks(group);
  return { Listeners: [describeListener(listener)] };
};
