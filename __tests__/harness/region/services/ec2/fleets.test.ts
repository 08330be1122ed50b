import { CreateFleetCommand, CreateLaunchTemplateVersionCommand, DescribeFleetsCommand, DescribeInstancesCommand } from "@aws-sdk/client-ec2";
import { createTemplate, describe as describeInstance, fleetInput, launch, PARAMETER_IMAGE, refusal, sleep, spotRequest, withEc2, type Ec2Test, type FleetOptions } from "./support";

const create = ({ client }: Ec2Test, options: FleetOptions = {}) => client.send(new CreateFleetCommand(fleetInput(options)));

describe("CreateFleet, instant", () => {
  it("launches at once and says what, where and from which template", () => withEc2(async (test) => {
    const LaunchTemplateId = await createTemplate(test);
    const { FleetId, Instances, Errors } = await create(test, { zones: ["us-east-1b"], types: ["c5.large"] });
    expect(FleetId).toMatch(/^fleet-[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/);
    expect(Errors).toEqual([]);
    expect(Instances).toEqual([expect.objectContaining({
      Lifecycle: "spot", InstanceType: "c5.large", InstanceIds: [expect.stringMatching(/^i-[0-9a-f]{17}$/)],
      LaunchTemplateAndOverrides: { LaunchTemplateSpecification: { LaunchTemplateId, Version: "1" }, Overrides: { InstanceType: "c5.large", AvailabilityZone: "us-east-1b" } },
    })]);
    const instance = await describeInstance(test, Instances![0]!.InstanceIds![0]!);
    expect(instance.Placement!.AvailabilityZone).toBe("us-east-1b");
    expect(instance.Tags).toEqual(expect.arrayContaining([
      { Key: "aws:ec2launchtemplate:id", Value: LaunchTemplateId }, { Key: "aws:ec2launchtemplate:version", Value: "1" }, { Key: "aws:ec2:fleet-id", Value: FleetId },
    ]));
    const request = await spotRequest(test, instance.InstanceId!);
    expect(request).toMatchObject({ SpotInstanceRequestId: instance.SpotInstanceRequestId, State: "active", Status: { Code: "fulfilled" }, Type: "one-time", SpotPrice: "0.085000", LaunchedAvailabilityZone: "us-east-1b" });
  }));

  it("reports what could not be launched beside an empty list of instances, not as an exception", () => withEc2(async (test) => {
    await createTemplate(test);
    test.ec2.configurePools({ zone: "us-east-1a" }, { spotLimit: 0 });
    const { Instances, Errors } = await create(test, { types: ["m5.large", "c5.large"] });
    expect(Instances).toEqual([]);
    expect(Errors!.map(({ ErrorCode, ErrorMessage, Lifecycle }) => [ErrorCode, ErrorMessage, Lifecycle])).toEqual(
      Array(2).fill(["InsufficientInstanceCapacity", "There is no Spot capacity available that matches your request.", "spot"]));
  }));

  it("takes the next pool when the best has run dry, and tells of both", () => withEc2(async (test) => {
    await createTemplate(test);
    test.ec2.configurePools({ instanceType: "c5.large", zone: "us-east-1a" }, { spotLimit: 0 });
    const { Instances, Errors } = await create(test, { types: ["c5.large", "m5.large"] });
    expect(Instances!.map(({ InstanceType }) => InstanceType)).toEqual(["m5.large"]);
    expect(Errors!.map(({ ErrorCode, LaunchTemplateAndOverrides }) => [ErrorCode, LaunchTemplateAndOverrides!.Overrides!.InstanceType])).toEqual([["InsufficientInstanceCapacity", "c5.large"]]);
  }));

  it.each([
    ["lowest-price", ["us-east-1c", "us-east-1a"], "us-east-1a"],
    ["capacity-optimized", ["us-east-1a", "us-east-1c"], "us-east-1c"],
    ["price-capacity-optimized", ["us-east-1c", "us-east-1a"], "us-east-1c"],
  ] as const)("picks pools by %s", (AllocationStrategy, zones, expected) => withEc2(async (test) => {
    await createTemplate(test);
    test.ec2.configurePools({ zone: "us-east-1a" }, { spotLimit: 5 });
    const [id] = await launch(test, { zones: [...zones], more: { SpotOptions: { AllocationStrategy } } });
    expect((await describeInstance(test, id!)).Placement!.AvailabilityZone).toBe(expected);
  }));

  it("spreads over pools when diversified, and fills by weight", () => withEc2(async (test) => {
    await createTemplate(test);
    const { Instances } = await create(test, { zones: ["us-east-1a", "us-east-1b"], target: 4, more: { SpotOptions: { AllocationStrategy: "diversified" } } });
    expect(Instances!.map(({ InstanceIds }) => InstanceIds!.length)).toEqual([2, 2]);
    const weighted = await create(test, { overrides: [{ InstanceType: "m5.xlarge", AvailabilityZone: "us-east-1a", WeightedCapacity: 2 }], target: 3 });
    expect(weighted.Instances![0]!.InstanceIds).toHaveLength(2);
  }));

  it("honours priorities On-Demand", () => withEc2(async (test) => {
    await createTemplate(test);
    const { Instances } = await create(test, {
      lifecycle: "on-demand", more: { OnDemandOptions: { AllocationStrategy: "prioritized" } },
      overrides: [{ InstanceType: "c5.large", AvailabilityZone: "us-east-1a", Priority: 2 }, { InstanceType: "m5.large", AvailabilityZone: "us-east-1a", Priority: 1 }],
    });
    expect(Instances!.map(({ InstanceType, Lifecycle }) => [InstanceType, Lifecycle])).toEqual([["m5.large", "on-demand"]]);
  }));

  it("refuses a price below the pool's", () => withEc2(async (test) => {
    await createTemplate(test);
    const { Instances, Errors } = await create(test, { overrides: [{ InstanceType: "m5.large", AvailabilityZone: "us-east-1a", MaxPrice: "0.01" }] });
    expect(Instances).toEqual([]);
    expect(Errors![0]).toMatchObject({ ErrorCode: "SpotMaxPriceTooLow", ErrorMessage: "Your Spot request price of 0.01 is lower than the minimum required Spot request fulfillment price of 0.0317." });
  }));

  it("launches nothing when the minimum cannot be had", () => withEc2(async (test) => {
    await createTemplate(test);
    test.ec2.configurePools({}, { spotLimit: 1 });
    const { Instances, Errors } = await create(test, { target: 3, more: { SpotOptions: { MinTargetCapacity: 2, SingleInstanceType: true, SingleAvailabilityZone: true } } });
    expect(Instances).toEqual([]);
    expect(Errors!.map(({ ErrorCode }) => ErrorCode)).toEqual(["UnfulfillableCapacity"]);
    expect((await test.client.send(new DescribeInstancesCommand({}))).Reservations).toEqual([]);
  }));

  it("puts what is wrong with a launch into Errors: image, subnet aside, security group, profile, quota", () => withEc2(async (test) => {
    await createTemplate(test);
    const code = async (data: object): Promise<string> => {
      await test.client.send(new CreateLaunchTemplateVersionCommand({ LaunchTemplateName: "job", SourceVersion: "1", LaunchTemplateData: data }));
      return (await create(test)).Errors!.map(({ ErrorCode }) => ErrorCode).join();
    };
    expect(await code({ ImageId: "ami-nonsense" })).toBe("InvalidAMIID.Malformed");
    expect(await code({ ImageId: "resolve:ssm:/none" })).toBe("InvalidParameterValue");
    expect(await code({ SecurityGroupIds: ["sg-0123456789abcdef0"] })).toBe("InvalidGroup.NotFound");
    expect(await code({ IamInstanceProfile: { Name: "nobody" } })).toBe("InvalidParameterValue");
    test.ec2.settings.spotVcpuLimit = 1;
    expect(await code({ ImageId: PARAMETER_IMAGE })).toBe("MaxSpotInstanceCountExceeded");
    test.ec2.settings.spotServiceLinkedRole = false;
    expect(await code({ ImageId: PARAMETER_IMAGE })).toBe("AuthFailure.ServiceLinkedRoleCreationNotPermitted");
  }));

  it("answers a repeated ClientToken with the first answer, and another request under it with a mismatch", () => withEc2(async (test) => {
    await createTemplate(test);
    const first = await create(test, { more: { ClientToken: "once" } });
    await sleep(test, 100);
    const again = await create(test, { more: { ClientToken: "once" } });
    expect(again.Instances).toEqual(first.Instances);
    expect(again.FleetId).toBe(first.FleetId);
    expect((await test.client.send(new DescribeInstancesCommand({}))).Reservations).toHaveLength(1);
    expect(await refusal(create(test, { target: 2, more: { ClientToken: "once" } }))).toBe("IdempotentParameterMismatch: Arguments on this idempotent request are inconsistent with arguments used in previous request(s).");
  }));

  it("tags the fleet and its instances, nothing else; Spot requests stay untagged", () => withEc2(async (test) => {
    await createTemplate(test);
    const { FleetId, Instances } = await create(test, { more: { TagSpecifications: [{ ResourceType: "fleet", Tags: [{ Key: "a", Value: "1" }] }, { ResourceType: "instance", Tags: [{ Key: "b", Value: "2" }] }] } });
    const { Fleets } = await test.client.send(new DescribeFleetsCommand({ FleetIds: [FleetId!] }));
    expect(Fleets![0]).toMatchObject({ Type: "instant", Tags: [{ Key: "a", Value: "1" }], FulfilledCapacity: 1 });
    expect((await spotRequest(test, Instances![0]!.InstanceIds![0]!)).Tags ?? []).toEqual([]);
    expect(await refusal(create(test, { more: { TagSpecifications: [{ ResourceType: "spot-instances-request", Tags: [{ Key: "a", Value: "1" }] }] } })))
      .toBe("InvalidParameterValue: 'spot-instances-request' is not a valid taggable resource type for this operation.");
  }));

  it("refuses by name what it does not model", () => withEc2(async (test) => {
    await createTemplate(test);
    expect(await refusal(create(test, { more: { Type: "maintain" } }))).toMatch(/^UnsupportedOperation: .*'maintain' was given/);
    expect(await refusal(create(test, { more: { SpotOptions: { InstanceInterruptionBehavior: "hibernate" } } }))).toMatch(/^UnsupportedOperation: .*'hibernate'/);
    expect(await refusal(create(test, { overrides: [{ InstanceRequirements: { VCpuCount: { Min: 1 }, MemoryMiB: { Min: 1 } } }] }))).toMatch(/^UnsupportedOperation: .*InstanceRequirements/);
    expect(await refusal(create(test, { more: { LaunchTemplateConfigs: [{ LaunchTemplateSpecification: { LaunchTemplateName: "other", Version: "1" } }] } })))
      .toBe("InvalidLaunchTemplateName.NotFoundException: The specified launch template, with template name other, does not exist.");
    expect(await refusal(create(test, { more: { DryRun: true } }))).toBe("DryRunOperation: Request would have succeeded, but DryRun flag is set.");
  }));

  it("finds no capacity while a fault withholds it from the caller's role, in calls for one zone only", () => withEc2(async (test) => {
    await createTemplate(test);
    const roleArn = "arn:aws:iam::123456789012:role/launcher";
    const lift = test.ec2.injectInsufficientCapacity({ roleArns: [roleArn], percentage: 100, zones: ["us-east-1a", "use1-az2"] });
    const call = async (zones: string[], roleName: string | undefined): Promise<number> => {
      const caller = { ...test.region.admin, ...(roleName ? { roleName, isUnlimited: true as const } : {}) };
      const input = { Type: "instant", TargetCapacitySpecification: { TotalTargetCapacity: "1", DefaultTargetCapacityType: "spot" }, LaunchTemplateConfigs: [
        { LaunchTemplateSpecification: { LaunchTemplateName: "job", Version: "1" }, Overrides: zones.map((AvailabilityZone) => ({ AvailabilityZone })) }] };
      const output = await test.ec2.operations["CreateFleet"]!(input, { region: test.region, caller, requestId: "r" }) as { fleetInstanceSet: object[] };
      return output.fleetInstanceSet.length;
    };
    expect(await call(["us-east-1a"], "launcher")).toBe(0);
    expect(await call(["us-east-1b"], "launcher")).toBe(0);
    expect(await call(["us-east-1c"], "launcher")).toBe(1);
    expect(await call(["us-east-1a", "us-east-1b"], "launcher")).toBe(1);
    expect(await call(["us-east-1a"], "other")).toBe(1);
    expect(await call(["us-east-1a"], undefined)).toBe(1);
    lift();
    expect(await call(["us-east-1a"], "launcher")).toBe(1);
  }));
});
