import { CreateTagsCommand, ModifyInstanceMetadataOptionsCommand, TerminateInstancesCommand, type RequestLaunchTemplateData } from "@aws-sdk/client-ec2";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { createTemplate, describe as describeInstance, launch, refusal, sleep, withEc2, type Ec2Test } from "../ec2/support";
import { createRole } from "../fis/support";

interface Answer { status: number; body: string; headers: Headers }

/** An instance that has booted, and a way to ask its metadata service as it would itself. */
async function booted(test: Ec2Test, data: RequestLaunchTemplateData = {}, tags: Record<string, string> = { "spotproof:job": "nightly job", "spotproof:launch": "1" }) {
  await createTemplate(test, data);
  const [id] = await launch(test, { tags });
  await sleep(test, 45.5);
  const endpoint = test.guests.all[0]!.options.environment["AWS_EC2_METADATA_SERVICE_ENDPOINT"]!;
  const ask = async (path: string, init: RequestInit = {}): Promise<Answer> => {
    const response = await fetch(endpoint + path, init);
    return { status: response.status, body: await response.text(), headers: response.headers };
  };
  const token = async (ttl = "21600"): Promise<string> => (await ask("/latest/api/token", { method: "PUT", headers: { "X-aws-ec2-metadata-token-ttl-seconds": ttl } })).body;
  let session = await token();
  const get = async (path: string): Promise<string | number> => {
    const { status, body } = await ask(`/latest/${path}`, { headers: { "X-aws-ec2-metadata-token": session } });
    return status === 200 ? body : status;
  };
  return { id: id!, endpoint, ask, token, get: async (path: string) => get(`meta-data/${path}`), raw: get, renew: async () => { session = await token(); } };
}

describe("sessions", () => {
  it("begin with a PUT that names a time to live from 1 to 21600 seconds", () => withEc2(async (test) => {
    const { ask } = await booted(test);
    const put = (headers: Record<string, string>) => ask("/latest/api/token", { method: "PUT", headers });
    const answer = await put({ "X-aws-ec2-metadata-token-ttl-seconds": "60" });
    expect([answer.status, answer.headers.get("x-aws-ec2-metadata-token-ttl-seconds")]).toEqual([200, "60"]);
    expect(answer.body).toMatch(/^[\w-]{54}==$/);
    for (const ttl of ["0", "21601", "-1", "1.5", "soon", ""]) expect((await put({ "X-aws-ec2-metadata-token-ttl-seconds": ttl })).status).toBe(400);
    expect((await put({})).status).toBe(400);
    expect((await put({ "X-aws-ec2-metadata-token-ttl-seconds": "60", "X-Forwarded-For": "10.0.0.1" })).status).toBe(403);
    expect((await ask("/latest/api/token")).status).toBe(405);
  }));

  it("are required, end after their time, and cannot be made up", () => withEc2(async (test) => {
    const { ask, token } = await booted(test);
    const path = "/latest/meta-data/instance-id";
    expect((await ask(path)).status).toBe(401);
    expect((await ask(path, { headers: { "X-aws-ec2-metadata-token": "made-up" } })).status).toBe(401);
    const short = await token("10");
    const asked = () => ask(path, { headers: { "X-aws-ec2-metadata-token": short } });
    expect((await asked()).status).toBe(200);
    await sleep(test, 9);
    expect((await asked()).headers.get("x-aws-ec2-metadata-token-ttl-seconds")).toBe("1");
    await sleep(test, 1);
    expect((await asked()).status).toBe(401);
  }));

  it("are not needed where the template leaves them optional", () => withEc2(async (test) => {
    const { ask, id } = await booted(test, { MetadataOptions: { HttpTokens: "optional" } });
    expect(await ask("/latest/meta-data/instance-id")).toMatchObject({ status: 200, body: id });
    expect((await ask("/latest/meta-data/instance-id", { headers: { "X-aws-ec2-metadata-token": "made-up" } })).status).toBe(401);
    expect((await ask("/latest/meta-data/instance-id", { method: "POST" })).status).toBe(405);
  }));

  it("are of no use when the endpoint is off", () => withEc2(async (test) => {
    const { ask } = await booted(test, { MetadataOptions: { HttpEndpoint: "disabled" } });
    expect((await ask("/latest/meta-data/instance-id")).status).toBe(403);
  }));
});

describe("the tree", () => {
  it("tells who and where the instance is", () => withEc2(async (test) => {
    const { id, get, raw } = await booted(test);
    const instance = await describeInstance(test, id);
    expect(await get("instance-id")).toBe(id);
    expect(await get("instance-type")).toBe("m5.large");
    expect(await get("ami-id")).toBe(instance.ImageId);
    expect(await get("placement/availability-zone")).toBe("us-east-1a");
    expect(await get("placement/availability-zone-id")).toBe("use1-az1");
    expect(await get("placement/region")).toBe("us-east-1");
    expect(await get("local-ipv4")).toBe(instance.PrivateIpAddress);
    expect(await get("hostname")).toBe(instance.PrivateDnsName);
    expect(await get("mac")).toBe(instance.NetworkInterfaces![0]!.MacAddress);
    expect(await get("instance-life-cycle")).toBe("spot");
    expect(await get("services/domain")).toBe("amazonaws.com");
    expect(await get("services/partition")).toBe("aws");
    expect(JSON.parse(String(await raw("dynamic/instance-identity/document")))).toMatchObject({ accountId: "123456789012", instanceId: id, region: "us-east-1", availabilityZone: "us-east-1a", pendingTime: "2026-01-01T00:00:00Z" });
    expect(await raw("user-data")).toBe("#cloud-config\nruncmd: []\n");
  }));

  it("has the public address that a default subnet gives, unless the launch says otherwise", () => withEc2(async (test) => {
    const { id, get } = await booted(test);
    const { PublicIpAddress: address, PublicDnsName: name, NetworkInterfaces } = await describeInstance(test, id);
    expect(name).toBe(`ec2-${address!.replaceAll(".", "-")}.compute-1.amazonaws.com`);
    const mac = `network/interfaces/macs/${NetworkInterfaces![0]!.MacAddress!}`;
    expect([await get("public-ipv4"), await get("public-hostname"), await get(`${mac}/public-ipv4s`), await get(`${mac}/ipv4-associations/${address!}`)]).toEqual([address, name, address, await get("local-ipv4")]);
    expect(NetworkInterfaces![0]!.Association).toMatchObject({ PublicIp: address, PublicDnsName: name });
  }));

  it("has no public address in a private place", () => withEc2(async (test) => {
    const { id, get } = await booted(test, { NetworkInterfaces: [{ DeviceIndex: 0, AssociatePublicIpAddress: false }] });
    expect((await describeInstance(test, id)).PublicIpAddress).toBeUndefined();
    expect([await get("public-ipv4"), await get("public-hostname")]).toEqual([404, 404]);
  }));

  it("tells of the one network interface, by its MAC", () => withEc2(async (test) => {
    const { id, get } = await booted(test);
    const [nic] = (await describeInstance(test, id)).NetworkInterfaces!;
    const mac = String(await get("network/interfaces/macs/"));
    expect(mac).toBe(`${nic!.MacAddress!}/`);
    const read = async (name: string) => get(`network/interfaces/macs/${mac}${name}`);
    expect([await read("interface-id"), await read("subnet-id"), await read("vpc-id"), await read("owner-id"), await read("device-number"), await read("network-card"), await read("security-group-ids")]).toEqual(
      [nic!.NetworkInterfaceId, nic!.SubnetId, nic!.VpcId, "123456789012", "0", "0", nic!.Groups![0]!.GroupId]);
    expect(await read("vpc-ipv4-cidr-blocks")).toBe("172.31.0.0/16");
    expect(await read("ipv6s")).toBe(404);
  }));

  it("writes its documents as EC2 does: a member a line, a space before each colon", () => withEc2(async (test) => {
    const { get, raw } = await booted(test);
    expect(String(await raw("dynamic/instance-identity/document")).split("\n").slice(0, 4)).toEqual(["{", "  \"accountId\" : \"123456789012\",", "  \"architecture\" : \"x86_64\",", "  \"availabilityZone\" : \"us-east-1a\","]);
    expect(await get("identity-credentials/ec2/info")).toBe("{\n  \"Code\" : \"Success\",\n  \"LastUpdated\" : \"2026-01-01T00:00:00Z\",\n  \"AccountId\" : \"123456789012\"\n}");
    expect(await raw("dynamic/fws/instance-monitoring")).toBe("disabled");
    expect([await get("events/maintenance/scheduled"), await get("events/maintenance/history"), await get("autoscaling/target-lifecycle-state"), await get("spot")]).toEqual(["[]", "[]", 404, 404]);
  }));

  it("is the same under every version of the service, and under none that there is not", () => withEc2(async (test) => {
    const { ask, token, id } = await booted(test);
    const headers = { "X-aws-ec2-metadata-token": await token() };
    for (const version of ["1.0", "2009-04-04", "2021-01-03", "2021-07-15", "latest"]) expect(await ask(`/${version}/meta-data/instance-id`, { headers })).toMatchObject({ status: 200, body: id });
    expect((await ask("/2031-01-01/meta-data/instance-id", { headers })).status).toBe(404);
    expect((await ask("/", { headers })).body.split("\n")).toEqual(expect.arrayContaining(["1.0", "2021-01-03", "latest"]));
  }));

  it("gives the user data back byte for byte, compressed as it was", () => withEc2(async (test) => {
    const given = gzipSync("#cloud-config\nruncmd: []\n");
    const { endpoint, token } = await booted(test, { UserData: given.toString("base64") });
    const response = await fetch(`${endpoint}/latest/user-data`, { headers: { "X-aws-ec2-metadata-token": await token() } });
    expect([response.headers.get("content-type"), Buffer.from(await response.arrayBuffer()).equals(given)]).toEqual(["application/octet-stream", true]);
    expect(test.guests.all[0]!.options.userData).toBe("#cloud-config\nruncmd: []\n");
  }));

  it("follows what is modified while the instance runs", () => withEc2(async (test) => {
    const { id, ask, get } = await booted(test);
    const modify = (more: object) => test.client.send(new ModifyInstanceMetadataOptionsCommand({ InstanceId: id, ...more }));
    const plain = async () => (await ask("/latest/meta-data/instance-id")).status;
    expect(await plain()).toBe(401);
    await modify({ HttpTokens: "optional" });
    expect(await plain()).toBe(200);
    expect(await get("tags/instance/spotproof:launch")).toBe("1");
    await modify({ InstanceMetadataTags: "disabled" });
    expect(await get("tags/instance/spotproof:launch")).toBe(404);
    await modify({ HttpEndpoint: "disabled" });
    expect(await plain()).toBe(403);
  }));

  it("lists what lies under a path, and nothing that is not there", () => withEc2(async (test) => {
    const { get, raw } = await booted(test);
    expect(String(await get("")).split("\n")).toEqual(expect.arrayContaining(["ami-id", "instance-id", "placement/", "tags/", "events/"]));
    expect(String(await get("")).split("\n")).not.toContain("spot/");
    expect(await get("placement/")).toBe("availability-zone\navailability-zone-id\nregion");
    expect(await get("placement")).toBe("availability-zone\navailability-zone-id\nregion");
    expect(await raw("")).toBe("dynamic\nmeta-data\nuser-data");
    expect(await get("no-such-thing")).toBe(404);
    expect(await get("iam/info")).toBe(404);
  }));

  it("has the instance's tags, as they are now, when the template enables them", () => withEc2(async (test) => {
    const { get, id } = await booted(test);
    expect(await get("tags/instance/spotproof:job")).toBe("nightly job");
    expect(String(await get("tags/instance")).split("\n")).toEqual(expect.arrayContaining(["spotproof:job", "spotproof:launch", "aws:ec2launchtemplate:version"]));
    await test.client.send(new CreateTagsCommand({ Resources: [id], Tags: [{ Key: "spotproof:armed", Value: "x" }] }));
    expect(await get("tags/instance/spotproof:armed")).toBe("x");
    expect(await get("tags/instance/none")).toBe(404);
    expect(await refusal(test.client.send(new CreateTagsCommand({ Resources: [id], Tags: [{ Key: "a/b", Value: "x" }] })))).toMatch(/^InvalidParameterValue: 'a\/b' is not a valid tag key/);
  }));

  it("has no tags otherwise", () => withEc2(async (test) => {
    const { get } = await booted(test, { MetadataOptions: { HttpTokens: "required" } });
    expect(await get("tags/instance")).toBe(404);
    expect(await get("tags/instance/spotproof:job")).toBe(404);
  }));
});

describe("notices", () => {
  it("of an interruption appear two minutes before the end, 404 before", () => withEc2(async (test) => {
    const { id, get } = await booted(test);
    const asked = async () => [await get("spot/instance-action"), await get("spot/termination-time"), await get("events/recommendations/rebalance")];
    expect(await asked()).toEqual([404, 404, 404]);
    test.ec2.interrupt(id, { by: "experiment", durationBeforeInterruptionSeconds: 180, rebalance: true });
    await sleep(test, 59);
    expect(await asked()).toEqual([404, 404, "{\"noticeTime\": \"2026-01-01T00:00:45Z\"}"]);
    await sleep(test, 1);
    expect(await asked()).toEqual(["{\"action\": \"terminate\", \"time\": \"2026-01-01T00:03:45Z\"}", "2026-01-01T00:03:45Z", "{\"noticeTime\": \"2026-01-01T00:00:45Z\"}"]);
  }));

  it("do not appear for one who terminates the instance himself", () => withEc2(async (test) => {
    const { id, get } = await booted(test);
    test.guests.shutdownSeconds = 9;
    await test.client.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
    await sleep(test, 2);
    expect(await get("spot/instance-action")).toBe(404);
  }));

  it.each([[false, 0, 1], [true, 30, 2], [true, 0, 0]])("come as they are set to: in the metadata %s after %s s, %s events", (metadata, metadataDelaySeconds, events) => withEc2(async (test) => {
    const { id, get } = await booted(test);
    Object.assign(test.ec2.settings.notices, { metadata, metadataDelaySeconds, events, eventDelaySeconds: 5 });
    test.ec2.interrupt(id, { by: "capacity" });
    await sleep(test, 10);
    expect(await get("spot/termination-time")).toBe(metadata && metadataDelaySeconds === 0 ? "2026-01-01T00:02:45Z" : 404);
    await sleep(test, 25);
    expect(await get("spot/termination-time")).toBe(metadata ? "2026-01-01T00:02:45Z" : 404);
    expect(test.events.filter((event) => event.startsWith("Spot Instance Interruption Warning"))).toEqual(Array(events).fill("Spot Instance Interruption Warning @50.5"));
  }));
});

describe("role credentials", () => {
  async function withProfile(test: Ec2Test) {
    const { region } = test;
    await createRole(test, "worker", "ec2.amazonaws.com");
    await region.call(region.admin, "iam", "CreateInstanceProfile", { InstanceProfileName: "worker" });
    await region.call(region.admin, "iam", "AddRoleToInstanceProfile", { InstanceProfileName: "worker", RoleName: "worker" });
    return booted(test, { IamInstanceProfile: { Name: "worker" } });
  }

  it("are served in EC2's format, kept while they last, and replaced in time", () => withEc2(async (test) => {
    const { get, renew, id } = await withProfile(test);
    expect(JSON.parse(String(await get("iam/info")))).toMatchObject({ Code: "Success", InstanceProfileArn: "arn:aws:iam::123456789012:instance-profile/worker" });
    expect(await get("iam/security-credentials/")).toBe("worker");
    const read = async () => JSON.parse(String(await get("iam/security-credentials/worker"))) as Record<string, string>;
    const first = await read();
    expect(first).toMatchObject({ Code: "Success", Type: "AWS-HMAC", LastUpdated: "2026-01-01T00:00:45Z", AccessKeyId: expect.stringMatching(/^ASIA/) as string });
    expect(first["Expiration"]).toBe("2026-01-01T06:00:45Z");
    const lifetimeSeconds = (Date.parse(first["Expiration"]!) - Date.parse("2026-01-01T00:00:45Z")) / 1000;
    await sleep(test, lifetimeSeconds / 3);
    expect((await read())["AccessKeyId"]).toBe(first["AccessKeyId"]);
    await sleep(test, (2 * lifetimeSeconds) / 3 - 301);
    await renew();
    const second = await read();
    expect(second["AccessKeyId"]).not.toBe(first["AccessKeyId"]);
    expect(Date.parse(second["Expiration"]!)).toBeGreaterThan(Date.parse(first["Expiration"]!));
    expect(await get("iam/security-credentials/other")).toBe(404);
    expect(id).toMatch(/^i-/);
  }));

  it("are found by boto3, which then signs as the instance's role", () => withEc2(async (test) => {
    const { endpoint, id } = await withProfile(test);
    const program = "import boto3, json; from botocore.utils import IMDSRegionProvider\nimport botocore.session\ns = botocore.session.Session()\n"
      + "print(json.dumps([IMDSRegionProvider(s).provide(), boto3.client('sts', region_name='us-east-1').get_caller_identity()['Arn']]))";
    const { PATH, HOME } = process.env;
    const env = { PATH, HOME, AWS_ENDPOINT_URL: test.region.endpoint, AWS_EC2_METADATA_SERVICE_ENDPOINT: endpoint };
    const { stdout } = await promisify(execFile)("python3", ["-c", program], { env });
    expect(JSON.parse(stdout)).toEqual(["us-east-1", `arn:aws:sts::123456789012:assumed-role/worker/${id}`]);
  }));
});
