/** An instance's link to S3, which takes its time, as a program in the instance meets it. */
import { TerminateInstancesCommand } from "@aws-sdk/client-ec2";
import { endIdleParents } from "../../../../../harness/region/guest";
import { createProfile, createTemplate, launch, sleep, withEc2, workUserData, type Ec2Test } from "./support";

afterAll(endIdleParents);

/** Calls, and how each went and how long it took, in seconds of the clock. */
const PROGRAM = `
import os, threading, time
import boto3
from botocore.config import Config
def client(**more):
    return boto3.client("s3", region_name="us-east-1", config=Config(connect_timeout=3, read_timeout=10, retries={"max_attempts": 0}, **more))
s3 = client()
def call(name, work):
    began = time.time()
    try: work(); how = "ok"
    except Exception as error: how = type(error).__name__
    print(name, how, "%.1f" % (time.time() - began), flush=True)
data = os.urandom(30_000_000)
put = lambda key, body=data: call("put " + key, lambda: client().put_object(Bucket="bucket", Key=key, Body=body))
get = lambda key: call("get " + key, lambda: client().get_object(Bucket="bucket", Key=key)["Body"].read())
`;

async function live(test: Ec2Test, program: string, forSeconds: number, during: () => Promise<void> = async () => {}): Promise<string[]> {
  test.ec2.settings.s3MegabytesPerSecond = 2;
  await test.region.call(test.region.admin, "s3", "CreateBucket", { Bucket: "bucket" });
  await createTemplate(test, { UserData: Buffer.from(workUserData(PROGRAM + program)).toString("base64"), IamInstanceProfile: { Name: await createProfile(test, "node", "AdministratorAccess") } });
  const [instanceId] = await launch(test, { zones: ["us-east-1a"] });
  await sleep(test, 46);
  await during();
  await sleep(test, forSeconds);
  return test.ec2.guestConsole(instanceId!).split("\n").filter((line) => / work\.service: (put|get|metadata) /.test(line)).map((line) => line.slice(line.indexOf("work.service: ") + 14));
}
const withReal = (body: (test: Ec2Test) => Promise<void>): Promise<void> => withEc2(body, [], { realGuests: true });

it("takes as long as the bytes need, which no time-out ends", () => withReal(async (test) => {
  expect(await live(test, 'put("a"); get("a"); put("small", b"x"); call("metadata", lambda: s3.head_object(Bucket="bucket", Key="a"))', 60)).toEqual(["put a ok 15.0", "get a ok 15.0", "put small ok 0.0", "metadata ok 0.0"]);
}));

it("carries the requests of one instance one after the other", () => withReal(async (test) => {
  const lines = await live(test, `
threads = [threading.Thread(target=put, args=(key,)) for key in ("a", "b")]
for thread in threads: thread.start()
for thread in threads: thread.join()
`, 60);
  expect(lines).toEqual(["put a ok 15.0", "put b ok 30.0"]);
}));

it("stores nothing of what was under way when the instance vanished", () => withReal(async (test) => {
  await live(test, 'put("a")', 0, async () => {
    await sleep(test, 5);
    await test.client.send(new TerminateInstancesCommand({ InstanceIds: test.ec2.machines().map(({ instanceId }) => instanceId), SkipOsShutdown: true }));
    await sleep(test, 60);
  });
  expect((await test.region.call(test.region.admin, "s3", "ListObjectsV2", { Bucket: "bucket" })).KeyCount).toBe(0);
}));

it("answers nobody when it is cut meanwhile; then time-outs count", () => withReal(async (test) => {
  expect(await live(test, 'put("a"); put("small", b"x")', 120, async () => {
    const lift = test.ec2.disruptConnectivity([test.ec2.machines()[0]!.subnetId], "s3");
    await sleep(test, 60);
    lift();
  })).toEqual(["put a ReadTimeoutError 25.0", "put small ConnectTimeoutError 3.0"]);
}));
