import { CreateFleetCommand, CreateLaunchTemplateCommand, DescribeInstancesCommand, EC2Client, GetConsoleOutputCommand } from "@aws-sdk/client-ec2";
import { seconds } from "../../../../../harness/time/clock";
import type { Ec2Service } from "../../../../../harness/region/services/ec2";
import { startRegion } from "../../support/region";
import { fleetInput, PARAMETER_IMAGE, workUserData } from "./support";

/** What an agent does with its metadata service, as a systemd unit of real Python. */
const AGENT = `
import json, os, signal, subprocess, sys, time, urllib.error, urllib.request
base = os.environ["AWS_EC2_METADATA_SERVICE_ENDPOINT"] + "/latest/"
def ask(path, **headers):
    request = urllib.request.Request(base + path, headers={name.replace("_", "-"): value for name, value in headers.items()}, method="PUT" if path == "api/token" else "GET")
    try:
        return urllib.request.urlopen(request).read().decode()
    except urllib.error.HTTPError as error:
        return error.code
token = ask("api/token", X_aws_ec2_metadata_token_ttl_seconds="21600")
get = lambda path: ask("meta-data/" + path, X_aws_ec2_metadata_token=token)
print("I am", get("instance-id"), get("tags/instance/spotproof:job"), get("placement/region"), flush=True)
while get("spot/instance-action") == 404:
    time.sleep(5)
print("notice", get("spot/instance-action"), flush=True)
subprocess.run(["systemctl", "poweroff"])
time.sleep(60)
`;

it("a real guest finds itself by its metadata service, sees the notice, and ends its instance by powering off", async () => {
  const { region, clock } = await startRegion();
  const client = new EC2Client(region.sdkConfig());
  try {
    await clock.run("test", async () => {
      const ec2 = region.service<Ec2Service>("ec2");
      await client.send(new CreateLaunchTemplateCommand({
        LaunchTemplateName: "job",
        LaunchTemplateData: { ImageId: PARAMETER_IMAGE, UserData: Buffer.from(workUserData(AGENT)).toString("base64"), InstanceInitiatedShutdownBehavior: "terminate", MetadataOptions: { HttpTokens: "required", InstanceMetadataTags: "enabled" } },
      }));
      const { Instances } = await client.send(new CreateFleetCommand(fleetInput({ tags: { "spotproof:job": "a" } })));
      const id = Instances![0]!.InstanceIds![0]!;
      await clock.sleep(seconds(100));
      ec2.interrupt(id, { by: "experiment" });
      await clock.sleep(seconds(30));
      const { Output } = await client.send(new GetConsoleOutputCommand({ InstanceId: id }));
      const console = Buffer.from(Output!, "base64").toString();
      expect(console).toContain(`I am ${id} a us-east-1`);
      expect(console).toContain("notice {\"action\": \"terminate\", \"time\": \"2026-01-01T00:03:40Z\"}");
      const { Reservations } = await client.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
      expect(Reservations![0]!.Instances![0]).toMatchObject({ State: { Name: "terminated" }, StateReason: { Code: "Client.InstanceInitiatedShutdown" } });
    });
    expect(region.failures).toEqual([]);
  } finally {
    client.destroy();
    await region.close();
  }
});
