/** What can be done to an instance and a template besides launching and terminating them. */
import {
  CreateLaunchTemplateVersionCommand, DeleteLaunchTemplateVersionsCommand, DescribeInstanceAttributeCommand, DescribeLaunchTemplateVersionsCommand, DescribeSpotPriceHistoryCommand,
  ModifyInstanceAttributeCommand, ModifyInstanceMetadataOptionsCommand, StopInstancesCommand, TerminateInstancesCommand, type SpotPrice,
} from "@aws-sdk/client-ec2";
import { boto3 } from "../../support/region";
import { createTemplate, describe as describeInstance, launch, refusal, sleep, withEc2, type Ec2Test } from "./support";

const state = async (test: Ec2Test, id: string) => (await describeInstance(test, id)).State!.Name;

describe("StopInstances", () => {
  it("refuses a Spot Instance as AWS does: its request is a one-time one", () => withEc2(async (test) => {
    await createTemplate(test);
    const [id] = await launch(test);
    await sleep(test, 20);
    expect(await refusal(test.client.send(new StopInstancesCommand({ InstanceIds: [id!] })))).toBe(
      `UnsupportedOperation: You can't stop the Spot Instance '${id!}' because it is associated with a one-time Spot Instance request. You can only stop Spot Instances associated with persistent Spot Instance requests.`);
    expect(await state(test, id!)).toBe("running");
  }));

  it("stops an On-Demand Instance, which then holds neither capacity nor a public address", () => withEc2(async (test) => {
    await createTemplate(test);
    const [id] = await launch(test, { lifecycle: "on-demand" });
    const stop = () => test.client.send(new StopInstancesCommand({ InstanceIds: [id!] }));
    expect(await refusal(stop())).toBe(`IncorrectInstanceState: This instance '${id!}' is not in a state from which it can be stopped.`);
    await sleep(test, 60);
    expect((await describeInstance(test, id!)).PublicIpAddress).toMatch(/^198\.18\./);
    const { StoppingInstances } = await stop();
    expect(StoppingInstances).toMatchObject([{ InstanceId: id, PreviousState: { Name: "running" }, CurrentState: { Name: "stopping" } }]);
    await sleep(test, 15);
    const stopped = await describeInstance(test, id!);
    expect([stopped.State!.Name, stopped.PublicIpAddress, stopped.StateReason!.Code]).toEqual(["stopped", undefined, "Client.UserInitiatedShutdown"]);
    expect(test.ec2.pool("m5.large", "us-east-1a").used["on-demand"]).toBe(0);
    expect((await stop()).StoppingInstances![0]!.CurrentState!.Name).toBe("stopped");
    await test.client.send(new TerminateInstancesCommand({ InstanceIds: [id!] }));
    await sleep(test, 15);
    expect(await state(test, id!)).toBe("terminated");
    expect(test.ec2.pool("m5.large", "us-east-1a").used["on-demand"]).toBe(0);
    expect(await refusal(stop())).toMatch(/^IncorrectInstanceState/);
    expect(await refusal(test.client.send(new StopInstancesCommand({ InstanceIds: [id!], Hibernate: true })))).toMatch(/^UnsupportedOperation: .*hibernation/);
    expect(test.events.filter((event) => event.includes("State-change")).map((event) => event.split(" ").at(-2))).toEqual(["pending", "running", "stopping", "stopped", "shutting-down", "terminated"]);
  }));

  it("and what has no model is refused by name, to boto3 too", () => withEc2(async (test) => {
    await createTemplate(test);
    const [id] = await launch(test);
    expect(await boto3(test.region, `ec2 = client('ec2')\nresult = [refused(call, InstanceIds=['${id!}'])[2] for call in (ec2.reboot_instances, ec2.start_instances)] + [refused(ec2.get_spot_placement_scores, TargetCapacity=1)[2]]`)).toEqual(
      ["RebootInstances", "StartInstances", "GetSpotPlacementScores"].map((name) => expect.stringContaining(`does not support the operation ${name}`) as string));
  }));
});

describe("TerminateInstances", () => {
  it("spares the zone of a protected instance, and ends those in other zones", () => withEc2(async (test) => {
    await createTemplate(test);
    const [a] = await launch(test, { lifecycle: "on-demand" });
    const [b] = await launch(test, { lifecycle: "on-demand" });
    const [c] = await launch(test, { lifecycle: "on-demand", zones: ["us-east-1b"] });
    await test.client.send(new ModifyInstanceAttributeCommand({ InstanceId: b!, DisableApiTermination: { Value: true } }));
    expect((await test.client.send(new DescribeInstanceAttributeCommand({ InstanceId: b!, Attribute: "disableApiTermination" }))).DisableApiTermination!.Value).toBe(true);
    expect(await refusal(test.client.send(new TerminateInstancesCommand({ InstanceIds: [a!, b!, c!] })))).toMatch(new RegExp(`^OperationNotPermitted: The instance '${b!}' may not be terminated`));
    expect([await state(test, a!), await state(test, b!), await state(test, c!)]).toEqual(["pending", "pending", "shutting-down"]);
    await test.client.send(new ModifyInstanceAttributeCommand({ InstanceId: b!, Attribute: "disableApiTermination", Value: "false" }));
    await test.client.send(new TerminateInstancesCommand({ InstanceIds: [a!, b!, c!] }));
    expect(await state(test, b!)).toBe("shutting-down");
  }));
});

describe("an instance's attributes", () => {
  it("can be read, and changed one at a time", () => withEc2(async (test) => {
    await createTemplate(test);
    const [id] = await launch(test, { lifecycle: "on-demand" });
    expect(Buffer.from((await test.client.send(new DescribeInstanceAttributeCommand({ InstanceId: id!, Attribute: "userData" }))).UserData!.Value!, "base64").toString()).toBe("#cloud-config\nruncmd: []\n");
    const modify = (more: object) => test.client.send(new ModifyInstanceAttributeCommand({ InstanceId: id!, ...more }));
    await modify({ InstanceInitiatedShutdownBehavior: { Value: "stop" } });
    await sleep(test, 50);
    test.guests.all[0]!.options.onPowerOff();
    await sleep(test, 15);
    expect(await state(test, id!)).toBe("stopped");
    expect(await refusal(modify({ InstanceInitiatedShutdownBehavior: { Value: "sleep" } }))).toMatch(/^InvalidParameterValue/);
    expect(await refusal(modify({ InstanceType: { Value: "m5.xlarge" } }))).toMatch(/^UnsupportedOperation: .*'instanceType'/);
    expect(await refusal(modify({}))).toBe("InvalidParameterCombination: No attributes specified.");
    expect(await refusal(modify({ EbsOptimized: { Value: true }, EnaSupport: { Value: true } }))).toBe("InvalidParameterCombination: Fields for multiple attribute types specified.");
  }));

  it("include the metadata options, of which one changes and the others stay", () => withEc2(async (test) => {
    await createTemplate(test);
    const [id, other] = await launch(test, { target: 2 });
    const { InstanceMetadataOptions } = await test.client.send(new ModifyInstanceMetadataOptionsCommand({ InstanceId: id!, HttpTokens: "optional", HttpPutResponseHopLimit: 3 }));
    expect(InstanceMetadataOptions).toMatchObject({ State: "pending", HttpTokens: "optional", HttpPutResponseHopLimit: 3, HttpEndpoint: "enabled", InstanceMetadataTags: "enabled" });
    expect((await describeInstance(test, id!)).MetadataOptions).toMatchObject({ HttpTokens: "optional", InstanceMetadataTags: "enabled" });
    expect((await describeInstance(test, other!)).MetadataOptions!.HttpTokens).toBe("required");
    expect(await refusal(test.client.send(new ModifyInstanceMetadataOptionsCommand({ InstanceId: id!, HttpPutResponseHopLimit: 65 })))).toMatch(/^InvalidParameterValue/);
  }));
});

it("DeleteLaunchTemplateVersions deletes those that are there, but never the default", () => withEc2(async (test) => {
  await createTemplate(test);
  for (const SourceVersion of ["1", "2"]) await test.client.send(new CreateLaunchTemplateVersionCommand({ LaunchTemplateName: "job", SourceVersion, LaunchTemplateData: { InstanceType: "c5.large" } }));
  const answer = await test.client.send(new DeleteLaunchTemplateVersionsCommand({ LaunchTemplateName: "job", Versions: ["1", "2", "9"] }));
  expect(answer.SuccessfullyDeletedLaunchTemplateVersions!.map(({ VersionNumber }) => VersionNumber)).toEqual([2]);
  expect(answer.UnsuccessfullyDeletedLaunchTemplateVersions!.map(({ VersionNumber, ResponseError }) => [VersionNumber, ResponseError!.Code])).toEqual([[1, "unexpectedError"], [9, "launchTemplateVersionDoesNotExist"]]);
  expect((await test.client.send(new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateName: "job" }))).LaunchTemplateVersions!.map(({ VersionNumber }) => VersionNumber)).toEqual([3, 1]);
}));

describe("DescribeSpotPriceHistory", () => {
  it("comes in pages of a thousand at most, each pool once while no price changes", () => withEc2(async (test) => {
    const all: SpotPrice[] = [];
    const sizes: number[] = [];
    for (let NextToken: string | undefined; ;) {
      const page = await test.client.send(new DescribeSpotPriceHistoryCommand({ NextToken }));
      all.push(...page.SpotPriceHistory!);
      sizes.push(page.SpotPriceHistory!.length);
      NextToken = page.NextToken;
      if (!NextToken) break;
    }
    expect(Math.max(...sizes)).toBe(1000);
    expect(new Set(all.map(({ InstanceType, AvailabilityZone }) => `${InstanceType} ${AvailabilityZone}`)).size).toBe(all.length);
    expect(all.length).toBeGreaterThan(1000);
  }));

  it("is of the time, the zone and the product asked for", () => withEc2(async (test) => {
    for (const [afterSeconds, spotPrice] of [[0, 0.05], [100, 0.06], [100, 0.07]] as const) {
      await sleep(test, afterSeconds);
      test.ec2.configurePools({ instanceType: "m5.large" }, { spotPrice });
    }
    const at = (second: number) => new Date(Date.parse("2026-01-01T00:00:00Z") + second * 1000);
    const prices = async (more: object) => (await test.client.send(new DescribeSpotPriceHistoryCommand({ InstanceTypes: ["m5.large"], AvailabilityZone: "us-east-1a", ...more }))).SpotPriceHistory!.map(({ SpotPrice }) => Number(SpotPrice));
    expect(await prices({})).toEqual([0.07, 0.06, 0.05]);
    expect(await prices({ StartTime: at(200), EndTime: at(200) })).toEqual([0.07]);
    expect(await prices({ StartTime: at(150), EndTime: at(160) })).toEqual([0.06]);
    expect(await prices({ StartTime: at(150) })).toEqual([0.07, 0.06]);
    expect(await prices({ ProductDescriptions: ["Windows"] })).toEqual([]);
    expect(await prices({ ProductDescriptions: ["Linux/UNIX (Amazon VPC)", "Windows"], MaxResults: 1 })).toEqual([0.07]);
    expect(await boto3(test.region, "pages = client('ec2').get_paginator('describe_spot_price_history').paginate(InstanceTypes=['m5.large'], AvailabilityZone='us-east-1a', PaginationConfig={'PageSize': 2})\nresult = [[price['SpotPrice'] for price in page['SpotPriceHistory']] for page in pages]")).toEqual([["0.070000", "0.060000"], ["0.050000"]]);
  }));
});
