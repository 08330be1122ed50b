import { DescribeInstanceStatusCommand, DescribeInstancesCommand, GetConsoleOutputCommand, RunInstancesCommand, TerminateInstancesCommand, type RunInstancesCommandInput } from "@aws-sdk/client-ec2";
import { gzipSync } from "node:zlib";
import { boto3 } from "../../support/region";
import { createTemplate, launch, PARAMETER_IMAGE, refusal, sleep, withEc2, type Ec2Test } from "./support";

const run = async ({ client }: Ec2Test, more: Partial<RunInstancesCommandInput> = {}) =>
  (await client.send(new RunInstancesCommand({ ImageId: PARAMETER_IMAGE, InstanceType: "m5.large", MinCount: 1, MaxCount: 1, ...more }))).Instances!;

describe("RunInstances", () => {
  it("launches On-Demand, without a guest when there is no user data", () => withEc2(async (test) => {
    const [instance] = await run(test);
    expect(instance).toMatchObject({ State: { Code: 0, Name: "pending" }, InstanceType: "m5.large", Architecture: "x86_64", PlatformDetails: "Linux/UNIX" });
    expect(instance!.InstanceLifecycle).toBeUndefined();
    await sleep(test, 60);
    expect(test.guests.all).toHaveLength(0);
  }));

  it("launches Spot with a request of its own, tagged as asked", () => withEc2(async (test) => {
    const [instance] = await run(test, {
      InstanceMarketOptions: { MarketType: "spot", SpotOptions: { MaxPrice: "0.05", SpotInstanceType: "one-time" } },
      TagSpecifications: [{ ResourceType: "instance", Tags: [{ Key: "a", Value: "1" }] }, { ResourceType: "spot-instances-request", Tags: [{ Key: "b", Value: "2" }] }],
    });
    expect(instance).toMatchObject({ InstanceLifecycle: "spot", SpotInstanceRequestId: expect.stringMatching(/^sir-[a-z0-9]{8}$/) as string, Tags: [{ Key: "a", Value: "1" }] });
  }));

  it("takes a template, and what the request says over it", () => withEc2(async (test) => {
    await createTemplate(test, { TagSpecifications: [{ ResourceType: "instance", Tags: [{ Key: "a", Value: "template" }, { Key: "b", Value: "template" }] }] });
    const [instance] = await run(test, { ImageId: undefined, InstanceType: "c5.xlarge", LaunchTemplate: { LaunchTemplateName: "job" }, TagSpecifications: [{ ResourceType: "instance", Tags: [{ Key: "a", Value: "own" }] }] });
    expect(instance!.InstanceType).toBe("c5.xlarge");
    expect(instance!.Tags).toEqual(expect.arrayContaining([{ Key: "a", Value: "own" }, { Key: "b", Value: "template" }]));
  }));

  it("launches as many as it can between the least and the most, in one zone, or none", () => withEc2(async (test) => {
    test.ec2.configurePools({}, { onDemandLimit: 1 });
    test.ec2.configurePools({ zone: "us-east-1c" }, { onDemandLimit: 3 });
    const instances = await run(test, { MinCount: 2, MaxCount: 5 });
    expect(instances.map(({ Placement, AmiLaunchIndex }) => [Placement!.AvailabilityZone, AmiLaunchIndex])).toEqual([["us-east-1c", 0], ["us-east-1c", 1], ["us-east-1c", 2]]);
    expect(await refusal(run(test, { MinCount: 2, MaxCount: 2 }))).toMatch(/^InsufficientInstanceCapacity/);
    const others = test.region.zones.map(({ name }) => name).filter((name) => name !== "us-east-1c");
    expect(await refusal(run(test, { Placement: { AvailabilityZone: "us-east-1c" } }))).toBe("InsufficientInstanceCapacity: We currently do not have sufficient m5.large capacity in the Availability Zone you requested (us-east-1c). "
      + `Our system will be working on provisioning additional capacity. You can currently get m5.large capacity by not specifying an Availability Zone in your request or choosing ${others.join(", ")}.`);
  }));

  it("gives a machine its type's memory and the root volume of its launch, or what is set instead", () => withEc2(async (test) => {
    const launch = (more: Partial<RunInstancesCommandInput>) => run(test, { UserData: Buffer.from("#!/bin/sh").toString("base64"), ...more });
    await launch({});
    await launch({ InstanceType: "r5.large", BlockDeviceMappings: [{ DeviceName: "/dev/sdf", Ebs: { VolumeSize: 100 } }, { DeviceName: "/dev/xvda", Ebs: { VolumeSize: 20 } }] });
    await sleep(test, 60);
    Object.assign(test.ec2.settings, { instanceMemoryMegabytes: 400, rootVolumeMegabytes: 300 });
    await launch({});
    await sleep(test, 60);
    const GIB = 2 ** 30;
    expect(test.guests.all.map(({ options: { memoryBytes, volumeBytes } }) => [memoryBytes, volumeBytes])).toEqual([[8 * GIB, 8 * GIB], [16 * GIB, 20 * GIB], [400e6, 300e6]]);
  }));

  it("boots user data that came compressed", () => withEc2(async (test) => {
    await run(test, { UserData: gzipSync("#cloud-config\n# packed\n").toString("base64") });
    await sleep(test, 50);
    expect(test.guests.all[0]!.options.userData).toBe("#cloud-config\n# packed\n");
    const { Output } = await test.client.send(new GetConsoleOutputCommand({ InstanceId: (await test.client.send(new DescribeInstancesCommand({}))).Reservations![0]!.Instances![0]!.InstanceId }));
    expect(Buffer.from(Output!, "base64").toString()).toBe("booted\n");
  }));

  it.each<[Partial<RunInstancesCommandInput>, RegExp]>([
    [{ ImageId: "ami-x" }, /^InvalidAMIID.Malformed: Invalid id: "ami-x"/],
    [{ ImageId: undefined }, /^MissingParameter: .*ImageId/],
    [{ InstanceType: "m5.tiny" as "m5.large" }, /^InvalidParameterValue: Invalid value 'm5.tiny' for InstanceType/],
    [{ InstanceType: "m6g.large" }, /^InvalidParameterValue: The architecture 'arm64'/],
    [{ SubnetId: "subnet-0123456789abcdef0" }, /^InvalidSubnetID.NotFound: The subnet ID 'subnet-0123456789abcdef0' does not exist/],
    [{ Placement: { AvailabilityZone: "us-east-1z" } }, /^InvalidParameterValue: Invalid availability zone: \[us-east-1z\]/],
    [{ SecurityGroupIds: ["sg-0123456789abcdef0"] }, /^InvalidGroup.NotFound/],
    [{ IamInstanceProfile: { Name: "none" } }, /^InvalidParameterValue: Value \(none\) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name/],
    [{ UserData: "not base64!" }, /^InvalidUserData.Malformed/],
    [{ BlockDeviceMappings: [{ DeviceName: "/dev/xvda", Ebs: { VolumeSize: 4 } }] }, /^InvalidBlockDeviceMapping: Volume of size 4GB is smaller than snapshot 'snap-[0-9a-f]{17}', expect size >= 8GB/],
    [{ UserData: Buffer.alloc(16385).toString("base64") }, /^InvalidParameterValue: User data is limited to 16384 bytes/],
    [{ MinCount: 3, MaxCount: 2 }, /^InvalidParameterValue/],
    [{ HibernationOptions: { Configured: true } }, /^UnsupportedOperation: .*hibernation/],
    [{ InstanceMarketOptions: { MarketType: "spot", SpotOptions: { SpotInstanceType: "persistent" } } }, /^UnsupportedOperation: .*'persistent'/],
    [{ InstanceMarketOptions: { MarketType: "spot", SpotOptions: { MaxPrice: "0.001" } } }, /^SpotMaxPriceTooLow/],
    [{ KernelId: "aki-1" }, /^UnsupportedOperation: The embedded region does not support the parameter KernelId of RunInstances\./],
    [{ DryRun: true }, /^DryRunOperation: Request would have succeeded, but DryRun flag is set\./],
  ])("refuses %j", (input, message) => withEc2(async (test) => {
    expect(await refusal(run(test, input))).toMatch(message);
    expect((await test.client.send(new DescribeInstancesCommand({}))).Reservations).toEqual([]);
  }));
});

describe("DescribeInstances", () => {
  it("filters by tags, states and attributes, with wildcards", () => withEc2(async (test) => {
    await createTemplate(test);
    const [a] = await launch(test, { tags: { "spotproof:job": "nightly-1", kind: "x*y" } });
    const [b] = await launch(test, { tags: { "spotproof:job": "nightly-2" }, lifecycle: "on-demand" });
    await sleep(test, 15);
    await test.client.send(new TerminateInstancesCommand({ InstanceIds: [b!], SkipOsShutdown: true }));
    const found = async (...filters: [string, ...string[]][]): Promise<string[]> => {
      const { Reservations } = await test.client.send(new DescribeInstancesCommand({ Filters: filters.map(([Name, ...Values]) => ({ Name, Values })) }));
      return Reservations!.flatMap(({ Instances }) => Instances!.map(({ InstanceId }) => InstanceId!));
    };
    expect(await found(["tag:spotproof:job", "nightly-*"])).toEqual([a, b]);
    expect(await found(["tag:spotproof:job", "nightly-?"], ["instance-state-name", "pending", "running"])).toEqual([a]);
    expect(await found(["tag:kind", "x\\*y"])).toEqual([a]);
    expect(await found(["tag-key", "kind"])).toEqual([a]);
    expect(await found(["instance-lifecycle", "spot"])).toEqual([a]);
    expect(await found(["instance-state-code", "32", "48"])).toEqual([b]);
    expect(await found(["instance-id", b!], ["availability-zone", "us-east-1a"])).toEqual([b]);
    expect(await found(["tag:spotproof:job", "none"])).toEqual([]);
    expect(await refusal(found(["colour", "red"]))).toBe("InvalidParameterValue: The filter 'colour' is invalid");
  }));

  it("pages, and finds its place again when instances have gone meanwhile", () => withEc2(async (test) => {
    await createTemplate(test);
    const ids = await launch(test, { target: 12 });
    const seen: string[] = [];
    let NextToken: string | undefined;
    do {
      const page = await test.client.send(new DescribeInstancesCommand({ MaxResults: 5, ...(NextToken ? { NextToken } : {}) }));
      seen.push(...page.Reservations!.flatMap(({ Instances }) => Instances!.map(({ InstanceId }) => InstanceId!)));
      NextToken = page.NextToken;
    } while (NextToken);
    expect(seen).toEqual(ids);
    expect(await refusal(test.client.send(new DescribeInstancesCommand({ MaxResults: 4 })))).toMatch(/^InvalidParameterValue: Value \( ?4 ?\) for parameter maxResults is invalid/);
    expect(await refusal(test.client.send(new DescribeInstancesCommand({ MaxResults: 5, NextToken: "x" })))).toBe("InvalidNextToken: The specified NextToken is not valid.");
    expect(await refusal(test.client.send(new DescribeInstancesCommand({ InstanceIds: ids, MaxResults: 5 })))).toMatch(/^InvalidParameterCombination/);
  }));

  it("refuses ids that do not exist or are none", () => withEc2(async (test) => {
    const ask = (...InstanceIds: string[]) => refusal(test.client.send(new DescribeInstancesCommand({ InstanceIds })));
    expect(await ask("i-0123456789abcdef0")).toBe("InvalidInstanceID.NotFound: The instance ID 'i-0123456789abcdef0' does not exist");
    expect(await ask("i-0123456789abcdef0", "i-0123456789abcdef1")).toBe("InvalidInstanceID.NotFound: The instance IDs 'i-0123456789abcdef0, i-0123456789abcdef1' do not exist");
    expect(await ask("x")).toBe("InvalidInstanceID.Malformed: Invalid id: \"x\"");
    expect(await refusal(test.client.send(new TerminateInstancesCommand({ InstanceIds: ["i-0123456789abcdef0"] })))).toMatch(/^InvalidInstanceID.NotFound/);
  }));

  it("is understood by boto3", () => withEc2(async (test) => {
    await createTemplate(test);
    const [id] = await launch(test);
    await sleep(test, 20);
    const seen = await boto3(test.region, "instance = client('ec2').describe_instances()['Reservations'][0]['Instances'][0]\nresult = [instance['InstanceId'], instance['State'], str(instance['LaunchTime']), instance['InstanceLifecycle'], instance['Placement']['AvailabilityZone']]");
    expect(seen).toEqual([id, { Code: 16, Name: "running" }, "2026-01-01 00:00:00+00:00", "spot", "us-east-1a"]);
  }));
});

describe("DescribeInstanceStatus", () => {
  it("shows instances that run, initializing at first", () => withEc2(async (test) => {
    await createTemplate(test);
    const [id] = await launch(test);
    const statuses = async (IncludeAllInstances = false) => (await test.client.send(new DescribeInstanceStatusCommand({ IncludeAllInstances }))).InstanceStatuses!.map(({ InstanceId, InstanceState, InstanceStatus }) => [InstanceId, InstanceState!.Name, InstanceStatus!.Status]);
    expect(await statuses()).toEqual([]);
    expect(await statuses(true)).toEqual([[id, "pending", "not-applicable"]]);
    await sleep(test, 20);
    expect(await statuses()).toEqual([[id, "running", "initializing"]]);
    await sleep(test, 120);
    expect(await statuses()).toEqual([[id, "running", "ok"]]);
  }));
});

it("boto3 walks from a template through a fleet and its instances to their end", () => withEc2(async (test) => {
  const seen = await boto3(test.region, `
ec2 = client('ec2')
ec2.create_launch_template(LaunchTemplateName='job', LaunchTemplateData={'ImageId': 'ami-0a1b2c3d4e5f60718', 'InstanceType': 'm5.large', 'MetadataOptions': {'HttpTokens': 'required'}})
version = ec2.create_launch_template_version(LaunchTemplateName='job', SourceVersion='1', LaunchTemplateData={'InstanceType': 'c5.large'})['LaunchTemplateVersion']['VersionNumber']
fleet = ec2.create_fleet(Type='instant', LaunchTemplateConfigs=[{'LaunchTemplateSpecification': {'LaunchTemplateName': 'job', 'Version': '$Latest'}, 'Overrides': [{'AvailabilityZone': 'us-east-1b', 'MaxPrice': '0.06'}]}],
  TargetCapacitySpecification={'TotalTargetCapacity': 7, 'DefaultTargetCapacityType': 'spot'}, TagSpecifications=[{'ResourceType': 'instance', 'Tags': [{'Key': 'job', 'Value': 'a'}]}])
ids = fleet['Instances'][0]['InstanceIds']
pages = list(ec2.get_paginator('describe_instances').paginate(Filters=[{'Name': 'tag:job', 'Values': ['a']}], PaginationConfig={'PageSize': 5}))
found = [[i['InstanceId'] for r in page['Reservations'] for i in r['Instances']] for page in pages]
first = pages[0]['Reservations'][0]['Instances'][0]
ec2.create_tags(Resources=ids[:1], Tags=[{'Key': 'armed', 'Value': 'x'}])
tags = [[t['Key'], t['Value']] for t in ec2.describe_tags(Filters=[{'Name': 'resource-id', 'Values': ids[:1]}, {'Name': 'key', 'Values': ['armed', 'job']}])['Tags']]
own = ec2.run_instances(LaunchTemplate={'LaunchTemplateName': 'job', 'Version': '$Default'}, MinCount=1, MaxCount=2, ClientToken='once')
again = ec2.run_instances(LaunchTemplate={'LaunchTemplateName': 'job', 'Version': '$Default'}, MinCount=1, MaxCount=2, ClientToken='once')
ended = ec2.terminate_instances(InstanceIds=ids)['TerminatingInstances']
result = {
  'version': version, 'launched': len(ids), 'pages': [len(page) for page in found], 'same': sorted(sum(found, [])) == sorted(ids),
  'first': [first['InstanceType'], first['Placement']['AvailabilityZone'], first['InstanceLifecycle'], first['State']['Name']], 'tags': sorted(tags),
  'own': [i['InstanceType'] for i in own['Instances']], 'once': [i['InstanceId'] for i in own['Instances']] == [i['InstanceId'] for i in again['Instances']],
  'ended': sorted({t['CurrentState']['Name'] for t in ended}),
  'refusals': [refused(ec2.describe_instances, InstanceIds=['i-00000000000000000']), refused(ec2.create_fleet, Type='maintain', LaunchTemplateConfigs=[{}], TargetCapacitySpecification={'TotalTargetCapacity': 1})[:2],
    refused(ec2.run_instances, LaunchTemplate={'LaunchTemplateName': 'job'}, MinCount=1, MaxCount=1, DryRun=True)[:2], refused(ec2.run_instances, LaunchTemplate={'LaunchTemplateName': 'none'}, MinCount=1, MaxCount=1)[:2]],
}`);
  expect(seen).toEqual({
    version: 2, launched: 7, pages: [5, 2], same: true, first: ["c5.large", "us-east-1b", "spot", "pending"], tags: [["armed", "x"], ["job", "a"]],
    own: ["m5.large", "m5.large"], once: true, ended: ["shutting-down"],
    refusals: [
      ["InvalidInstanceID.NotFound", 400, "The instance ID 'i-00000000000000000' does not exist"], ["UnsupportedOperation", 400], ["DryRunOperation", 412], ["InvalidLaunchTemplateName.NotFoundException", 400],
    ],
  });
}));
