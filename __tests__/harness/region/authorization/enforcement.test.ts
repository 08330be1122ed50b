import { CreateFleetCommand, CreateLaunchTemplateCommand, DescribeInstancesCommand, EC2Client, RunInstancesCommand, TerminateInstancesCommand } from "@aws-sdk/client-ec2";
import { DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { GetObjectCommand, HeadObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { CreateStateMachineCommand, DescribeExecutionCommand, GetExecutionHistoryCommand, SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { seconds } from "../../../../harness/time/clock";
import type { Region } from "../../../../harness/region/region";
import { boto3, startRegion, type TestRegion } from "../support/region";

let test_: TestRegion;
let region: Region;
beforeEach(async () => {
  test_ = await startRegion();
  ({ region } = test_);
  await admin("dynamodb", "CreateTable", { TableName: "jobs", BillingMode: "PAY_PER_REQUEST", AttributeDefinitions: [{ AttributeName: "jobId", AttributeType: "S" }], KeySchema: [{ AttributeName: "jobId", KeyType: "HASH" }] });
});
afterEach(() => region.close());

const ACCOUNT = "123456789012";
const TABLE = `arn:aws:dynamodb:us-east-1:${ACCOUNT}:table/jobs`;
const admin = <T = Record<string, unknown>>(service: string, operation: string, input: object): Promise<T> => region.call<T>(region.admin, service, operation, input);
const allow = (Action: string | string[], Resource: string | string[] = "*", Condition?: object): object => ({ Effect: "Allow", Action, Resource, ...(Condition ? { Condition } : {}) });
const documentOf = (statements: object[]): string => JSON.stringify({ Version: "2012-10-17", Statement: statements });

/** A role with these statements, and the configuration of a client that calls as its session. */
async function as(name: string, statements: object[], principal: object = { AWS: ACCOUNT }) {
  await admin("iam", "CreateRole", { RoleName: name, AssumeRolePolicyDocument: documentOf([{ Effect: "Allow", Principal: principal, Action: "sts:AssumeRole" }]) });
  if (statements.length > 0) await admin("iam", "PutRolePolicy", { RoleName: name, PolicyName: "p", PolicyDocument: documentOf(statements) });
  const arn = `arn:aws:iam::${ACCOUNT}:role/${name}`;
  if ((principal as { AWS?: string }).AWS !== ACCOUNT) return { arn, config: region.sdkConfig() };
  const { Credentials: keys } = await new STSClient(region.sdkConfig()).send(new AssumeRoleCommand({ RoleArn: arn, RoleSessionName: "session" }));
  return { arn, config: region.sdkConfig({ accessKeyId: keys!.AccessKeyId!, secretAccessKey: keys!.SecretAccessKey!, sessionToken: keys!.SessionToken! }) };
}

describe("what no policy allows is refused in the service's own way", () => {
  it("DynamoDB, with the action, the resource and the reason", async () => {
    const { config } = await as("reader", [allow("dynamodb:GetItem", TABLE)]);
    const client = new DynamoDBClient(config);
    await client.send(new GetItemCommand({ TableName: "jobs", Key: { jobId: { S: "a" } } }));
    await expect(client.send(new PutItemCommand({ TableName: "jobs", Item: { jobId: { S: "a" } } }))).rejects.toMatchObject({
      name: "AccessDeniedException", $metadata: { httpStatusCode: 400 },
      message: `User: arn:aws:sts::${ACCOUNT}:assumed-role/reader/session is not authorized to perform: dynamodb:PutItem on resource: ${TABLE} because no identity-based policy allows the dynamodb:PutItem action`,
    });
  });

  it("EC2, with an encoded message where a resource is concerned", async () => {
    const { config } = await as("nobody", []);
    const client = new EC2Client(config);
    await expect(client.send(new TerminateInstancesCommand({ InstanceIds: ["i-0123456789abcdef0"] }))).rejects.toMatchObject({
      name: "UnauthorizedOperation", $metadata: { httpStatusCode: 403 },
      message: expect.stringMatching(/^You are not authorized to perform this operation\. User: \S+ is not authorized to perform: ec2:TerminateInstances on resource: \S+instance\/i-0123456789abcdef0 because no identity-based policy allows the ec2:TerminateInstances action\. Encoded authorization failure message: [\w-]+$/),
    });
    await expect(client.send(new DescribeInstancesCommand({}))).rejects.toMatchObject({ message: expect.stringMatching(/ec2:DescribeInstances because no identity-based policy allows the ec2:DescribeInstances action$/) });
  });

  it("S3, which also hides from who may not list a bucket whether an object is there", async () => {
    await admin("s3", "CreateBucket", { Bucket: "box" });
    const { config } = await as("getter", [allow("s3:GetObject", "arn:aws:s3:::box/jobs/*")]);
    const client = new S3Client({ ...config, forcePathStyle: true });
    await expect(client.send(new GetObjectCommand({ Bucket: "box", Key: "logs/x" }))).rejects.toMatchObject({
      name: "AccessDenied", message: `User: arn:aws:sts::${ACCOUNT}:assumed-role/getter/session is not authorized to perform: s3:GetObject on resource: "arn:aws:s3:::box/logs/x" because no identity-based policy allows the s3:GetObject action`,
    });
    await expect(client.send(new GetObjectCommand({ Bucket: "box", Key: "jobs/x" }))).rejects.toMatchObject({ name: "AccessDenied", message: expect.stringContaining("s3:ListBucket") });
    await expect(client.send(new HeadObjectCommand({ Bucket: "box", Key: "jobs/x" }))).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });
    await admin("iam", "PutRolePolicy", { RoleName: "getter", PolicyName: "list", PolicyDocument: documentOf([allow("s3:ListBucket", "arn:aws:s3:::box")]) });
    await expect(client.send(new GetObjectCommand({ Bucket: "box", Key: "jobs/x" }))).rejects.toMatchObject({ name: "NoSuchKey" });
    await admin("s3", "PutBucketPolicy", { Bucket: "box", Policy: documentOf([{ Sid: "No", Effect: "Deny", Principal: "*", Action: "s3:GetObject", Resource: "arn:aws:s3:::box/*" }]) });
    await expect(client.send(new GetObjectCommand({ Bucket: "box", Key: "jobs/x" }))).rejects.toMatchObject({ message: expect.stringMatching(/with an explicit deny in a resource-based policy$/) });
  });

  it("as boto3 sees it, in the JSON, query, REST and CloudWatch protocols", async () => {
    await as("nobody", []);
    expect(await boto3(region, `
keys = client('sts').assume_role(RoleArn='arn:aws:iam::${ACCOUNT}:role/nobody', RoleSessionName='python')['Credentials']
def mine(name): return boto3.client(name, region_name='us-east-1', endpoint_url='${region.endpoint}', aws_access_key_id=keys['AccessKeyId'], aws_secret_access_key=keys['SecretAccessKey'], aws_session_token=keys['SessionToken'])
result = [refused(call, **input)[:2] for call, input in [
  (mine('stepfunctions').list_state_machines, {}), (mine('iam').list_roles, {}), (mine('lambda').list_functions, {}), (mine('cloudwatch').list_metrics, {}), (mine('sqs').list_queues, {}),
  (mine('events').list_rules, {}), (mine('logs').describe_log_groups, {}), (mine('ssm').get_parameter, {'Name': '/x'}), (mine('fis').list_experiments, {}), (mine('kms').generate_random, {'NumberOfBytes': 1})]]
result.append(mine('sts').get_caller_identity()['Arn'])`)).toEqual([
      ["AccessDeniedException", 400], ["AccessDenied", 403], ["AccessDeniedException", 403], ["AccessDenied", 403], ["AccessDenied", 403],
      ["AccessDeniedException", 400], ["AccessDeniedException", 400], ["AccessDeniedException", 400], ["AccessDeniedException", 403], ["AccessDeniedException", 400],
      `arn:aws:sts::${ACCOUNT}:assumed-role/nobody/python`,
    ]);
  });
});

describe("conditions see the request and the resource", () => {
  it("items by their partition key", async () => {
    const { config } = await as("own", [allow("dynamodb:GetItem", TABLE, { "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": ["mine"] } })]);
    const get = (jobId: string) => new DynamoDBClient(config).send(new GetItemCommand({ TableName: "jobs", Key: { jobId: { S: jobId } } }));
    await get("mine");
    await expect(get("yours")).rejects.toMatchObject({ name: "AccessDeniedException" });
  });

  it("instances by their tags", async () => {
    const run = async (value: string): Promise<string> => (await new EC2Client(region.sdkConfig()).send(new RunInstancesCommand({
      MinCount: 1, MaxCount: 1, ImageId: "ami-0a1b2c3d4e5f60718", InstanceType: "m5.large", TagSpecifications: [{ ResourceType: "instance", Tags: [{ Key: "owner", Value: value }] }],
    }))).Instances![0]!.InstanceId!;
    const { config } = await as("cleaner", [allow("ec2:TerminateInstances", "*", { StringEquals: { "aws:ResourceTag/owner": "us" } })]);
    const end = (id: string) => new EC2Client(config).send(new TerminateInstancesCommand({ InstanceIds: [id] }));
    await expect(end(await run("them"))).rejects.toMatchObject({ name: "UnauthorizedOperation" });
    await end(await run("us"));
  });
});

describe("roles that are passed and assumed", () => {
  const DEFINITION = JSON.stringify({ StartAt: "Put", States: { Put: { Type: "Task", Resource: "arn:aws:states:::aws-sdk:dynamodb:putItem", Parameters: { TableName: "jobs", Item: { jobId: { S: "a" } } }, End: true } } });

  it("need iam:PassRole for the service that they are passed to", async () => {
    const { arn } = await as("machine", [], { Service: "states.amazonaws.com" });
    const create = (config: object) => new SFNClient(config).send(new CreateStateMachineCommand({ name: "m", roleArn: arn, definition: DEFINITION }));
    const { config } = await as("deployer", [allow("states:CreateStateMachine"), allow("iam:PassRole", arn, { StringEquals: { "iam:PassedToService": "ec2.amazonaws.com" } })]);
    await expect(create(config)).rejects.toMatchObject({ name: "AccessDeniedException", message: expect.stringContaining(`is not authorized to perform: iam:PassRole on resource: ${arn}`) });
    await admin("iam", "PutRolePolicy", { RoleName: "deployer", PolicyName: "pass", PolicyDocument: documentOf([allow("iam:PassRole", arn, { StringEquals: { "iam:PassedToService": "states.amazonaws.com" } })]) });
    await create(config);
  });

  it("must trust the service that assumes them, from this account", async () => {
    const trusting = async (name: string, Principal: object, Condition?: object): Promise<unknown> => {
      await admin("iam", "CreateRole", { RoleName: name, AssumeRolePolicyDocument: documentOf([{ Effect: "Allow", Principal, Action: "sts:AssumeRole", ...(Condition ? { Condition } : {}) }]) });
      return admin("sfn", "CreateStateMachine", { name, roleArn: `arn:aws:iam::${ACCOUNT}:role/${name}`, definition: DEFINITION }).then(() => "created", (error: Error) => error.message);
    };
    const refused = "Neither the global service principal states.amazonaws.com, nor the regional one is authorized to assume the provided role.";
    expect(await trusting("a", { Service: "lambda.amazonaws.com" })).toBe(refused);
    expect(await trusting("b", { Service: "states.us-east-1.amazonaws.com" })).toBe("created");
    expect(await trusting("c", { Service: "states.amazonaws.com" }, { StringEquals: { "aws:SourceAccount": "999999999999" } })).toBe(refused);
    expect(await trusting("d", { Service: "states.amazonaws.com" }, { ArnLike: { "aws:SourceArn": `arn:aws:states:us-east-1:${ACCOUNT}:stateMachine:d` } })).toBe("created");
  });

  it("must trust who assumes them by a call; trust in the account leaves it to the caller's own policies", async () => {
    const { config } = await as("caller", []);
    const assume = (RoleArn: string) => new STSClient(config).send(new AssumeRoleCommand({ RoleArn, RoleSessionName: "again" }));
    const { arn: open } = await as("open", []);
    const { arn: named } = await as("named", [], { AWS: `arn:aws:iam::${ACCOUNT}:role/caller` });
    await assume(named);
    await expect(assume(open)).rejects.toMatchObject({ name: "AccessDenied", message: expect.stringContaining("is not authorized to perform: sts:AssumeRole") });
    await admin("iam", "PutRolePolicy", { RoleName: "caller", PolicyName: "p", PolicyDocument: documentOf([allow("sts:AssumeRole", open)]) });
    await assume(open);
  });

  it("decide what a state machine's tasks may do", async () => {
    const { arn } = await as("machine", [], { Service: "states.amazonaws.com" });
    const sfn = new SFNClient(region.sdkConfig());
    const { stateMachineArn } = await sfn.send(new CreateStateMachineCommand({ name: "m", roleArn: arn, definition: DEFINITION }));
    const execute = () => test_.clock.run("test", async () => {
      const { executionArn } = await sfn.send(new StartExecutionCommand({ stateMachineArn }));
      await test_.clock.sleep(seconds(2));
      return { ...(await sfn.send(new DescribeExecutionCommand({ executionArn }))), events: (await sfn.send(new GetExecutionHistoryCommand({ executionArn }))).events!.map(({ type }) => type) };
    });
    const failed = await execute();
    expect(failed).toMatchObject({ status: "FAILED", error: "DynamoDb.DynamoDbException", events: expect.arrayContaining(["TaskFailed"]) });
    expect(failed.cause).toMatch(/assumed-role\/machine\/\S+ is not authorized to perform: dynamodb:PutItem on resource: .* \(Service: DynamoDb, Status Code: 400, Request ID: /);
    await admin("iam", "PutRolePolicy", { RoleName: "machine", PolicyName: "p", PolicyDocument: documentOf([allow("dynamodb:PutItem", TABLE)]) });
    expect(await execute()).toMatchObject({ status: "SUCCEEDED" });
  });
});

describe("launches", () => {
  const ec2 = (resource: string): string => `arn:aws:ec2:us-east-1:${ACCOUNT}:${resource}`;
  const LAUNCH = allow("ec2:RunInstances", [ec2("subnet/*"), ec2("security-group/*"), ec2("volume/*"), ec2("network-interface/*"), "arn:aws:ec2:us-east-1::image/*"]);
  const input = { MinCount: 1, MaxCount: 1, ImageId: "ami-0a1b2c3d4e5f60718", InstanceType: "m5.large" as const };

  it("are authorized on each thing that they use and make, CreateTags and PassRole among it", async () => {
    await as("worker", [], { Service: "ec2.amazonaws.com" });
    await admin("iam", "CreateInstanceProfile", { InstanceProfileName: "worker" });
    await admin("iam", "AddRoleToInstanceProfile", { InstanceProfileName: "worker", RoleName: "worker" });
    const { config } = await as("launcher", [LAUNCH]);
    const more = (statement: object) => admin("iam", "PutRolePolicy", { RoleName: "launcher", PolicyName: JSON.stringify(statement).length.toString(), PolicyDocument: documentOf([statement]) });
    const run = () => new EC2Client(config).send(new RunInstancesCommand({
      ...input, IamInstanceProfile: { Name: "worker" }, TagSpecifications: [{ ResourceType: "instance", Tags: [{ Key: "a", Value: "b" }] }],
    })).then(() => "launched", (error: Error) => /perform: (\S+ on resource: \S+)/.exec(error.message)?.[1]);
    expect(await run()).toBe(`ec2:RunInstances on resource: ${ec2("instance/*")}`);
    await more(allow("ec2:RunInstances", ec2("instance/*"), { StringEquals: { "ec2:InstanceType": "m5.large", "aws:RequestTag/a": "b" } }));
    expect(await run()).toBe(`ec2:CreateTags on resource: ${ec2("instance/*")}`);
    await more(allow("ec2:CreateTags", "*", { StringEquals: { "ec2:CreateAction": "RunInstances" } }));
    expect(await run()).toBe(`iam:PassRole on resource: arn:aws:iam::${ACCOUNT}:role/worker`);
    await more(allow("iam:PassRole", "*", { StringEquals: { "iam:PassedToService": "ec2.amazonaws.com" } }));
    expect(await run()).toBe("launched");
  });

  it("can be asked for without being made", async () => {
    const { config } = await as("launcher", [LAUNCH]);
    const ask = () => new EC2Client(config).send(new RunInstancesCommand({ ...input, DryRun: true })).catch((error: Error) => error.name);
    expect(await ask()).toBe("UnauthorizedOperation");
    await admin("iam", "PutRolePolicy", { RoleName: "launcher", PolicyName: "more", PolicyDocument: documentOf([allow("ec2:RunInstances", ec2("instance/*"))]) });
    expect(await ask()).toBe("DryRunOperation");
  });

  it("of a fleet that are not permitted are its errors, the fleet itself an exception", async () => {
    await new EC2Client(region.sdkConfig()).send(new CreateLaunchTemplateCommand({ LaunchTemplateName: "job", LaunchTemplateData: { ImageId: "ami-0a1b2c3d4e5f60718", InstanceType: "m5.large" } }));
    const { config } = await as("launcher", [allow("ec2:RunInstances", "*")]);
    const create = () => new EC2Client(config).send(new CreateFleetCommand({
      Type: "instant", TargetCapacitySpecification: { TotalTargetCapacity: 1 }, LaunchTemplateConfigs: [{ LaunchTemplateSpecification: { LaunchTemplateName: "job", Version: "1" }, Overrides: [{ AvailabilityZone: "us-east-1a" }] }],
    }));
    await expect(create()).rejects.toMatchObject({ name: "UnauthorizedOperation", message: expect.stringContaining("ec2:CreateFleet") });
    await admin("iam", "PutRolePolicy", { RoleName: "launcher", PolicyName: "p", PolicyDocument: documentOf([allow("ec2:CreateFleet")]) });
    expect(await create()).toMatchObject({ Instances: [], Errors: [{ ErrorCode: "UnauthorizedOperation", ErrorMessage: expect.stringContaining("ec2:RunInstances") }] });
  });
});

it("records each use with its statement, and each refusal with the line to add", async () => {
  const { config } = await as("reader", [{ Sid: "Read", ...allow("dynamodb:Get*", "arn:aws:dynamodb:*:*:table/*") }]);
  const client = new DynamoDBClient(config);
  for (let count = 0; count < 2; count++) await client.send(new GetItemCommand({ TableName: "jobs", Key: { jobId: { S: "a" } } }));
  await client.send(new PutItemCommand({ TableName: "jobs", Item: { jobId: { S: "a" } } })).catch(() => undefined);
  const { uses, refusals, granted } = region.authorization.record();
  expect(uses).toEqual([{
    principal: "reader", action: "dynamodb:GetItem", resource: TABLE, count: 2,
    statement: { policy: "inline:p", index: 0, sid: "Read", actionPattern: "dynamodb:Get*", resourcePattern: "arn:aws:dynamodb:*:*:table/*" },
  }]);
  expect(refusals).toEqual([{
    principal: "reader", action: "dynamodb:PutItem", resource: TABLE, count: 1, message: expect.stringContaining("is not authorized to perform: dynamodb:PutItem"),
    where: "inline policy p of role reader", add: JSON.stringify({ Effect: "Allow", Action: ["dynamodb:PutItem"], Resource: [TABLE] }),
  }]);
  expect(granted).toEqual([{ principal: "reader", policy: "inline:p", statements: [{ sid: "Read", effect: "Allow", actions: ["dynamodb:Get*"], resources: ["arn:aws:dynamodb:*:*:table/*"] }] }]);
});
