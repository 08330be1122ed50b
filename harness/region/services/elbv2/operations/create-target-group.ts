/** Creates a target group; the same one again when nothing differs. https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html */
import type { Operation } from "../../../core/types";
import { notSupported } from "../../../core/unsupported";
import { defaultAttributes } from "../attributes";
import { describeTargetGroup } from "../describe";
import { duplicateName, invalidConfiguration, validation } from "../errors";
import { nameIn, tagsIn, textIn, wholeIn, wordIn, type Input } from "../input";
import { REFUSED } from "../limits";
import type { ElbState } from "../state";
import { healthCheckIn, kindOf, protocolIn, type TargetGroup } from "../target-group";

export const createTargetGroup = (state: ElbState): Operation<Input> => async (input) => {
  const name = nameIn(input, "Target group");
  const type = wordIn(input, "TargetType", ["instance", "ip", "lambda", "alb"]) ?? "instance";
  if (type !== "instance") throw validation(notSupported(REFUSED.targetTypes, type));
  const protocol = protocolIn(input);
  const kind = kindOf(protocol);
  const port = wholeIn(input, "Port", 1, 65535);
  if (port === undefined) throw validation("A port must be specified");
  const vpcId = textIn(input, "VpcId");
  if (vpcId === undefined) throw validation("A VPC ID must be specified");
  const version = wordIn(input, "ProtocolVersion", ["HTTP1", "HTTP2", "GRPC"]);
  if (version !== undefined && kind === "network") throw invalidConfiguration(`The protocol version '${version}' is not supported for target groups with the protocol ${protocol}`);
  const { Vpcs } = await state.region.call<{ Vpcs: object[] }>(state.region.admin, "ec2", "DescribeVpcs", { Filters: [{ Name: "vpc-id", Values: [vpcId] }] });
  if (Vpcs.length === 0) throw validation(`The VPC ID '${vpcId}' is not found`);
  const group: TargetGroup = {
    arn: "", name, protocol, port, vpcId, healthCheck: healthCheckIn(input, protocol), attributes: defaultAttributes(kind), tags: tagsIn(input), targets: [],
    ...(kind === "application" ? { protocolVersion: version ?? "HTTP1" } : {}),
  };
  const present = [...state.targetGroups.values()].find((other) => other.name === name);
  if (present && settingsOf(present) !== settingsOf(group)) throw duplicateName("DuplicateTargetGroupName", "target group", name);
  const made = present ?? { ...group, arn: state.newArn(`targetgroup/${name}`) };
  state.targetGroups.set(made.arn, made);
  return { TargetGroups: [describeTargetGroup(state, made)] };
};

const settingsOf = ({ protocol, protocolVersion, port, vpcId, healthCheck }: TargetGroup): string => JSON.stringify([protocol, protocolVersion, port, vpcId, healthCheck]);
