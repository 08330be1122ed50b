/** aws:network:disrupt-connectivity, as programs in an instance that runs for real meet it. */
import { ListExperimentResolvedTargetsCommand, StopExperimentCommand } from "@aws-sdk/client-fis";
import { endIdleParents } from "../../../../../harness/region/guest";
import { createProfile, createTemplate, launch, refusal, sleep, workUserData } from "../ec2/support";
import { createExperimentTemplate, start, stateOf, withFis, type FisTest, type TemplateInput } from "./support";

afterAll(endIdleParents);

const disrupt = (scope: string, target: object = { parameters: { availabilityZoneIdentifier: "us-east-1a" } }, parameters: Record<string, string> = {}): TemplateInput => ({
  targets: { subnets: { resourceType: "aws:ec2:subnet", selectionMode: "ALL", ...target } },
  actions: { cut: { actionId: "aws:network:disrupt-connectivity", parameters: { duration: "PT2M", scope, ...parameters }, targets: { Subnets: "subnets" } } },
} as TemplateInput);

/** Calls, and how each went and how long it took, in seconds of the clock: `SECOND NAME OUTCOME DURATION`. */
const PROGRAM = `
import sys, threading, time, urllib.request
import boto3, os
from botocore.config import Config
start = time.time()
at = lambda: "%.0f" % (time.time() - start)
config = Config(connect_timeout=3, read_timeout=10, retries={"max_attempts": 0})
client = lambda name: boto3.client(name, region_name="us-east-1", config=config)
def call(name, work):
    began = time.time()
    try: work(); how = "ok"
    except Exception as error: how = type(error).__name__
    print(at(), name, how, "%.0f" % (time.time() - began), flush=True)
`;

/** An instance in us-east-1a, whose program begins 45 seconds after its launch and lives for so many; its lines. */
async function live(test: FisTest, program: string, during: () => Promise<void>, zone = "us-east-1a"): Promise<string[]> {
  await createTemplate(test, { UserData: Buffer.from(workUserData(PROGRAM + program)).toString("base64"), IamInstanceProfile: { Name: await createProfile(test, "node", "AdministratorAccess") } });
  const [instanceId] = await launch(test, { zones: [zone] });
  await sleep(test, 50);
  await during();
  return test.ec2.guestConsole(instanceId!).split("\n").filter((line) => / work\.service: \d+ /.test(line)).map((line) => line.slice(line.indexOf(": ") + 2));
}

const withRealFis = (body: (test: FisTest) => Promise<void>): Promise<void> => withFis(body, { realGuests: true });

describe("a subnet whose traffic is denied", () => {
  const loop = `
s3, dynamodb, ec2 = client("s3"), client("dynamodb"), client("ec2")
call("s3", s3.list_buckets); call("dynamodb", dynamodb.list_tables); call("ec2", ec2.describe_vpcs)
time.sleep(10)
call("s3", s3.list_buckets)
call("s3", s3.list_buckets)
call("dynamodb", dynamodb.list_tables)
call("ec2", ec2.describe_vpcs)
`;

  it.each([
    ["s3", ["20 s3 ReadTimeoutError 10", "23 s3 ConnectTimeoutError 3", "23 dynamodb ok 0", "23 ec2 ok 0"]],
    ["dynamodb", ["10 s3 ok 0", "10 s3 ok 0", "20 dynamodb ReadTimeoutError 10", "20 ec2 ok 0"]],
    ["all", ["20 s3 ReadTimeoutError 10", "23 s3 ConnectTimeoutError 3", "33 dynamodb ReadTimeoutError 10", "43 ec2 ReadTimeoutError 10"]],
  ])("answers nobody in the scope %s: sockets' own time-outs end the wait, on the clock", (scope, expected) => withRealFis(async (test) => {
    const lines = await live(test, loop, async () => {
      await start(test, disrupt(scope));
      await sleep(test, 60);
    });
    expect(lines).toEqual(["0 s3 ok 0", "0 dynamodb ok 0", "0 ec2 ok 0", ...expected]);
  }));

  it("answers what still waits when it is over, or when the experiment is stopped", () => withRealFis(async (test) => {
    const patient = `
patient = Config(connect_timeout=3600, read_timeout=3600, retries={"max_attempts": 0})
s3 = boto3.client("s3", region_name="us-east-1", config=patient)
call("first", s3.list_buckets)
time.sleep(10)
call("waits", s3.list_buckets)
time.sleep(10)
call("connects", boto3.client("s3", region_name="us-east-1", config=patient).list_buckets)
`;
    const lines = await live(test, patient, async () => {
      await start(test, disrupt("s3")); // from 6 to 126, as the program counts
      await sleep(test, 125);
      const id = await start(test, disrupt("all")); // from 131
      await sleep(test, 30);
      await test.fis.send(new StopExperimentCommand({ id })); // at 160
      await sleep(test, 10);
      expect(await stateOf(test, id)).toBe("stopped: Experiment stopped.");
    });
    expect(lines).toEqual(["0 first ok 0", "126 waits ok 116", "160 connects ok 24"]);
  }));

  it("leaves the metadata service alone, and other threads at work", () => withRealFis(async (test) => {
    const program = `
s3 = client("s3")
call("s3", s3.list_buckets)
def metadata():
    base = os.environ["AWS_EC2_METADATA_SERVICE_ENDPOINT"] + "/latest/"
    token = urllib.request.urlopen(urllib.request.Request(base + "api/token", method="PUT", headers={"x-aws-ec2-metadata-token-ttl-seconds": "60"})).read().decode()
    urllib.request.urlopen(urllib.request.Request(base + "meta-data/instance-id", headers={"x-aws-ec2-metadata-token": token})).read()
def other():
    time.sleep(12); call("metadata", metadata)
threading.Thread(target=other).start()
time.sleep(10)
call("s3", s3.list_buckets)
`;
    const lines = await live(test, program, async () => {
      await start(test, disrupt("all"));
      await sleep(test, 40);
    });
    expect(lines).toEqual(["0 s3 ok 0", "12 metadata ok 0", "20 s3 ReadTimeoutError 10"]);
  }));

  it("is no other subnet", () => withRealFis(async (test) => {
    const lines = await live(test, 'time.sleep(10)\ncall("s3", client("s3").list_buckets)', async () => {
      await start(test, disrupt("all"));
      await sleep(test, 40);
    }, "us-east-1b");
    expect(lines).toEqual(["10 s3 ok 0"]);
  }));

  it("lets no command through to an agent", () => withRealFis(async (test) => {
    await live(test, "time.sleep(1000)", async () => {
      const instances = await test.region.call<{ Reservations: { Instances: { InstanceId: string }[] }[] }>(test.region.admin, "ec2", "DescribeInstances", {});
      await start(test, disrupt("all"));
      await sleep(test, 5);
      await test.region.call(test.region.admin, "ssm", "SendCommand", { DocumentName: "AWS-RunShellScript", InstanceIds: [instances.Reservations[0]!.Instances[0]!.InstanceId], Parameters: { commands: ["true"] } });
      const status = async () => (await test.region.call<{ Commands: { Status: string }[] }>(test.region.admin, "ssm", "ListCommands", {})).Commands[0]!.Status;
      await sleep(test, 60);
      expect(await status()).toBe("Pending");
      await sleep(test, 70);
      expect(await status()).toBe("Success");
    });
  }));
});

describe("its targets", () => {
  const resolved = async (test: FisTest, target: object): Promise<number> => {
    const id = await start(test, disrupt("s3", target));
    await sleep(test, 3);
    const { resolvedTargets } = await test.fis.send(new ListExperimentResolvedTargetsCommand({ experimentId: id }));
    await test.fis.send(new StopExperimentCommand({ id }));
    await sleep(test, 1);
    return resolvedTargets!.length;
  };

  it("are found by zone, VPC, tags, filters and ARN", () => withFis(async (test) => {
    const { Subnets } = await test.region.call<{ Subnets: { SubnetId: string; SubnetArn: string; VpcId: string }[] }>(test.region.admin, "ec2", "DescribeSubnets", {});
    await test.region.call(test.region.admin, "ec2", "CreateTags", { Resources: [Subnets[0]!.SubnetId, Subnets[1]!.SubnetId], Tags: [{ Key: "cut", Value: "yes" }] });
    expect(await resolved(test, { parameters: { availabilityZoneIdentifier: "use1-az1" } })).toBe(1);
    expect(await resolved(test, { parameters: { vpc: Subnets[0]!.VpcId }, selectionMode: "COUNT(2)" })).toBe(2);
    expect(await resolved(test, { resourceTags: { cut: "yes" } })).toBe(2);
    expect(await resolved(test, { resourceTags: { cut: "yes" }, filters: [{ path: "SubnetId", values: [Subnets[1]!.SubnetId] }] })).toBe(1);
    expect(await resolved(test, { resourceArns: [Subnets[2]!.SubnetArn] })).toBe(1);
  }));
});

it.each<[string, TemplateInput, RegExp]>([
  ["a scope that there is not", disrupt("internet"), /the possible values are all, availability-zone, dynamodb, prefix-list, s3, s3express, vpc/],
  ["a scope that means nothing here", disrupt("availability-zone"), /does not support the scopes availability-zone/],
  ["a prefix list without its scope", disrupt("s3", undefined, { prefixListIdentifier: "pl-1" }), /prefixListIdentifier is for the scope prefix-list alone/],
  ["a parameter that subnets do not take", disrupt("s3", { parameters: { zone: "a" } }), /Unexpected parameter "zone" found in target "subnets": aws:ec2:subnet takes availabilityZoneIdentifier, vpc/],
])("is refused with %s", (_what, input, expected) => withFis(async (test) => {
  expect(await refusal(createExperimentTemplate(test, input))).toMatch(expected);
}));
