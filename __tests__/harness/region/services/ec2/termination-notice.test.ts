/**
 * The life of a Spot Instance and the timeline of its termination notice, as AWS announced it
 * (https://aws.amazon.com/blogs/aws/new-ec2-spot-instance-termination-notices/): a request with a maximum price, a program on the
 * instance that looks at termination-time every five seconds, saves its state and uploads its final log, and the price. The
 * program stays until it is told to go, so that the whole two minutes are seen.
 */
import { DescribeInstancesCommand, DescribeSpotInstanceRequestsCommand, EC2Client, RequestSpotInstancesCommand } from "@aws-sdk/client-ec2";
import type { Ec2Service } from "../../../../../harness/region/services/ec2";
import { seconds } from "../../../../../harness/time/clock";
import { startRegion } from "../../support/region";
import { PARAMETER_IMAGE, workUserData } from "./support";

const PROGRAM = `
import boto3, datetime, os, signal, sys, time, urllib.error, urllib.request
BASE = os.environ["AWS_EC2_METADATA_SERVICE_ENDPOINT"] + "/latest/"
s3 = boto3.client("s3", region_name="us-east-1")
def ask(path, headers, method="GET"):
    try:
        return urllib.request.urlopen(urllib.request.Request(BASE + path, headers=headers, method=method)).read().decode()
    except urllib.error.HTTPError as error:
        return error.code
token = ask("api/token", {"X-aws-ec2-metadata-token-ttl-seconds": "21600"}, "PUT")
def look():
    return ask("meta-data/spot/termination-time", {"X-aws-ec2-metadata-token": token})
def say(line):
    print("%.1f %s" % (time.time() - ${Date.parse("2026-01-01T00:00:00Z") / 1000}, line), flush=True)
def stop(*_):
    say("SIGTERM")
    sys.exit(0)
signal.signal(signal.SIGTERM, stop)
say("working, termination-time: %s" % look())
while look() == 404:
    time.sleep(5)
say("marked, termination-time: %s" % look())
s3.put_object(Bucket="results", Key="state", Body=b"42")
s3.put_object(Bucket="results", Key="final.log", Body=b"done")
say("saved")
while True:
    time.sleep(1)
`;

const allow = (principal: string, action: string | string[]) => JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal: { Service: principal }, Action: action, ...(action === "sts:AssumeRole" ? {} : { Resource: "*" }) }] });

it("from +00:00, the price above the maximum, to +02:00, the shutdown", async () => {
  const { region, clock } = await startRegion();
  const client = new EC2Client(region.sdkConfig());
  const admin = (service: string, operation: string, input: object) => region.call(region.admin, service, operation, input);
  const start = clock.now();
  const now = () => (clock.now() - start) / 1e6;
  const until = (second: number) => clock.sleepUntil(start + seconds(second));
  try {
    await clock.run("test", async () => {
      const ec2 = region.service<Ec2Service>("ec2");
      await admin("s3", "CreateBucket", { Bucket: "results" });
      await admin("iam", "CreateRole", { RoleName: "worker", AssumeRolePolicyDocument: allow("ec2.amazonaws.com", "sts:AssumeRole") });
      await admin("iam", "PutRolePolicy", { RoleName: "worker", PolicyName: "results", PolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "s3:PutObject", Resource: "arn:aws:s3:::results/*" }] }) });
      await admin("iam", "CreateInstanceProfile", { InstanceProfileName: "worker" });
      await admin("iam", "AddRoleToInstanceProfile", { InstanceProfileName: "worker", RoleName: "worker" });
      await admin("cloudwatch-logs", "CreateLogGroup", { logGroupName: "/aws/events/ec2" });
      await admin("cloudwatch-logs", "PutResourcePolicy", { policyName: "events", policyDocument: allow("events.amazonaws.com", ["logs:CreateLogStream", "logs:PutLogEvents"]) });
      await admin("eventbridge", "PutRule", { Name: "ec2", EventPattern: JSON.stringify({ source: ["aws.ec2"] }) });
      await admin("eventbridge", "PutTargets", { Rule: "ec2", Targets: [{ Id: "log", Arn: "arn:aws:logs:us-east-1:123456789012:log-group:/aws/events/ec2" }] });

      // A bid: its price is above the present one, so it is evaluated and fulfilled.
      const { SpotInstanceRequests } = await client.send(new RequestSpotInstancesCommand({
        SpotPrice: "0.05",
        LaunchSpecification: { ImageId: PARAMETER_IMAGE, InstanceType: "m5.large", Placement: { AvailabilityZone: "us-east-1a" }, UserData: Buffer.from(workUserData(PROGRAM)).toString("base64"), IamInstanceProfile: { Name: "worker" } },
      }));
      const SpotInstanceRequestIds = [SpotInstanceRequests![0]!.SpotInstanceRequestId!];
      const request = async () => (await client.send(new DescribeSpotInstanceRequestsCommand({ SpotInstanceRequestIds }))).SpotInstanceRequests![0]!;
      const status = async () => {
        const { State, Status } = await request();
        return `${State} ${Status!.Code} @${Status!.UpdateTime!.getTime() / 1000 - Date.parse("2026-01-01T00:00:00Z") / 1000}`;
      };
      expect(await status()).toBe("open pending-evaluation @0");
      await until(5);
      expect(await status()).toBe("active fulfilled @2");
      const instanceId = (await request()).InstanceId!;
      const state = async () => (await client.send(new DescribeInstancesCommand({ InstanceIds: [instanceId] }))).Reservations![0]!.Instances![0]!.State!.Name;

      // +00:00: the price rises above the bid. The request is marked for termination.
      await until(103);
      ec2.configurePools({ instanceType: "m5.large", zone: "us-east-1a" }, { spotPrice: 0.06 });
      await until(103.1);
      expect([await status(), await state()]).toEqual(["active marked-for-termination @103", "running"]);
      // By +00:05 the program knows, and what it has made is safe.
      await until(103 + 6);
      const console = () => [...ec2.guestConsole(instanceId).matchAll(/work\.service: ([\d.]+ .*)$/gm)].map((line) => line[1]!);
      const [working, marked, saved] = console();
      expect(working).toMatch(/ working, termination-time: 404$/);
      expect(marked).toMatch(/^10[3-8]\.\d marked, termination-time: 2026-01-01T00:03:43Z$/);
      expect(Number(saved!.split(" ")[0])).toBeLessThanOrEqual(103 + 5);
      const { Contents } = await admin("s3", "ListObjectsV2", { Bucket: "results" });
      expect((Contents as { Key: string }[]).map(({ Key }) => Key)).toEqual(["final.log", "state"]);
      // Until +02:00 the instance runs on.
      await until(103 + 119.9);
      expect([await status(), await state()]).toEqual(["active marked-for-termination @103", "running"]);
      // +02:00: the operating system is told to shut down; then the instance is gone, and the request says why.
      await until(103 + 120.5);
      expect(["shutting-down", "terminated"]).toContain(await state());
      expect(console().at(-1)).toBe("223.0 SIGTERM");
      await until(103 + 140);
      expect(await state()).toBe("terminated");
      expect(await status()).toMatch(/^closed instance-terminated-by-price @22[3-9]/);
      expect((await request()).Status!.Message).toBe("Your Spot Instance was terminated because the Spot price exceeded your maximum price.");

      const logged = (await admin("cloudwatch-logs", "FilterLogEvents", { logGroupName: "/aws/events/ec2" })).events as { message: string }[];
      const events = logged.map(({ message }) => JSON.parse(message) as { "detail-type": string; detail: Record<string, string> });
      expect(events.map((event) => `${event["detail-type"]} ${event.detail["state"] ?? ""}`.trim())).toEqual([
        "EC2 Spot Instance Request Fulfillment", "EC2 Instance State-change Notification pending", "EC2 Instance State-change Notification running",
        "EC2 Instance Rebalance Recommendation", "EC2 Spot Instance Interruption Warning",
        "EC2 Instance State-change Notification shutting-down", "EC2 Instance State-change Notification terminated",
      ]);
      expect(events.find((event) => event["detail-type"] === "EC2 Spot Instance Interruption Warning")).toEqual({
        version: "0", id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string, "detail-type": "EC2 Spot Instance Interruption Warning", source: "aws.ec2", account: "123456789012",
        time: "2026-01-01T00:01:43Z", region: "us-east-1", resources: [`arn:aws:ec2:us-east-1:123456789012:instance/${instanceId}`],
        detail: { "instance-id": instanceId, "instance-action": "terminate" },
      });
    });
    expect(region.failures).toEqual([]);
    expect(now()).toBeGreaterThan(240);
  } finally {
    client.destroy();
    await region.close();
  }
});
