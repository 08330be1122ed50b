/**
 * What a launch needs of its caller, once the template and the image are resolved: RunInstances on each thing that it uses
 * or makes, CreateTags on what it tags, PassRole for the instance's role.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ExamplePolicies_EC2.html#iam-example-runinstances,
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/supported-iam-actions-tagging.html,
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
 */
import { requestTags } from "../../authorization/need";
import type { CallContext, Need } from "../../core/types";
import type { Ec2Core } from "./core";
import type { LaunchPlan } from "./launch-data";
import type { Subnet } from "./network";
import type { LaunchTemplate } from "./templates";

type Keys = Need["keys"];

/** The keys of everything in a launch. */
function planKeys(core: Ec2Core, template: LaunchTemplate | undefined): Keys {
  return {
    "ec2:Region": core.region.regionName,
    ...(template ? { "ec2:LaunchTemplate": core.arn(`launch-template/${template.id}`), "ec2:IsLaunchTemplateResource": "true" } : {}),
  };
}

function instanceKeys(plan: LaunchPlan, subnet: Subnet): Keys {
  return {
    "ec2:InstanceType": plan.type.name, "ec2:AvailabilityZone": subnet.zone, "ec2:AvailabilityZoneId": subnet.zoneId, "ec2:InstanceMarketType": plan.spot ? "spot" : "on-demand",
    "ec2:InstanceProfile": plan.profile?.arn, "ec2:EbsOptimized": String(plan.ebsOptimized), "ec2:Tenancy": "default", "ec2:RootDeviceType": "ebs",
    "ec2:MetadataHttpEndpoint": plan.metadata.httpEndpoint, "ec2:MetadataHttpTokens": plan.metadata.httpTokens, "ec2:MetadataHttpPutResponseHopLimit": String(plan.metadata.hopLimit),
  };
}

/** What there is already and a launch uses: image, subnet, security groups, key pair. */
function used(core: Ec2Core, plan: LaunchPlan, subnet: Subnet, action: string, keys: Keys): Need[] {
  const { image } = plan;
  const vpc = core.arn(`vpc/${subnet.vpcId}`);
  const own = (resource: string, id: string, more: Keys): Need => ({ action, resource, tags: () => core.tags.of(id), keys: { ...keys, ...more } });
  return [
    own(`arn:${core.region.partition}:ec2:${core.region.regionName}::image/${image.imageId}`, image.imageId, {
      "ec2:Owner": image.ownerAlias ?? image.ownerId, "ec2:Public": String(image.public), "ec2:ImageType": "machine", "ec2:ImageID": image.imageId, "ec2:RootDeviceType": "ebs",
    }),
    own(core.arn(`subnet/${subnet.subnetId}`), subnet.subnetId, { "ec2:AvailabilityZone": subnet.zone, "ec2:AvailabilityZoneId": subnet.zoneId, "ec2:SubnetID": subnet.subnetId, "ec2:Vpc": vpc }),
    ...plan.groupIds.map((groupId) => own(core.arn(`security-group/${groupId}`), groupId, { "ec2:SecurityGroupID": groupId, "ec2:Vpc": vpc })),
    ...(plan.keyName === undefined ? [] : [own(core.arn(`key-pair/${plan.keyName}`), plan.keyName, { "ec2:KeyPairName": plan.keyName })]),
  ];
}

/** What a launch makes: an instance with its volume and its network interface. */
function made(core: Ec2Core, plan: LaunchPlan, subnet: Subnet, action: string, keys: Keys): Need[] {
  return [
    { action, resource: core.arn("instance/*"), keys: { ...keys, ...instanceKeys(plan, subnet), ...requestTags(plan.instanceTags) } },
    { action, resource: core.arn("volume/*"), keys: { ...keys, "ec2:AvailabilityZone": subnet.zone, ...requestTags(plan.volumeTags) } },
    { action, resource: core.arn("network-interface/*"), keys: { ...keys, "ec2:AvailabilityZone": subnet.zone, "ec2:Subnet": core.arn(`subnet/${subnet.subnetId}`), ...requestTags(plan.interfaceTags) } },
  ];
}

const templateNeed = (core: Ec2Core, action: string, template: LaunchTemplate | undefined, keys: Keys): Need[] =>
  (template ? [{ action, resource: core.arn(`launch-template/${template.id}`), tags: () => core.tags.of(template.id), ...(keys ? { keys } : {}) }] : []);

const tagging = (core: Ec2Core, type: string, tags: ReadonlyMap<string, string>, creating: string): Need[] =>
  (tags.size === 0 ? [] : [{ action: "ec2:CreateTags", resource: core.arn(`${type}/*`), keys: { ...requestTags(tags), "ec2:CreateAction": creating } }]);

function passingTheRole(plan: LaunchPlan): Need[] {
  const role = plan.profile?.role;
  return role ? [{ action: "iam:PassRole", resource: role.arn, keys: { "iam:PassedToService": "ec2.amazonaws.com" } }] : [];
}

const permit = (core: Ec2Core, { caller }: CallContext, needs: Need[]): void => core.region.permit?.(caller, "ec2", needs);

/** @throws AwsError UnauthorizedOperation */
export function permitRunInstances(core: Ec2Core, context: CallContext, plan: LaunchPlan, subnet: Subnet, template: LaunchTemplate | undefined): void {
  const action = "ec2:RunInstances";
  const keys = planKeys(core, template);
  permit(core, context, [
    ...templateNeed(core, action, template, keys), ...used(core, plan, subnet, action, keys), ...made(core, plan, subnet, action, keys),
    ...(plan.spotRequestTags.size === 0 ? [] : [{ action, resource: core.arn("spot-instances-request/*"), keys: { ...keys, ...requestTags(plan.spotRequestTags) } }]),
    ...tagging(core, "instance", plan.instanceTags, "RunInstances"), ...tagging(core, "volume", plan.volumeTags, "RunInstances"),
    ...tagging(core, "network-interface", plan.interfaceTags, "RunInstances"), ...tagging(core, "spot-instances-request", plan.spotRequestTags, "RunInstances"),
    ...passingTheRole(plan),
  ]);
}

/** The fleet itself. @throws AwsError UnauthorizedOperation */
export function permitFleet(core: Ec2Core, context: CallContext, templates: readonly LaunchTemplate[], tags: ReadonlyMap<string, string>): void {
  const action = "ec2:CreateFleet";
  permit(core, context, [
    { action, resource: core.arn("fleet/*"), keys: { "ec2:Region": core.region.regionName, ...requestTags(tags) } },
    ...[...new Set(templates)].flatMap((template) => templateNeed(core, action, template, undefined)), ...tagging(core, "fleet", tags, "CreateFleet"),
  ]);
}

/**
 * What a fleet would launch, which CreateFleet is authorized on too: the reference lists these as its resource types, as
 * optional ones, and who grants them to launches grants them to fleets. @throws AwsError UnauthorizedOperation
 */
export function permitFleetsLaunch(core: Ec2Core, context: CallContext, plan: LaunchPlan, subnet: Subnet): void {
  const action = "ec2:CreateFleet";
  const keys = planKeys(core, undefined);
  permit(core, context, [...used(core, plan, subnet, action, keys), ...made(core, plan, subnet, action, keys)]);
}

/** @throws AwsError UnauthorizedOperation */
export function permitSpotRequest(core: Ec2Core, context: CallContext, plan: LaunchPlan, subnet: Subnet): void {
  const action = "ec2:RequestSpotInstances";
  const keys = planKeys(core, undefined);
  permit(core, context, [
    { action, resource: core.arn("spot-instances-request/*"), keys: { ...keys, ...requestTags(plan.spotRequestTags) } },
    ...used(core, plan, subnet, action, keys), ...tagging(core, "spot-instances-request", plan.spotRequestTags, "RequestSpotInstances"), ...passingTheRole(plan),
  ]);
}
