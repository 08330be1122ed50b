import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UsageError } from "../../../../harness/model/errors";
import { loadTerraform } from "../../../../harness/region/load";
import { AwsError, type Caller, type RegionContext } from "../../../../harness/region/core/types";
import { startRegion, type TestRegion } from "../support/region";

let folder: string;
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), "load-")); });
afterEach(() => rmSync(folder, { recursive: true }));

const admin: Caller = { accountId: "123456789012", arn: "arn:aws:iam::123456789012:root", userId: "123456789012", accessKeyId: "AKIA" };

/** A region that records what is called, and answers with what the test gives. */
function recorder(answers: Record<string, (input: any) => unknown> = {}) { // eslint-disable-line @typescript-eslint/no-explicit-any
  const calls: [string, object][] = [];
  const region = {
    admin, regionName: "us-east-1", accountId: "123456789012", partition: "aws", random: { uuid: () => "token" },
    async call(_caller: Caller, service: string, operation: string, input: object) {
      calls.push([`${service}:${operation}`, JSON.parse(JSON.stringify(input)) as object]);
      return answers[`${service}:${operation}`]?.(input) ?? {};
    },
  } as unknown as RegionContext;
  return { region, calls };
}

const load = (region: RegionContext, stack: object) => {
  writeFileSync(join(folder, "cdk.tf.json"), JSON.stringify(stack));
  return loadTerraform(region, folder);
};
const queue = { "sqs:CreateQueue": ({ QueueName }: { QueueName: string }) => ({ QueueUrl: `http://q/${QueueName}` }), "sqs:GetQueueAttributes": ({ QueueUrl }: { QueueUrl: string }) => ({ Attributes: { QueueArn: `arn:${QueueUrl}` } }) };

it("creates in the order that references and depends_on ask for, whatever the file's order", async () => {
  const { region, calls } = recorder({ ...queue });
  const { outputs } = await load(region, {
    resource: {
      aws_sqs_queue_policy: { p: { queue_url: "${aws_sqs_queue.q.id}", policy: '{"Resource":"${aws_sqs_queue.q.arn}"}' } },
      aws_sqs_queue: { q: { name: "${local.name}", depends_on: ["aws_cloudwatch_log_group.g"], tags: { a: "b" }, fifo_queue: null } },
      aws_cloudwatch_log_group: { g: { name: "/g", retention_in_days: 14, lifecycle: { prevent_destroy: true }, "//": { metadata: "ignored" } } },
    },
    locals: { name: "dead-${var.suffix}" },
    variable: { suffix: { default: "letters" } },
    output: { queue_arn: { value: "${aws_sqs_queue.q.arn}", description: "x" }, group: { value: "${aws_cloudwatch_log_group.g.arn}:*" } },
    terraform: { backend: { local: {} }, required_providers: {} },
    provider: { aws: [{ region: "us-east-1", default_tags: [{ tags: { team: "batch" } }] }] },
  });
  expect(calls).toEqual([
    ["cloudwatch-logs:CreateLogGroup", { logGroupName: "/g", tags: { team: "batch" } }],
    ["cloudwatch-logs:PutRetentionPolicy", { logGroupName: "/g", retentionInDays: 14 }],
    ["sqs:CreateQueue", { QueueName: "dead-letters", Attributes: {}, tags: { team: "batch", a: "b" } }],
    ["sqs:GetQueueAttributes", { QueueUrl: "http://q/dead-letters", AttributeNames: ["QueueArn"] }],
    ["sqs:SetQueueAttributes", { QueueUrl: "http://q/dead-letters", Attributes: { Policy: '{"Resource":"arn:http://q/dead-letters"}' } }],
  ]);
  expect(outputs).toEqual({ queue_arn: "arn:http://q/dead-letters", group: "arn:aws:logs:us-east-1:123456789012:log-group:/g:*" });
});

it("puts an object of S3 from a file, and user data can name its version", async () => {
  const { region, calls } = recorder({ "s3:PutObject": () => ({ ETag: '"0123"', VersionId: "v1" }), "ec2:CreateLaunchTemplate": () => ({ LaunchTemplate: {} }) });
  writeFileSync(join(folder, "agent.zip"), "bytes");
  const object = { bucket: "b", key: "agent.zip", source: "agent.zip", source_hash: "0", content_type: "application/zip", tags: { team: "a b" } };
  const { outputs } = await load(region, {
    resource: { aws_s3_object: { agent: object } },
    output: { user_data: { value: '${base64encode("VERSION=${aws_s3_object.agent.version_id}\\n$${HOME}")}' }, etag: { value: "${aws_s3_object.agent.etag}" } },
  });
  expect(calls).toEqual([["s3:PutObject", { Bucket: "b", Key: "agent.zip", Body: JSON.parse(JSON.stringify(Buffer.from("bytes"))) as unknown, ContentType: "application/zip", Tagging: "team=a%20b" }]]);
  expect(Buffer.from(outputs["user_data"] as string, "base64").toString()).toBe("VERSION=v1\n${HOME}");
  expect(outputs["etag"]).toBe("0123");
  const wrong = (more: object): Promise<unknown> => load(region, { resource: { aws_s3_object: { agent: { ...object, ...more } } } });
  await expect(wrong({ content: "x" })).rejects.toThrow("only one of source, content and content_base64 can be given");
  await expect(wrong({ etag: "0123" })).rejects.toThrow(/etag is 0123, and the object's is [0-9a-f]{32}: each apply would put it again/);
  await expect(wrong({ object_lock_mode: "COMPLIANCE" })).rejects.toThrow("does not know the argument object_lock_mode");
});

it("reads the files that a stack refers to from the stack's folder", async () => {
  const { region, calls } = recorder({ "lambda:CreateFunction": () => ({ FunctionArn: "arn:f", Version: "$LATEST" }), "lambda:GetFunction": () => ({ Configuration: { State: "Active" } }) });
  mkdirSync(join(folder, "assets"));
  writeFileSync(join(folder, "assets", "code.zip"), "zip");
  await load(region, { resource: { aws_lambda_function: { f: { function_name: "f", role: "r", runtime: "nodejs22.x", handler: "h", filename: "assets/code.zip", source_code_hash: "x" } } } });
  expect(calls[0]).toEqual(["lambda:CreateFunction", expect.objectContaining({ Code: { ZipFile: { type: "Buffer", data: [...Buffer.from("zip")] } } })]);
});

describe("what it does not know is an error that names it:", () => {
  const resource = (body: object, type = "aws_sqs_queue") => ({ resource: { [type]: { q: body } } });
  it.each<[string, object, RegExp]>([
    ["an argument", resource({ name: "q", content_based_deduplication: true }), /aws_sqs_queue\.q: the embedded region does not know the argument content_based_deduplication/],
    ["an argument of a block", resource({ name: "a", metadata_options: { http_tokens: "required", speed: 1 } }, "aws_launch_template"), /does not know the argument metadata_options\.speed/],
    ["several arguments", resource({ name: "q", a: 1, b: 2 }), /arguments a, b/],
    ["a value that it cannot have", resource({ name: "q", fifo_queue: true }), /fifo_queue can only be false/],
    ["a missing argument", resource({}), /the argument name is missing/],
    ["a resource type", { resource: { aws_nat_gateway: { n: {} }, aws_eip: { e: {} } } }, /does not know how to make aws_nat_gateway\.n, aws_eip\.e/],
    ["a data source", { data: { aws_ami: { a: {} } } }, /data\.aws_ami\.a/],
    ["a resource that is not there", resource({ name: "${aws_sqs_queue.other.name}" }), /aws_sqs_queue\.q: there is no aws_sqs_queue\.other/],
    ["a dependency that is not there", resource({ name: "q", depends_on: ["aws_x.y"] }), /depends_on names aws_x\.y/],
    ["an attribute", { resource: { aws_cloudwatch_log_group: { g: { name: "g" } }, aws_sqs_queue: { q: { name: "${aws_cloudwatch_log_group.g.size}" } } } }, /aws_sqs_queue\.q: in the argument name: aws_cloudwatch_log_group\.g has no attribute size/],
    ["a function", resource({ name: '${cidrsubnet("10.0.0.0/8", 8, 1)}' }), /in the argument name: the function cidrsubnet is not supported/],
    ["a circle", resource({ name: "${aws_sqs_queue.q.id}" }), /circle: aws_sqs_queue\.q -> aws_sqs_queue\.q/],
    ["a meta-argument", resource({ name: "q", count: 2 }), /does not support count.* \('count' was given\)/],
    ["a lifecycle rule", resource({ name: "q", lifecycle: { postcondition: {} } }), /lifecycle\.postcondition/],
    ["a variable without a value", resource({ name: "${var.v}" }), /the variable v has no default/],
    ["another provider", { provider: { google: {} } }, /the provider google/],
    ["another region", { provider: { aws: { region: "eu-west-1" } } }, /its region is eu-west-1, and the embedded region is us-east-1/],
    ["a section of the file", { module: {} }, /does not know module at the top level/],
    ["a file", resource({ function_name: "f", role: "r", runtime: "r", handler: "h", filename: "none.zip" }, "aws_lambda_function"), /aws_lambda_function\.q: the file .*none\.zip cannot be read/],
  ])("%s", async (_what, stack, message) => {
    const { region } = recorder(queue);
    const loading = load(region, stack);
    await expect(loading).rejects.toThrow(message);
    await expect(loading).rejects.toThrow(UsageError);
    await expect(loading).rejects.toThrow(join(folder, "cdk.tf.json"));
  });

  it("a call that was refused", async () => {
    const { region } = recorder({ "sqs:CreateQueue": () => { throw new AwsError("QueueNameExists", "A queue already exists"); } });
    await expect(load(region, resource({ name: "q" }))).rejects.toThrow("aws_sqs_queue.q: sqs:CreateQueue was refused: QueueNameExists: A queue already exists");
  });

  it("a stack that was not synthesized", async () => {
    await expect(loadTerraform(recorder().region, join(folder, "none"))).rejects.toMatchObject({ hint: "Run npm run synth first." });
  });
});

describe("each resource type's calls:", () => {
  const made = async (type: string, body: object, answers: Record<string, (input: any) => unknown> = {}) => { // eslint-disable-line @typescript-eslint/no-explicit-any
    const { region, calls } = recorder(answers);
    const loaded = await load(region, { resource: { [type]: { x: body } } });
    return { calls, attributes: loaded.resources.get(`${type}.x`)! };
  };

  it("a table with its recovery, encryption and protection", async () => {
    const { calls, attributes } = await made("aws_dynamodb_table", {
      name: "ledger", billing_mode: "PAY_PER_REQUEST", hash_key: "jobId", attribute: [{ name: "jobId", type: "S" }], deletion_protection_enabled: true,
      point_in_time_recovery: { enabled: true }, server_side_encryption: { enabled: true }, ttl: { enabled: true, attribute_name: "expires" },
    }, { "dynamodb:CreateTable": () => ({ TableDescription: { TableArn: "arn:t" } }) });
    expect(calls).toEqual([
      ["dynamodb:CreateTable", { TableName: "ledger", AttributeDefinitions: [{ AttributeName: "jobId", AttributeType: "S" }], KeySchema: [{ AttributeName: "jobId", KeyType: "HASH" }], BillingMode: "PAY_PER_REQUEST", DeletionProtectionEnabled: true, SSESpecification: { Enabled: true } }],
      ["dynamodb:UpdateContinuousBackups", { TableName: "ledger", PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } }],
      ["dynamodb:UpdateTimeToLive", { TableName: "ledger", TimeToLiveSpecification: { Enabled: true, AttributeName: "expires" } }],
    ]);
    expect(attributes).toMatchObject({ id: "ledger", arn: "arn:t" });
  });

  it("a launch template", async () => {
    const { calls, attributes } = await made("aws_launch_template", {
      name: "job", image_id: "resolve:ssm:/x", update_default_version: true, instance_initiated_shutdown_behavior: "terminate", iam_instance_profile: { arn: "arn:p" }, vpc_security_group_ids: ["sg-1"],
      metadata_options: { http_tokens: "required", http_put_response_hop_limit: 1 }, block_device_mappings: [{ device_name: "/dev/xvda", ebs: { volume_size: 8, encrypted: "true" } }],
      tag_specifications: [{ resource_type: "volume", tags: { a: "b" } }], user_data: "dXNlcg==", tags: { c: "d" },
    }, { "ec2:CreateLaunchTemplate": () => ({ LaunchTemplate: { LaunchTemplateId: "lt-1", LatestVersionNumber: 1, DefaultVersionNumber: 1 } }) });
    expect(calls).toEqual([["ec2:CreateLaunchTemplate", {
      LaunchTemplateName: "job",
      LaunchTemplateData: {
        ImageId: "resolve:ssm:/x", InstanceInitiatedShutdownBehavior: "terminate", IamInstanceProfile: { Arn: "arn:p" }, SecurityGroupIds: ["sg-1"], MetadataOptions: { HttpTokens: "required", HttpPutResponseHopLimit: 1 },
        BlockDeviceMappings: [{ DeviceName: "/dev/xvda", Ebs: { VolumeSize: 8, Encrypted: true } }], TagSpecifications: [{ ResourceType: "volume", Tags: [{ Key: "a", Value: "b" }] }], UserData: "dXNlcg==",
      },
      TagSpecifications: [{ ResourceType: "launch-template", Tags: [{ Key: "c", Value: "d" }] }],
    }]]);
    expect(attributes).toMatchObject({ id: "lt-1", latest_version: 1, arn: "arn:aws:ec2:us-east-1:123456789012:launch-template/lt-1" });
  });

  it("an experiment template", async () => {
    const { calls } = await made("aws_fis_experiment_template", {
      description: "d", role_arn: "arn:r", stop_condition: [{ source: "aws:cloudwatch:alarm", value: "arn:a" }],
      action: [{ name: "act", action_id: "aws:ec2:terminate-instances", target: { key: "Instances", value: "armed" }, parameter: [{ key: "k", value: "v" }] }],
      target: [{ name: "armed", resource_type: "aws:ec2:instance", selection_mode: "COUNT(1)", resource_tag: [{ key: "a", value: "b" }], filter: [{ path: "State.Name", values: ["running"] }] }],
      experiment_options: { empty_target_resolution_mode: "fail" }, log_configuration: { log_schema_version: 2, cloudwatch_logs_configuration: { log_group_arn: "arn:l" } }, tags: { n: "v" },
    }, { "fis:CreateExperimentTemplate": () => ({ experimentTemplate: { id: "EXT1" } }) });
    expect(calls).toEqual([["fis:CreateExperimentTemplate", {
      clientToken: "token", description: "d", roleArn: "arn:r",
      actions: { act: { actionId: "aws:ec2:terminate-instances", parameters: { k: "v" }, targets: { Instances: "armed" } } },
      targets: { armed: { resourceType: "aws:ec2:instance", selectionMode: "COUNT(1)", resourceTags: { a: "b" }, filters: [{ path: "State.Name", values: ["running"] }] } },
      stopConditions: [{ source: "aws:cloudwatch:alarm", value: "arn:a" }], experimentOptions: { emptyTargetResolutionMode: "fail" },
      logConfiguration: { logSchemaVersion: 2, cloudWatchLogsConfiguration: { logGroupArn: "arn:l" } }, tags: { n: "v" },
    }]]);
  });

  it("a security group, without AWS's own egress rule", async () => {
    const { calls } = await made("aws_security_group", {
      name: "g", vpc_id: "vpc-1", egress: [{ protocol: "tcp", from_port: 443, to_port: 443, cidr_blocks: ["0.0.0.0/0"], ipv6_cidr_blocks: ["::/0"], description: "out", self: null, security_groups: null, prefix_list_ids: null }],
      ingress: [{ protocol: "-1", from_port: 0, to_port: 0, self: true }],
    }, { "ec2:CreateSecurityGroup": () => ({ GroupId: "sg-1" }) });
    expect(calls).toEqual([
      ["ec2:CreateSecurityGroup", { GroupName: "g", Description: "Managed by Terraform", VpcId: "vpc-1" }],
      ["ec2:RevokeSecurityGroupEgress", { GroupId: "sg-1", IpPermissions: [{ IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }] }] }],
      ["ec2:AuthorizeSecurityGroupIngress", { GroupId: "sg-1", IpPermissions: [{ IpProtocol: "-1", FromPort: 0, ToPort: 0, UserIdGroupPairs: [{ GroupId: "sg-1" }] }] }],
      ["ec2:AuthorizeSecurityGroupEgress", { GroupId: "sg-1", IpPermissions: [{ IpProtocol: "tcp", FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: "0.0.0.0/0", Description: "out" }], Ipv6Ranges: [{ CidrIpv6: "::/0", Description: "out" }] }] }],
    ]);
  });

  it("an event target that is refused in the answer", async () => {
    await expect(made("aws_cloudwatch_event_target", { rule: "r", target_id: "t", arn: "arn:x" }, { "eventbridge:PutTargets": () => ({ FailedEntryCount: 1, FailedEntries: [{ ErrorCode: "ManagedRuleException", ErrorMessage: "no" }] }) }))
      .rejects.toThrow("aws_cloudwatch_event_target.x: eventbridge:PutTargets refused the target: ManagedRuleException: no");
  });
});

describe("into a real region", () => {
  let test: TestRegion;
  beforeAll(async () => { test = await startRegion(); });
  afterAll(() => test.region.close());

  it("makes a role, its policies, profile, table and network that the services then tell of", async () => {
    const trust = JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }] });
    const { outputs } = await load(test.region, {
      data: {
        aws_caller_identity: { me: {} }, aws_partition: { p: {} }, aws_region: { r: {} }, aws_vpc: { v: { default: true } },
        aws_availability_zones: { z: { state: "available", filter: [{ name: "opt-in-status", values: ["opt-in-not-required"] }] } },
        aws_iam_policy_document: { d: { statement: [{ sid: "Read", actions: ["dynamodb:GetItem"], resources: ["${aws_dynamodb_table.t.arn}"], condition: [{ test: "StringEquals", variable: "aws:x", values: ["y"] }] }] } },
      },
      resource: {
        aws_iam_role: { r: { name: "app", assume_role_policy: trust, tags: { a: "b" } } },
        aws_iam_role_policy: { p: { name: "inline", role: "${aws_iam_role.r.name}", policy: "${data.aws_iam_policy_document.d.json}" } },
        aws_iam_policy: { m: { name: "managed", policy: "${data.aws_iam_policy_document.d.json}" } },
        aws_iam_role_policy_attachment: { a: { role: "${aws_iam_role.r.name}", policy_arn: "${aws_iam_policy.m.arn}" } },
        aws_iam_instance_profile: { i: { name: "app", role: "${aws_iam_role.r.name}" } },
        aws_dynamodb_table: { t: { name: "tab", billing_mode: "PAY_PER_REQUEST", hash_key: "k", attribute: [{ name: "k", type: "S" }] } },
        aws_security_group: { g: { name: "g", vpc_id: "${data.aws_vpc.v.id}" } },
      },
      output: {
        account: { value: "${data.aws_caller_identity.me.account_id}" }, partition: { value: "${data.aws_partition.p.partition}" }, region: { value: "${data.aws_region.r.name}" },
        zones: { value: "${data.aws_availability_zones.z.names}" }, role: { value: "${aws_iam_role.r.arn}" }, group: { value: "${aws_security_group.g.id}" },
      },
    });
    expect(outputs).toMatchObject({ account: "123456789012", partition: "aws", region: "us-east-1", zones: ["us-east-1a", "us-east-1b", "us-east-1c", "us-east-1d", "us-east-1f"], role: "arn:aws:iam::123456789012:role/app", group: expect.stringMatching(/^sg-/) });
    const call = (service: string, operation: string, input: object) => test.region.call(test.region.admin, service, operation, input);
    expect((await call("iam", "GetInstanceProfile", { InstanceProfileName: "app" })).InstanceProfile.Roles[0].Arn).toBe(outputs["role"]);
    expect(JSON.parse(decodeURIComponent((await call("iam", "GetRolePolicy", { RoleName: "app", PolicyName: "inline" })).PolicyDocument))).toEqual({
      Version: "2012-10-17", Statement: [{ Sid: "Read", Effect: "Allow", Action: "dynamodb:GetItem", Resource: "arn:aws:dynamodb:us-east-1:123456789012:table/tab", Condition: { StringEquals: { "aws:x": "y" } } }],
    });
    expect((await call("ec2", "DescribeSecurityGroups", { GroupIds: [outputs["group"]] })).SecurityGroups[0].IpPermissionsEgress).toEqual([]);
  });
});

it("makes a target group that a load balancer uses, as a user's stack would declare them", async () => {
  const { region } = await startRegion();
  try {
    const { resources } = await load(region, {
      data: { aws_vpc: { default: { default: true } }, aws_subnets: { all: { filter: [{ name: "vpc-id", values: ["${data.aws_vpc.default.id}"] }] } } },
      resource: {
        aws_lb_target_group: { jobs: { name: "jobs", port: 80, protocol: "HTTP", vpc_id: "${data.aws_vpc.default.id}", deregistration_delay: "30", health_check: { path: "/up", matcher: "200-299" }, stickiness: { type: "lb_cookie", enabled: false }, tags: { a: "b" } } },
        aws_lb: { front: { name: "front", internal: true, load_balancer_type: "application", subnets: "${data.aws_subnets.all.ids}" } },
        aws_lb_listener: { http: { load_balancer_arn: "${aws_lb.front.arn}", port: 80, protocol: "HTTP", default_action: [{ type: "forward", target_group_arn: "${aws_lb_target_group.jobs.arn}" }] } },
      },
    });
    const TargetGroupArn = resources.get("aws_lb_target_group.jobs")!["arn"];
    const call = <T>(operation: string, input: object): Promise<T> => region.call<T>(region.admin, "elastic-load-balancing-v2", operation, input);
    expect(await call("DescribeTargetGroups", {})).toMatchObject({ TargetGroups: [{ TargetGroupArn, HealthCheckPath: "/up", Matcher: { HttpCode: "200-299" }, LoadBalancerArns: [resources.get("aws_lb.front")!["arn"]] }] });
    expect((await call<{ Attributes: object[] }>("DescribeTargetGroupAttributes", { TargetGroupArn })).Attributes).toContainEqual({ Key: "deregistration_delay.timeout_seconds", Value: "30" });
  } finally {
    await region.close();
  }
});
