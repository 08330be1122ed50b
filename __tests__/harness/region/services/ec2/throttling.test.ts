import { CreateTagsCommand, DescribeInstancesCommand, EC2Client, RunInstancesCommand, TerminateInstancesCommand } from "@aws-sdk/client-ec2";
import fc from "fast-check";
import { EC2_OPERATIONS } from "../../../../../harness/region/services/ec2/operations";
import { requestBucket, Throttle } from "../../../../../harness/region/services/ec2/throttling";
import { seconds } from "../../../../../harness/time/clock";
import { boto3 } from "../../support/region";
import { PARAMETER_IMAGE, refusal, sleep, withEc2 } from "./support";

/** How many of so many calls are let through. */
const passed = (throttle: Throttle, operation: string, calls: number, input = {}): number => Array.from({ length: calls }).filter(() => {
  try {
    throttle.check(operation, input);
    return true;
  } catch {
    return false;
  }
}).length;

describe("a request bucket", () => {
  it.each([
    ["DescribeTags", {}, 100, 20], ["DescribeInstances", {}, 50, 10], ["DescribeInstances", { MaxResults: "5" }, 100, 20], ["DescribeInstances", { Filter: [{ Name: "instance-id" }] }, 100, 20],
    ["CreateFleet", {}, 50, 5], ["RequestSpotInstances", {}, 50, 5], ["RunInstances", {}, 5, 2], ["CreateTags", {}, 100, 10], ["TerminateInstances", {}, 100, 5],
  ])("of %s (%j) holds %i and gets %i a second", (operation, input, capacity, refill) => {
    let now = 0;
    const throttle = new Throttle(() => now);
    expect(passed(throttle, operation, 200, input)).toBe(capacity);
    now += seconds(0.9);
    expect(passed(throttle, operation, 200, input)).toBe(0);
    now += seconds(0.2);
    expect(passed(throttle, operation, 200, input)).toBe(refill);
    now += seconds(3600);
    expect(passed(throttle, operation, 200, input)).toBe(capacity);
  });
  it("is every operation's own", () => {
    const throttle = new Throttle(() => 0);
    passed(throttle, "RunInstances", 10);
    expect(passed(throttle, "CreateFleet", 10)).toBe(10);
    for (const operation of Object.keys(EC2_OPERATIONS)) expect(requestBucket(operation, {}).capacity).toBeGreaterThan(0);
  });
});

it("a resource bucket counts instances, and a call that it refuses takes nothing", () => {
  let now = 0;
  const throttle = new Throttle(() => now);
  expect(passed(throttle, "RunInstances", 2, { MaxCount: "600" })).toBe(1);
  expect(passed(throttle, "RunInstances", 1, { MaxCount: "400" })).toBe(1);
  now += seconds(3);
  expect(passed(throttle, "RunInstances", 2, { MaxCount: "6" })).toBe(1);
});

it("never lets through more than it held and got", () => fc.assert(fc.property(fc.array(fc.record({ afterSeconds: fc.double({ min: 0, max: 5, noNaN: true }), calls: fc.integer({ min: 0, max: 40 }) }), { maxLength: 20 }), (bursts) => {
  let now = 0;
  let count = 0;
  const throttle = new Throttle(() => now);
  for (const { afterSeconds, calls } of bursts) {
    now += Math.round(seconds(afterSeconds));
    count += passed(throttle, "RunInstances", calls);
  }
  expect(count).toBeLessThanOrEqual(5 + 2 * Math.floor(now / seconds(1)));
})));

it("a throttled call is answered as AWS answers it, with 503, and the SDK's retries pass once there are tokens", () => withEc2(async (test) => {
  test.ec2.settings.apiThrottling = true;
  const describe = () => test.client.send(new DescribeInstancesCommand({}));
  for (let call = 0; call < 50; call++) await describe();
  const once = new EC2Client({ ...test.region.sdkConfig(), maxAttempts: 1 });
  expect(await refusal(once.send(new DescribeInstancesCommand({})))).toBe("RequestLimitExceeded: Request limit exceeded.");
  once.destroy();
  expect(await boto3(test.region, "ec2 = client('ec2')\nresult = refused(ec2.describe_instances)")).toEqual(["RequestLimitExceeded", 503, "Request limit exceeded."]);
  await sleep(test, 1);
  await describe();
  const { Instances } = await test.client.send(new RunInstancesCommand({ ImageId: PARAMETER_IMAGE, InstanceType: "m5.large", MinCount: 1, MaxCount: 1 }));
  await test.client.send(new CreateTagsCommand({ Resources: [Instances![0]!.InstanceId!], Tags: [{ Key: "a", Value: "b" }] }));
  await test.client.send(new TerminateInstancesCommand({ InstanceIds: [Instances![0]!.InstanceId!] }));
}));
