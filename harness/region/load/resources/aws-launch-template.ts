/** https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/launch_template */
import type { Arguments } from "../arguments";
import type { ResourceType } from "../resource";

const tagList = (tags: Record<string, string> | undefined): object[] => Object.entries(tags ?? {}).map(([Key, Value]) => ({ Key, Value }));

/** A block as an object, undefined when it is absent. */
function optional(args: Arguments, name: string, read: (block: Arguments) => object): object | undefined {
  const block = args.optionalBlock(name);
  return block && read(block);
}

/** A list, undefined when it is empty: EC2 takes no empty ones. */
const some = <T>(list: T[]): T[] | undefined => (list.length > 0 ? list : undefined);

const blockDevice = (args: Arguments): object => ({
  DeviceName: args.optionalText("device_name"),
  NoDevice: args.optionalText("no_device"),
  VirtualName: args.optionalText("virtual_name"),
  Ebs: optional(args, "ebs", (ebs) => ({
    VolumeType: ebs.optionalText("volume_type"), VolumeSize: ebs.optionalNumber("volume_size"), Iops: ebs.optionalNumber("iops"), Throughput: ebs.optionalNumber("throughput"),
    Encrypted: ebs.optionalFlag("encrypted"), KmsKeyId: ebs.optionalText("kms_key_id"), DeleteOnTermination: ebs.optionalFlag("delete_on_termination"), SnapshotId: ebs.optionalText("snapshot_id"),
  })),
});

const networkInterface = (args: Arguments): object => ({
  DeviceIndex: args.optionalNumber("device_index") ?? 0,
  AssociatePublicIpAddress: args.optionalFlag("associate_public_ip_address"),
  DeleteOnTermination: args.optionalFlag("delete_on_termination"),
  Description: args.optionalText("description"),
  Groups: some(args.texts("security_groups")),
  SubnetId: args.optionalText("subnet_id"),
});

const marketOptions = (args: Arguments): object => ({
  MarketType: args.optionalText("market_type"),
  SpotOptions: optional(args, "spot_options", (spot) => ({
    SpotInstanceType: spot.optionalText("spot_instance_type"), InstanceInterruptionBehavior: spot.optionalText("instance_interruption_behavior"),
    MaxPrice: spot.optionalText("max_price"), BlockDurationMinutes: spot.optionalNumber("block_duration_minutes"),
  })),
});

function launchTemplateData(args: Arguments): object {
  return {
    ImageId: args.optionalText("image_id"),
    InstanceType: args.optionalText("instance_type"),
    KeyName: args.optionalText("key_name"),
    EbsOptimized: args.optionalFlag("ebs_optimized"),
    InstanceInitiatedShutdownBehavior: args.optionalText("instance_initiated_shutdown_behavior"),
    DisableApiTermination: args.optionalFlag("disable_api_termination"),
    IamInstanceProfile: optional(args, "iam_instance_profile", (profile) => ({ Arn: profile.optionalText("arn"), Name: profile.optionalText("name") })),
    SecurityGroupIds: some(args.texts("vpc_security_group_ids")),
    SecurityGroups: some(args.texts("security_group_names")),
    MetadataOptions: optional(args, "metadata_options", (metadata) => ({
      HttpEndpoint: metadata.optionalText("http_endpoint"), HttpTokens: metadata.optionalText("http_tokens"), HttpPutResponseHopLimit: metadata.optionalNumber("http_put_response_hop_limit"),
      InstanceMetadataTags: metadata.optionalText("instance_metadata_tags"), HttpProtocolIpv6: metadata.optionalText("http_protocol_ipv6"),
    })),
    Monitoring: optional(args, "monitoring", (monitoring) => ({ Enabled: monitoring.optionalFlag("enabled") })),
    CreditSpecification: optional(args, "credit_specification", (credit) => ({ CpuCredits: credit.optionalText("cpu_credits") })),
    Placement: optional(args, "placement", (placement) => ({ AvailabilityZone: placement.optionalText("availability_zone"), Tenancy: placement.optionalText("tenancy") })),
    BlockDeviceMappings: some(args.blocks("block_device_mappings").map(blockDevice)),
    NetworkInterfaces: some(args.blocks("network_interfaces").map(networkInterface)),
    InstanceMarketOptions: optional(args, "instance_market_options", marketOptions),
    TagSpecifications: some(args.blocks("tag_specifications").map((block) => ({ ResourceType: block.text("resource_type"), Tags: tagList(block.optionalMap("tags")) }))),
    UserData: args.optionalText("user_data"),
  };
}

export const awsLaunchTemplate: ResourceType = (args) => {
  const name = args.text("name");
  const description = args.optionalText("description");
  const tags = args.tagList();
  const data = launchTemplateData(args);
  args.noEffect("a template that is made once has one version, which is the default", "update_default_version");
  args.only("default_version", 1);
  return async ({ call, region }) => {
    const { LaunchTemplate } = await call<{ LaunchTemplate: { LaunchTemplateId: string; LatestVersionNumber: number; DefaultVersionNumber: number } }>("ec2", "CreateLaunchTemplate", {
      LaunchTemplateName: name, VersionDescription: description, LaunchTemplateData: data, ...(tags ? { TagSpecifications: [{ ResourceType: "launch-template", Tags: tags }] } : {}),
    });
    const { LaunchTemplateId: id, LatestVersionNumber, DefaultVersionNumber } = LaunchTemplate;
    const { accountId, partition, regionName } = region;
    return { id, name, arn: `arn:${partition}:ec2:${regionName}:${accountId}:launch-template/${id}`, latest_version: LatestVersionNumber, default_version: DefaultVersionNumber };
  };
};
