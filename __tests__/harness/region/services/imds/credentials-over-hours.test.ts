/** boto3 on a real guest, for half a day of its time: it renews its metadata session and its role's credentials by itself. */
import { EC2Client, RunInstancesCommand } from "@aws-sdk/client-ec2";
import type { Ec2Service } from "../../../../../harness/region/services/ec2";
import { seconds } from "../../../../../harness/time/clock";
import { startRegion } from "../../support/region";
import { PARAMETER_IMAGE, workUserData } from "../ec2/support";
import { createRole } from "../fis/support";

const PROGRAM = `
import boto3, time
session = boto3.Session(region_name="us-east-1")
sts = session.client("sts")
for hour in range(14):
    key = session.get_credentials().get_frozen_credentials().access_key
    print("as", key, sts.get_caller_identity()["Arn"], flush=True)
    time.sleep(3600)
print("done", flush=True)
`;
it("an instance's credentials are renewed before they expire, for as long as it runs", async () => {
  const { region, clock } = await startRegion();
  const client = new EC2Client(region.sdkConfig());
  try {
    await clock.run("test", async () => {
      await createRole({ region }, "worker", "ec2.amazonaws.com");
      await region.call(region.admin, "iam", "CreateInstanceProfile", { InstanceProfileName: "worker" });
      await region.call(region.admin, "iam", "AddRoleToInstanceProfile", { InstanceProfileName: "worker", RoleName: "worker" });
      const { Instances } = await client.send(new RunInstancesCommand({
        ImageId: PARAMETER_IMAGE, InstanceType: "m5.large", MinCount: 1, MaxCount: 1, UserData: Buffer.from(workUserData(PROGRAM)).toString("base64"), IamInstanceProfile: { Name: "worker" },
      }));
      const id = Instances![0]!.InstanceId!;
      await clock.sleep(seconds(15 * 3600));
      const console = region.service<Ec2Service>("ec2").guestConsole(id);
      const calls = [...console.matchAll(/as (ASIA\w+) (\S+)$/gm)];
      expect(calls).toHaveLength(14);
      expect(new Set(calls.map((call) => call[2]))).toEqual(new Set([`arn:aws:sts::123456789012:assumed-role/worker/${id}`]));
      expect(new Set(calls.map((call) => call[1])).size).toBe(3);
      expect(console).toContain("done");
    });
    expect(region.failures).toEqual([]);
  } finally {
    client.destroy();
    await region.close();
  }
});
