/**
 * From a launch request, or a launch template overridden by one, to what an instance is made of: everything looked up and
 * checked. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html
 */
import { gunzipSync } from "node:zlib";
import { AwsError, type CallContext } from "../../core/types";
import { INSTANCE_TYPES, type InstanceType } from "./catalog";
import { ec2Error, unsupported } from "./errors";
import { findImage, ROOT_VOLUME, type Image } from "./images";
import { flag, refuseOthers, structure, structures, text, texts, whole, type Wire } from "./input";
import { REFUSED } from "./limits";
import { imageMetadataOptions, metadataOptions, type MetadataOptions } from "./metadata-options";
import type { Subnet } from "./network";
import { spotTerms, type SpotTerms } from "./spot-terms";
import type { Ec2World } from "./world";

export interface InstanceProfile { arn: string; id: string; name: string; role?: { name: string; arn: string } }

/** A launch request, resolved but for the zone. */
export interface LaunchPlan {
  image: Image;
  type: InstanceType;
  /** Where it may be launched; the capacity model picks one of them. */
  subnets: Subnet[];
  groupIds: string[];
  /** Decoded and, when it was compressed, uncompressed; empty when there is none. */
  userData: string;
  /** As it was given, but for the base64. */
  userDataBytes: Buffer;
  /** Whether it is to have a public address; undefined: as its subnet says. */
  publicAddress?: boolean;
  profile?: InstanceProfile;
  keyName?: string;
  metadata: MetadataOptions;
  shutdownBehavior: "stop" | "terminate";
  terminationProtected: boolean;
  detailedMonitoring: boolean;
  ebsOptimized: boolean;
  instanceTags: Map<string, string>;
  /** Of the root volume. */
  rootVolumeGib: number;
  spotRequestTags: Map<string, string>;
  volumeTags: Map<string, string>;
  interfaceTags: Map<string, string>;
  /** Undefined: On-Demand. */
  spot?: SpotTerms;
}

export const USER_DATA_LIMIT_BYTES = 16384;

/** Members of RunInstances, template data and launch specifications that are modelled, or whose effect cannot be seen in this region. */
const KNOWN = new Set([
  "MaxCount", "MinCount", "ImageId", "InstanceType", "KeyName", "Monitoring", "Placement", "SecurityGroupId", "SecurityGroup", "SubnetId", "UserData", "TagSpecification",
  "LaunchTemplate", "InstanceMarketOptions", "MetadataOptions", "DisableApiStop", "DryRun", "DisableApiTermination", "InstanceInitiatedShutdownBehavior", "ClientToken",
  "NetworkInterface", "IamInstanceProfile", "EbsOptimized", "BlockDeviceMapping", "CreditSpecification", "CpuOptions", "PrivateDnsNameOptions", "MaintenanceOptions",
  "HibernationOptions", "EnclaveOptions", "CapacityReservationSpecification", "Ipv6AddressCount",
]);

/** A template's data with a request's own on top; tags are united, those of the request winning. */
export function mergeLaunchData(template: Wire, request: Wire): Wire {
  const merged: Wire = { ...template };
  for (const [name, value] of Object.entries(request)) if (value !== undefined && value !== "") merged[name] = value;
  if (template["TagSpecification"] && request["TagSpecification"]) {
    merged["TagSpecification"] = [...structures(template, "TagSpecification"), ...structures(request, "TagSpecification")];
  }
  return merged;
}

/**
 * Resolves launch data.
 * @param where the operation, for messages
 * @throws AwsError with the code that EC2 has for what is wrong
 */
export async function resolveLaunch(world: Ec2World, context: CallContext, data: Wire, where: string): Promise<LaunchPlan> {
  refuseOthers(data, KNOWN, where);
  if (flag(structure(data, "HibernationOptions"), "Configured")) throw unsupported(REFUSED.hibernation);
  if (flag(structure(data, "EnclaveOptions"), "Enabled")) throw unsupported(REFUSED.enclaves);
  if (Object.keys(structure(structure(data, "CapacityReservationSpecification"), "CapacityReservationTarget")).length > 0) throw unsupported(REFUSED.capacityReservations);

  const typeName = text(data, "InstanceType");
  if (!typeName) throw ec2Error("MissingParameter", "The request must contain the parameter InstanceType");
  const type = INSTANCE_TYPES.get(typeName);
  if (!type) throw ec2Error("InvalidParameterValue", `Invalid value '${typeName}' for InstanceType.`);
  const image = await resolveImage(world, context, text(data, "ImageId"));
  if (image.architecture && image.architecture !== type.architecture) {
    throw ec2Error("InvalidParameterValue", `The architecture '${type.architecture}' of the specified instance type does not match the architecture '${image.architecture}' of the specified AMI. Specify an instance type and an AMI that have matching architectures, and try again.`);
  }
  const { subnets, interfaceGroups, publicAddress } = placement(world, data);
  const tags = tagsOf(data);
  const metadata = metadataOptions(structure(data, "MetadataOptions"), imageMetadataOptions(image));
  const spot = spotTerms(structure(data, "InstanceMarketOptions"));
  const profile = await resolveProfile(context, structure(data, "IamInstanceProfile"));
  const keyName = text(data, "KeyName");
  return {
    image, type, subnets, metadata,
    rootVolumeGib: rootVolumeGib(data),
    groupIds: resolveGroups(world, interfaceGroups ?? texts(data, "SecurityGroupId"), texts(data, "SecurityGroup")),
    userData: decodeUserData(text(data, "UserData")),
    userDataBytes: Buffer.from(text(data, "UserData") ?? "", "base64"),
    shutdownBehavior: shutdownBehavior(text(data, "InstanceInitiatedShutdownBehavior")),
    terminationProtected: flag(data, "DisableApiTermination") ?? false,
    detailedMonitoring: flag(structure(data, "Monitoring"), "Enabled") ?? false,
    ebsOptimized: flag(data, "EbsOptimized") ?? false,
    instanceTags: tags.get("instance") ?? new Map<string, string>(),
    spotRequestTags: tags.get("spot-instances-request") ?? new Map<string, string>(),
    volumeTags: tags.get("volume") ?? new Map<string, string>(),
    interfaceTags: tags.get("network-interface") ?? new Map<string, string>(),
    ...(profile ? { profile } : {}),
    ...(publicAddress === undefined ? {} : { publicAddress }),
    ...(keyName ? { keyName } : {}),
    ...(spot ? { spot } : {}),
  };
}

/** The root volume's size: the image's, unless the launch gives that device another. */
function rootVolumeGib(data: Wire): number {
  const { deviceName, gib, snapshotId } = ROOT_VOLUME;
  const mapping = structures(data, "BlockDeviceMapping").find((each) => text(each, "DeviceName") === deviceName);
  const size = mapping && whole(structure(mapping, "Ebs"), "VolumeSize");
  if (size !== undefined && size < gib) throw ec2Error("InvalidBlockDeviceMapping", `Volume of size ${size}GB is smaller than snapshot '${snapshotId}', expect size >= ${gib}GB`);
  return size ?? gib;
}

/**
 * An image id, or `resolve:ssm:PARAMETER[:VERSION|:LABEL]`, which the caller must be allowed to read.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/create-launch-template.html#use-an-ssm-parameter-instead-of-an-ami-id
 */
async function resolveImage(world: Ec2World, context: CallContext, imageId: string | undefined): Promise<Image> {
  if (!imageId) throw ec2Error("MissingParameter", "The request must contain the parameter ImageId");
  if (!imageId.startsWith("resolve:ssm:")) return findImage(imageId, context.region, world.settings.strictImages);
  const parameter = imageId.slice("resolve:ssm:".length);
  const failed = (reason: string): AwsError => ec2Error("InvalidParameterValue", `Invalid value '${imageId}' for ImageId. ${reason}`);
  let value: string | undefined;
  try {
    const output = await context.region.call<{ Parameters?: { Value?: string }[] }>(context.caller, "ssm", "GetParameters", { Names: [parameter] });
    value = output.Parameters?.[0]?.Value;
  } catch (error) {
    if (error instanceof AwsError) throw failed(`Systems Manager answered ${error.code}: ${error.message}`);
    throw error;
  }
  if (value === undefined) throw failed(`The Systems Manager parameter '${parameter}' does not exist.`);
  return findImage(value, context.region, world.settings.strictImages && !parameter.startsWith("/aws/service/"));
}

interface Placed { subnets: Subnet[]; interfaceGroups?: string[]; publicAddress?: boolean }

function placement(world: Ec2World, data: Wire): Placed {
  const place = structure(data, "Placement");
  const tenancy = text(place, "Tenancy");
  if (tenancy && tenancy !== "default") throw unsupported(REFUSED.tenancy, tenancy);
  for (const name of ["GroupName", "GroupId", "HostId", "HostResourceGroupArn", "PartitionNumber"]) {
    if (text(place, name)) throw unsupported(REFUSED.placement, name);
  }
  const zone = text(place, "AvailabilityZone") ?? text(place, "AvailabilityZoneId");
  const interfaces = structures(data, "NetworkInterface");
  if (interfaces.length > 1) throw unsupported(REFUSED.severalInterfaces);
  const primary = interfaces[0];
  let subnetId = text(data, "SubnetId");
  let interfaceGroups: string[] | undefined;
  if (primary) {
    if (subnetId) throw ec2Error("InvalidParameterCombination", "Network interfaces and an instance-level subnet ID may not be specified on the same request");
    if (texts(data, "SecurityGroupId").length > 0) throw ec2Error("InvalidParameterCombination", "Network interfaces and an instance-level security groups may not be specified on the same request");
    if (text(primary, "NetworkInterfaceId")) throw unsupported(REFUSED.existingInterfaces);
    subnetId = text(primary, "SubnetId");
    const groups = texts(primary, "SecurityGroupId");
    if (groups.length > 0) interfaceGroups = groups;
  }
  const publicAddress = primary && flag(primary, "AssociatePublicIpAddress");
  const more = { ...(interfaceGroups ? { interfaceGroups } : {}), ...(publicAddress === undefined ? {} : { publicAddress }) };
  if (subnetId) {
    const subnet = world.network.subnet(subnetId);
    if (zone && world.network.subnetOfZone(zone) !== subnet) throw ec2Error("InvalidParameterValue", `The subnet '${subnetId}' is not in the Availability Zone '${zone}'`);
    return { subnets: [subnet], ...more };
  }
  return { subnets: zone ? [world.network.subnetOfZone(zone)] : [...world.network.subnets], ...more };
}

function resolveGroups(world: Ec2World, ids: string[], names: string[]): string[] {
  const found = [...ids.map((id) => world.groups.withId(id)), ...names.map((name) => world.groups.withName(name))];
  return found.length > 0 ? [...new Set(found.map((group) => group.groupId))] : [world.groups.defaultGroup.groupId];
}

/** User data as the instance sees it. @throws AwsError InvalidUserData.Malformed, InvalidParameterValue (over 16 KB) */
export function decodeUserData(encoded: string | undefined): string {
  if (!encoded) return "";
  const compact = encoded.replace(/\s/g, "");
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(compact) || compact.replace(/=+$/, "").length % 4 === 1) {
    throw ec2Error("InvalidUserData.Malformed", "Invalid BASE64 encoding of user data.");
  }
  const raw = Buffer.from(compact, "base64");
  if (raw.length > USER_DATA_LIMIT_BYTES) throw ec2Error("InvalidParameterValue", `User data is limited to ${USER_DATA_LIMIT_BYTES} bytes`);
  // cloud-init uncompresses gzip: https://cloudinit.readthedocs.io/en/latest/explanation/format.html
  if (raw[0] === 0x1f && raw[1] === 0x8b) return gunzipSync(raw).toString("utf8");
  return raw.toString("utf8");
}

function tagsOf(data: Wire): Map<string, Map<string, string>> {
  const byType = new Map<string, Map<string, string>>();
  for (const specification of structures(data, "TagSpecification")) {
    const type = text(specification, "ResourceType") ?? "";
    if (!["instance", "volume", "spot-instances-request", "network-interface"].includes(type)) throw ec2Error("InvalidParameterValue", `'${type}' is not a valid taggable resource type for this operation.`);
    const tags = byType.get(type) ?? new Map<string, string>();
    for (const tag of structures(specification, "Tag")) tags.set(text(tag, "Key") ?? "", text(tag, "Value") ?? "");
    byType.set(type, tags);
  }
  return byType;
}

function shutdownBehavior(value: string | undefined): "stop" | "terminate" {
  if (value === undefined || value === "" || value === "stop") return "stop";
  if (value === "terminate") return "terminate";
  throw ec2Error("InvalidParameterValue", `Invalid value '${value}' for InstanceInitiatedShutdownBehavior.`);
}

/** Looks the instance profile up in IAM. @throws AwsError InvalidParameterValue, when there is none */
async function resolveProfile(context: CallContext, specification: Wire): Promise<InstanceProfile | undefined> {
  const arn = text(specification, "Arn");
  const name = text(specification, "Name");
  if (!arn && !name) return undefined;
  if (arn && name) throw ec2Error("InvalidParameterCombination", "The parameter 'iamInstanceProfile.name' may not be used in combination with 'iamInstanceProfile.arn'");
  const invalid = (): AwsError => (arn
    ? ec2Error("InvalidParameterValue", `Value (${arn}) for parameter iamInstanceProfile.arn is invalid. Invalid IAM Instance Profile ARN`)
    : ec2Error("InvalidParameterValue", `Value (${name}) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name`));
  const wanted = name ?? arn!.slice(arn!.lastIndexOf("/") + 1);
  try {
    const { InstanceProfile: found } = await context.region.call<{ InstanceProfile: { Arn: string; InstanceProfileId: string; InstanceProfileName: string; Roles: { RoleName: string; Arn: string }[] } }>(
      context.region.admin, "iam", "GetInstanceProfile", { InstanceProfileName: wanted });
    if (arn && found.Arn !== arn) throw invalid();
    const role = found.Roles[0];
    return { arn: found.Arn, id: found.InstanceProfileId, name: found.InstanceProfileName, ...(role ? { role: { name: role.RoleName, arn: role.Arn } } : {}) };
  } catch (error) {
    if (error instanceof AwsError && /NoSuchEntity/.test(error.code)) throw invalid();
    throw error;
  }
}
