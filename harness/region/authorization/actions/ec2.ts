/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html. Inputs are in EC2's wire names. */
import type { Need, Service } from "../../core/types";
import { all, anywhere, asksItself, each, requestTags, tagKeys, type Call, type Rule, type RuleTable } from "../need";

/** What the ec2 service tells of a resource, by its id. */
export interface Ec2Directory extends Service {
  /** `instance` for `i-0123…`; undefined for ids of no kind. */
  resourceType(id: string): string | undefined;
  tagsOf(id: string): ReadonlyMap<string, string>;
  /** Condition keys that a resource has beside its tags. */
  authorizationKeys(id: string): Readonly<Record<string, string>>;
}

/** A need on one resource of EC2. */
function byId(call: Call, action: string, id: string, type?: string, keys?: Need["keys"]): Need {
  const ec2 = call.region.service<Ec2Directory>("ec2");
  const kind = type ?? ec2.resourceType(id) ?? "*";
  return { action, resource: call.arn("ec2", `${kind}/${id}`), tags: () => ec2.tagsOf(id), keys: { ...ec2.authorizationKeys(id), ...keys } };
}

const ids = (input: Record<string, unknown>, name: string): string[] => {
  const given = input[name];
  return (Array.isArray(given) ? given : given === undefined ? [] : [given]).filter((id): id is string => typeof id === "string" && id !== "");
};
const onIds = (action: string, member: string, type: string): Rule => (call) => ids(call.input as Record<string, unknown>, member).map((id) => byId(call, action, id, type));

/** By id or by name; a template that is not there is the operation's to refuse. */
const template = (action: string): Rule => (call) => {
  const { LaunchTemplateId: id, LaunchTemplateName: name } = call.input as Record<string, string | undefined>;
  const found = id ?? call.region.service<Service & { launchTemplateId?(name: string): string | undefined }>("ec2").launchTemplateId?.(String(name ?? "")) ?? "*";
  return [byId(call, action, found, "launch-template")];
};

interface TagSpecification { ResourceType?: string; Tag?: unknown }
const tagsFor = (call: Call, type: string): unknown =>
  (((call.input as Record<string, unknown>)["TagSpecification"] ?? []) as TagSpecification[]).find(({ ResourceType }) => ResourceType === type)?.Tag;

/** Something new: authorized on `TYPE/*` with the tags asked for, and CreateTags with the creating action when there are any. */
const create = (operation: string, type: string): Rule => (call) => {
  const tags = requestTags(tagsFor(call, type));
  const resource = call.arn("ec2", `${type}/*`);
  return [
    { action: `ec2:${operation}`, resource, keys: tags },
    ...(Object.keys(tags).length > 0 ? [{ action: "ec2:CreateTags", resource, keys: { ...tags, "ec2:CreateAction": operation } }] : []),
  ];
};

const tagging = (action: string, keys: (call: Call) => Need["keys"]): Rule => (call) =>
  ids(call.input as Record<string, unknown>, "ResourceId").map((id) => byId(call, action, id, undefined, keys(call)));

const LAUNCHES_ASK = "what is launched is known once the template and the image are resolved";

export const EC2: RuleTable = {
  RunInstances: asksItself(LAUNCHES_ASK),
  CreateFleet: asksItself(LAUNCHES_ASK),
  RequestSpotInstances: asksItself(LAUNCHES_ASK),
  // Describe actions have no resource types.
  ...each("DescribeAvailabilityZones DescribeFleets DescribeImages DescribeInstanceAttribute DescribeInstanceStatus DescribeInstanceTypes DescribeInstances DescribeLaunchTemplateVersions DescribeLaunchTemplates "
    + "DescribeSecurityGroups DescribeSpotInstanceRequests DescribeSpotPriceHistory DescribeSubnets DescribeTags DescribeVpcs", (name) => anywhere(`ec2:${name}`)),
  StopInstances: onIds("ec2:StopInstances", "InstanceId", "instance"),
  ModifyInstanceAttribute: onIds("ec2:ModifyInstanceAttribute", "InstanceId", "instance"),
  ModifyInstanceMetadataOptions: onIds("ec2:ModifyInstanceMetadataOptions", "InstanceId", "instance"),
  TerminateInstances: onIds("ec2:TerminateInstances", "InstanceId", "instance"),
  GetConsoleOutput: onIds("ec2:GetConsoleOutput", "InstanceId", "instance"),
  CancelSpotInstanceRequests: onIds("ec2:CancelSpotInstanceRequests", "SpotInstanceRequestId", "spot-instances-request"),
  // What FIS does in the name of an experiment's role, by no operation of the API: https://docs.aws.amazon.com/fis/latest/userguide/fis-actions-reference.html
  SendSpotInstanceInterruptions: (call) => ids(call.input as Record<string, unknown>, "InstanceIds").map((id) => byId(call, "ec2:SendSpotInstanceInterruptions", id, "instance")),
  InjectApiError: anywhere("ec2:InjectApiError", ({ input }) => ({ "ec2:FisActionId": input.actionId, "ec2:FisTargetArns": input.roleArns })),
  CreateTags: tagging("ec2:CreateTags", ({ input }) => requestTags(input.Tag)),
  DeleteTags: tagging("ec2:DeleteTags", ({ input }) => tagKeys(((input.Tag ?? []) as { Key?: string }[]).map(({ Key }) => Key))),
  CreateLaunchTemplate: create("CreateLaunchTemplate", "launch-template"),
  ...each("CreateLaunchTemplateVersion ModifyLaunchTemplate DeleteLaunchTemplate DeleteLaunchTemplateVersions", (name) => template(`ec2:${name}`)),
  CreateSecurityGroup: all(create("CreateSecurityGroup", "security-group"), (call) => ids(call.input as Record<string, unknown>, "VpcId").map((id) => byId(call, "ec2:CreateSecurityGroup", id, "vpc"))),
  ...each("AuthorizeSecurityGroupEgress AuthorizeSecurityGroupIngress RevokeSecurityGroupEgress RevokeSecurityGroupIngress DeleteSecurityGroup", (name) => onIds(`ec2:${name}`, "GroupId", "security-group")),
};
