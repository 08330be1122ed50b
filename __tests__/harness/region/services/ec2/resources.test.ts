import {
  AuthorizeSecurityGroupEgressCommand, AuthorizeSecurityGroupIngressCommand, CreateLaunchTemplateCommand, CreateLaunchTemplateVersionCommand, CreateSecurityGroupCommand, CreateTagsCommand, DeleteLaunchTemplateCommand, DeleteSecurityGroupCommand,
  DeleteTagsCommand, DescribeAvailabilityZonesCommand, DescribeImagesCommand, DescribeInstanceTypesCommand, DescribeLaunchTemplatesCommand, DescribeLaunchTemplateVersionsCommand, DescribeSecurityGroupsCommand, DescribeSubnetsCommand, RunInstancesCommand,
  DescribeTagsCommand, DescribeVpcsCommand, ModifyLaunchTemplateCommand, RevokeSecurityGroupEgressCommand, type RequestLaunchTemplateData,
} from "@aws-sdk/client-ec2";
import fc from "fast-check";
import { wildcard } from "../../../../../harness/region/services/ec2/filters";
import { createTemplate, launch, refusal, withEc2 } from "./support";

describe("launch templates", () => {
  const DATA: RequestLaunchTemplateData = {
    ImageId: "ami-0123456789abcdef0", InstanceType: "m5.large", UserData: "aGk=", SecurityGroupIds: ["sg-1"], IamInstanceProfile: { Name: "worker" }, Monitoring: { Enabled: true },
    MetadataOptions: { HttpTokens: "required", HttpPutResponseHopLimit: 1, InstanceMetadataTags: "enabled" }, InstanceInitiatedShutdownBehavior: "terminate",
    BlockDeviceMappings: [{ DeviceName: "/dev/xvda", Ebs: { VolumeSize: 20, VolumeType: "gp3", Encrypted: true } }], TagSpecifications: [{ ResourceType: "instance", Tags: [{ Key: "a", Value: "b" }] }],
    NetworkInterfaces: [{ DeviceIndex: 0, Groups: ["sg-1"], AssociatePublicIpAddress: true }],
  };

  it("give back what was put into them, version by version", () => withEc2(async ({ client }) => {
    const { LaunchTemplate } = await client.send(new CreateLaunchTemplateCommand({ LaunchTemplateName: "job", VersionDescription: "first", LaunchTemplateData: DATA, TagSpecifications: [{ ResourceType: "launch-template", Tags: [{ Key: "t", Value: "1" }] }] }));
    expect(LaunchTemplate).toMatchObject({ LaunchTemplateId: expect.stringMatching(/^lt-[0-9a-f]{17}$/) as string, DefaultVersionNumber: 1, LatestVersionNumber: 1, Tags: [{ Key: "t", Value: "1" }] });
    await client.send(new CreateLaunchTemplateVersionCommand({ LaunchTemplateName: "job", SourceVersion: "1", LaunchTemplateData: { InstanceType: "c5.large" } }));
    const { LaunchTemplateVersions } = await client.send(new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateName: "job" }));
    expect(LaunchTemplateVersions!.map(({ VersionNumber, DefaultVersion }) => [VersionNumber, DefaultVersion])).toEqual([[2, false], [1, true]]);
    expect(LaunchTemplateVersions![1]).toMatchObject({ VersionDescription: "first", LaunchTemplateData: DATA });
    expect(LaunchTemplateVersions![0]!.LaunchTemplateData).toMatchObject({ ...DATA, InstanceType: "c5.large" });
    await client.send(new ModifyLaunchTemplateCommand({ LaunchTemplateName: "job", DefaultVersion: "2" }));
    const latest = await client.send(new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateName: "job", Versions: ["$Latest", "$Default", "1"] }));
    expect(latest.LaunchTemplateVersions!.map(({ VersionNumber }) => VersionNumber)).toEqual([2, 2, 1]);
  }));

  it("are refused and missed with EC2's own errors", () => withEc2(async ({ client }) => {
    const create = (LaunchTemplateName: string) => client.send(new CreateLaunchTemplateCommand({ LaunchTemplateName, LaunchTemplateData: { InstanceType: "m5.large" } }));
    const { LaunchTemplate } = await create("job");
    expect(await refusal(create("job"))).toBe("InvalidLaunchTemplateName.AlreadyExistsException: Launch template name already in use.");
    expect(await refusal(create("a b"))).toMatch(/^InvalidLaunchTemplateName.MalformedException/);
    expect(await refusal(client.send(new DescribeLaunchTemplatesCommand({ LaunchTemplateNames: ["none"] })))).toBe("InvalidLaunchTemplateName.NotFoundException: The specified launch template, with template name none, does not exist.");
    expect(await refusal(client.send(new DescribeLaunchTemplatesCommand({ LaunchTemplateIds: ["lt-0123456789abcdef0"] })))).toBe("InvalidLaunchTemplateId.NotFound: The specified launch template, with template ID lt-0123456789abcdef0, does not exist.");
    expect(await refusal(client.send(new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateName: "job", Versions: ["7"] })))).toBe(`InvalidLaunchTemplateId.VersionNotFound: Could not find the specified version 7 for the launch template with ID ${LaunchTemplate!.LaunchTemplateId}.`);
    await client.send(new DeleteLaunchTemplateCommand({ LaunchTemplateName: "job" }));
    expect((await client.send(new DescribeLaunchTemplatesCommand({}))).LaunchTemplates).toEqual([]);
  }));
});

describe("tags", () => {
  it("are put, replaced, found and removed", () => withEc2(async (test) => {
    const { client } = test;
    await createTemplate(test);
    const [id] = await launch(test, { tags: { a: "1" } });
    const read = async (resource: string): Promise<Record<string, string>> => {
      const { Tags } = await client.send(new DescribeTagsCommand({ Filters: [{ Name: "resource-id", Values: [resource] }] }));
      return Object.fromEntries(Tags!.filter(({ Key }) => !Key!.startsWith("aws:")).map(({ Key, Value }) => [Key!, Value!]));
    };
    await client.send(new CreateTagsCommand({ Resources: [id!], Tags: [{ Key: "a", Value: "2" }, { Key: "b", Value: "" }] }));
    expect(await read(id!)).toEqual({ a: "2", b: "" });
    await client.send(new DeleteTagsCommand({ Resources: [id!], Tags: [{ Key: "a", Value: "1" }, { Key: "b" }] }));
    expect(await read(id!)).toEqual({ a: "2" });
    await client.send(new DeleteTagsCommand({ Resources: [id!] }));
    expect(await read(id!)).toEqual({});
    const { Tags } = await client.send(new DescribeTagsCommand({ Filters: [{ Name: "resource-type", Values: ["instance"] }] }));
    expect(Tags!.map(({ Key }) => Key)).toEqual(expect.arrayContaining(["aws:ec2:fleet-id"]));
  }));

  it("keep to EC2's rules", () => withEc2(async (test) => {
    await createTemplate(test);
    const [id] = await launch(test);
    const put = (Resources: string[], ...keys: string[]) => refusal(test.client.send(new CreateTagsCommand({ Resources, Tags: keys.map((Key) => ({ Key, Value: "x" })) })));
    expect(await put([id!], "aws:mine")).toBe("InvalidParameterValue: Tag keys starting with 'aws:' are reserved for internal use");
    expect(await put([id!], "k".repeat(129))).toMatch(/^InvalidParameterValue/);
    expect(await put([id!], ...Array.from({ length: 51 }, (_, index) => `k${index}`))).toMatch(/^TagLimitExceeded/);
    expect(await put(["i-0123456789abcdef0"], "a")).toMatch(/^InvalidInstanceID.NotFound/);
    expect(await put(["thing-1"], "a")).toBe("InvalidID: The ID 'thing-1' is not valid");
  }));
});

describe("security groups", () => {
  it("begin with all traffic out, and have their rules added and revoked", () => withEc2(async ({ client }) => {
    const { GroupId } = await client.send(new CreateSecurityGroupCommand({ GroupName: "job", Description: "for jobs" }));
    const read = async () => {
      const { SecurityGroups } = await client.send(new DescribeSecurityGroupsCommand({ GroupIds: [GroupId!] }));
      const ranges = (permissions: typeof SecurityGroups extends undefined ? never : NonNullable<typeof SecurityGroups>[0]["IpPermissions"]) => permissions!.map(({ IpProtocol, FromPort, ToPort, IpRanges }) => `${IpProtocol} ${FromPort ?? "-"}-${ToPort ?? "-"} ${IpRanges!.map(({ CidrIp }) => CidrIp).join()}`);
      return { out: ranges(SecurityGroups![0]!.IpPermissionsEgress), in: ranges(SecurityGroups![0]!.IpPermissions) };
    };
    expect(await read()).toEqual({ out: ["-1 --- 0.0.0.0/0"], in: [] });
    await client.send(new RevokeSecurityGroupEgressCommand({ GroupId, IpPermissions: [{ IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }] }] }));
    const https = { IpProtocol: "tcp", FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: "0.0.0.0/0", Description: "AWS" }, { CidrIp: "10.0.0.0/8" }] };
    const { SecurityGroupRules } = await client.send(new AuthorizeSecurityGroupEgressCommand({ GroupId, IpPermissions: [https] }));
    expect(SecurityGroupRules).toHaveLength(2);
    expect(await read()).toEqual({ out: ["tcp 443-443 0.0.0.0/0,10.0.0.0/8"], in: [] });
    expect(await refusal(client.send(new AuthorizeSecurityGroupEgressCommand({ GroupId, IpPermissions: [https] })))).toMatch(/^InvalidPermission.Duplicate: the specified rule "peer: 0.0.0.0\/0, TCP, from port: 443, to port: 443, ALLOW" already exists/);
    await client.send(new RevokeSecurityGroupEgressCommand({ GroupId, SecurityGroupRuleIds: [SecurityGroupRules![0]!.SecurityGroupRuleId!] }));
    await client.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpProtocol: "tcp", FromPort: 22, ToPort: 22, CidrIp: "10.1.0.0/16" }));
    expect(await read()).toEqual({ out: ["tcp 443-443 10.0.0.0/8"], in: ["tcp 22-22 10.1.0.0/16"] });
    expect(await refusal(client.send(new RevokeSecurityGroupEgressCommand({ GroupId, IpPermissions: [https] })))).toMatch(/^InvalidPermission.NotFound/);
  }));

  it("cannot be made twice, nor deleted while an instance has them", () => withEc2(async (test) => {
    const { client } = test;
    const create = () => client.send(new CreateSecurityGroupCommand({ GroupName: "job", Description: "for jobs" }));
    const { GroupId } = await create();
    expect(await refusal(create())).toMatch(/^InvalidGroup.Duplicate: The security group 'job' already exists for VPC 'vpc-/);
    await createTemplate(test, { SecurityGroupIds: [GroupId!] });
    await launch(test);
    expect(await refusal(client.send(new DeleteSecurityGroupCommand({ GroupId })))).toMatch(/^DependencyViolation/);
  }));
});

describe("the world around instances", () => {
  it("is a default VPC with a default subnet in each zone", () => withEc2(async ({ client, region }) => {
    const { Vpcs } = await client.send(new DescribeVpcsCommand({ Filters: [{ Name: "is-default", Values: ["true"] }] }));
    expect(Vpcs).toEqual([expect.objectContaining({ IsDefault: true, CidrBlock: "172.31.0.0/16" })]);
    const { Subnets } = await client.send(new DescribeSubnetsCommand({ Filters: [{ Name: "vpc-id", Values: [Vpcs![0]!.VpcId!] }, { Name: "default-for-az", Values: ["true"] }] }));
    expect(Subnets!.map(({ AvailabilityZone }) => AvailabilityZone)).toEqual(region.zones.map(({ name }) => name));
    const { AvailabilityZones } = await client.send(new DescribeAvailabilityZonesCommand({ ZoneNames: ["us-east-1b"] }));
    expect(AvailabilityZones).toEqual([expect.objectContaining({ ZoneId: "use1-az2", State: "available", ZoneType: "availability-zone" })]);
    expect(await refusal(client.send(new DescribeAvailabilityZonesCommand({ ZoneNames: ["mars-1a"] })))).toBe("InvalidParameterValue: Invalid availability zone: [mars-1a]");
  }));

  it("has instance types and Amazon Linux", () => withEc2(async ({ client }) => {
    const { InstanceTypes } = await client.send(new DescribeInstanceTypesCommand({ InstanceTypes: ["m5.xlarge", "t3.micro"] }));
    expect(InstanceTypes!.map(({ InstanceType, VCpuInfo, MemoryInfo }) => [InstanceType, VCpuInfo!.DefaultVCpus, MemoryInfo!.SizeInMiB])).toEqual([["m5.xlarge", 4, 16384], ["t3.micro", 2, 1024]]);
    expect(await refusal(client.send(new DescribeInstanceTypesCommand({ InstanceTypes: ["m5.tiny" as "m5.large"] })))).toBe("InvalidInstanceType: The following supplied instance types do not exist: [m5.tiny]");
    const { Images } = await client.send(new DescribeImagesCommand({ Owners: ["amazon"], Filters: [{ Name: "name", Values: ["al2023-ami-2023.*"] }, { Name: "architecture", Values: ["arm64"] }] }));
    expect(Images).toHaveLength(1);
  }));

  it("takes the metadata service's defaults from the image: version 1 is off with Amazon Linux 2023, and on with Amazon Linux 2", () => withEc2(async ({ client, region }) => {
    const launched = async (parameter: string): Promise<unknown[]> => {
      const { Parameter } = await region.call<{ Parameter: { Value: string } }>(region.admin, "ssm", "GetParameter", { Name: `/aws/service/ami-amazon-linux-latest/${parameter}` });
      const { Instances } = await client.send(new RunInstancesCommand({ ImageId: Parameter.Value, InstanceType: "t3.micro", MinCount: 1, MaxCount: 1 }));
      const { Images } = await client.send(new DescribeImagesCommand({ ImageIds: [Parameter.Value] }));
      return [Images![0]!.ImdsSupport, Instances![0]!.MetadataOptions!.HttpTokens, Instances![0]!.MetadataOptions!.HttpPutResponseHopLimit];
    };
    expect(await launched("al2023-ami-kernel-default-x86_64")).toEqual(["v2.0", "required", 2]);
    expect(await launched("amzn2-ami-hvm-x86_64-ebs")).toEqual([undefined, "optional", 1]);
  }));
});

it("a filter's value matches as its wildcards say, and a text without any only itself", () => {
  fc.assert(fc.property(fc.string(), fc.string(), (prefix, rest) => {
    const literal = prefix.replace(/[\\*?]/g, "\\$&");
    expect(wildcard(`${literal}*`).test(prefix + rest)).toBe(true);
    expect(wildcard(literal).test(prefix)).toBe(true);
    expect(wildcard(literal).test(prefix + rest)).toBe(rest === "");
  }));
});
