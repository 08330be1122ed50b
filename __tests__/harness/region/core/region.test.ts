import { existsSync } from "node:fs";
import { DynamoDBClient, GetItemCommand, ListTablesCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { GetRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { UsageError } from "../../../../harness/model/errors";
import { AwsError } from "../../../../harness/region/core/types";
import { boto3, startRegion, type TestRegion } from "../support/region";

let test: TestRegion;
const overSocket = () => ({ region: "us-east-1", endpoint: test.region.endpoint, credentials: { accessKeyId: "test", secretAccessKey: "test" } });
beforeAll(async () => {
  test = await startRegion();
  await test.region.call(test.region.admin, "dynamodb", "CreateTable", { TableName: "ledger", BillingMode: "PAY_PER_REQUEST", AttributeDefinitions: [{ AttributeName: "jobId", AttributeType: "S" }], KeySchema: [{ AttributeName: "jobId", KeyType: "HASH" }] });
});
afterAll(() => test.region.close());

describe.each(["in this process", "over the socket"])("an SDK client %s", (way) => {
  const config = () => (way === "in this process" ? test.region.sdkConfig() : overSocket());

  it("speaks AWS JSON", async () => {
    const dynamo = new DynamoDBClient(config());
    await dynamo.send(new PutItemCommand({ TableName: "ledger", Item: { jobId: { S: way }, bytes: { B: Buffer.from([0, 255]) } } }));
    const { Item, $metadata } = await dynamo.send(new GetItemCommand({ TableName: "ledger", Key: { jobId: { S: way } } }));
    expect(Buffer.from(Item!["bytes"]!.B!)).toEqual(Buffer.from([0, 255]));
    expect($metadata.requestId).toMatch(/^[0-9a-f-]{36}$/);
    await expect(dynamo.send(new GetItemCommand({ TableName: "none", Key: { jobId: { S: "x" } } }))).rejects.toMatchObject({ name: "ResourceNotFoundException", message: "Requested resource not found" });
    dynamo.destroy();
  });

  it("speaks AWS query", async () => {
    const sts = new STSClient(config());
    expect(await sts.send(new GetCallerIdentityCommand({}))).toMatchObject({ Account: "123456789012", Arn: "arn:aws:iam::123456789012:root" });
    const iam = new IAMClient(config());
    await expect(iam.send(new GetRoleCommand({ RoleName: "none" }))).rejects.toMatchObject({ name: "NoSuchEntityException", message: "The role with name none cannot be found.", $metadata: { httpStatusCode: 404 } });
    sts.destroy();
    iam.destroy();
  });
});

it("answers boto3", async () => {
  expect(await boto3(test.region, `
ddb = client('dynamodb'); ddb.put_item(TableName='ledger', Item={'jobId': {'S': 'py'}, 'bytes': {'B': b'\\x00\\xff'}})
result = [ddb.get_item(TableName='ledger', Key={'jobId': {'S': 'py'}})['Item']['bytes']['B'].hex(), client('sts').get_caller_identity()['Arn'], refused(client('iam').get_role, RoleName='none'), refused(client('ssm').get_parameter, Name='none'), client('sts').get_caller_identity()['ResponseMetadata']['HTTPHeaders']['date']]`))
    .toEqual(["00ff", "arn:aws:iam::123456789012:root", ["NoSuchEntity", 404, "The role with name none cannot be found."], ["ParameterNotFound", 400, "Parameter none not found."], "Thu, 01 Jan 2026 00:00:00 GMT"]);
});

it("answers boto3 in every protocol: EC2 query, REST-JSON, REST-XML, and what CloudWatch's client speaks", async () => {
  expect(await boto3(test.region, `
ec2, fis, s3, cw = client('ec2'), client('fis'), client('s3'), client('cloudwatch')
s3.create_bucket(Bucket='boto3-bucket')
cw.put_metric_data(Namespace='boto3', MetricData=[{'MetricName': 'm', 'Value': 1.5}])
result = [
  ec2.describe_availability_zones(Filters=[{'Name': 'zone-name', 'Values': ['us-east-1b']}])['AvailabilityZones'][0]['ZoneName'], refused(ec2.describe_instances, InstanceIds=['i-0123456789abcdef0'])[:2], refused(ec2.describe_volumes)[:2],
  fis.list_experiment_templates()['experimentTemplates'], refused(fis.get_experiment, id='EXP123')[:2],
  [b['Name'] for b in s3.list_buckets()['Buckets']], refused(s3.get_object, Bucket='boto3-bucket', Key='none')[:2],
  [m['MetricName'] for m in cw.list_metrics(Namespace='boto3')['Metrics']],
]`)).toEqual([
    "us-east-1b", ["InvalidInstanceID.NotFound", 400], ["InvalidAction", 400],
    [], ["ResourceNotFoundException", 404],
    ["boto3-bucket"], ["NoSuchKey", 404],
    ["m"],
  ]);
});

describe("region.call", () => {
  it("runs the operation, with the same answers and errors as the wire", async () => {
    expect(await test.region.call(test.region.admin, "dynamodb", "ListTables", {})).toEqual({ TableNames: ["ledger"] });
    await expect(test.region.call(test.region.admin, "dynamodb", "GetItem", { TableName: "none", Key: { jobId: { S: "x" } } })).rejects.toEqual(new AwsError("ResourceNotFoundException", "Requested resource not found"));
    await expect(test.region.call(test.region.admin, "dynamodb", "NoSuch", {})).rejects.toMatchObject({ code: "UnknownOperationException" });
    await expect(test.region.call(test.region.admin, "redshift", "NoSuch", {})).rejects.toMatchObject({ code: "UnrecognizedServiceException" });
  });

  it("shares no object with the service", async () => {
    const input = { TableName: "ledger", Item: { jobId: { S: "shared" }, map: { M: { a: { S: "1" } } } } };
    await test.region.call(test.region.admin, "dynamodb", "PutItem", input);
    input.Item.map.M.a.S = "changed";
    const get = () => test.region.call<{ Item: typeof input.Item }>(test.region.admin, "dynamodb", "GetItem", { TableName: "ledger", Key: { jobId: { S: "shared" } } });
    const first = await get();
    first.Item.map.M.a.S = "changed too";
    expect((await get()).Item.map.M.a.S).toBe("1");
  });

  it("goes through the SDK client for ec2, with AWS's errors as AwsErrors", async () => {
    const { AvailabilityZones } = await test.region.call<{ AvailabilityZones: { ZoneName: string }[] }>(test.region.admin, "ec2", "DescribeAvailabilityZones", {});
    expect(AvailabilityZones.map(({ ZoneName }) => ZoneName)).toContain("us-east-1a");
    await expect(test.region.call(test.region.admin, "ec2", "DescribeInstances", { InstanceIds: ["i-0123456789abcdef0"] })).rejects.toMatchObject({ code: "InvalidInstanceID.NotFound", status: 400, constructor: AwsError });
    await expect(test.region.call(test.region.admin, "ec2", "NoSuch", {})).rejects.toMatchObject({ code: "UnknownOperationException" });
  });
});

it("asks the authorizer before each operation, on every way in", async () => {
  const asked: unknown[] = [];
  const { region } = await startRegion({
    authorize: ({ service, operation, input, context }) => {
      asked.push([service, operation, input, context.caller.arn]);
      if (operation === "ListTables") throw new AwsError("AccessDeniedException", "User: x is not authorized to perform: dynamodb:ListTables", 400);
    },
  });
  await expect(region.call(region.admin, "dynamodb", "ListTables", {})).rejects.toMatchObject({ code: "AccessDeniedException" });
  await expect(new DynamoDBClient(region.sdkConfig()).send(new ListTablesCommand({}))).rejects.toMatchObject({ name: "AccessDeniedException" });
  await new SSMClient(region.sdkConfig()).send(new GetParameterCommand({ Name: "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64" }));
  expect(asked).toEqual([
    ["dynamodb", "ListTables", {}, "arn:aws:iam::123456789012:root"],
    ["dynamodb", "ListTables", {}, "arn:aws:iam::123456789012:root"],
    ["ssm", "GetParameter", { Name: "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64" }, "arn:aws:iam::123456789012:root"],
  ]);
  await region.close();
});

it("says so when its port is in use, naming the flag", async () => {
  const port = Number(new URL(test.region.endpoint).port);
  const attempt = startRegion({ port, portFlag: "--port" });
  await expect(attempt).rejects.toThrow(UsageError);
  await expect(attempt).rejects.toMatchObject({ message: `Port ${port} on 127.0.0.1 is in use.`, hint: "Give another with --port, or 0 for any free one." });
});

it("says so when there is no such region to embed", async () => {
  await expect(startRegion({ regionName: "mars-north-1" })).rejects.toThrow(UsageError);
});

it("makes the same identifiers from the same seed", async () => {
  const identifiers = async () => {
    const { region } = await startRegion();
    const role = await region.call(region.admin, "iam", "CreateRole", { RoleName: "r", AssumeRolePolicyDocument: JSON.stringify({ Statement: [{ Effect: "Allow", Principal: "*", Action: "sts:AssumeRole" }] }) });
    const session = region.assumeRole("arn:aws:iam::123456789012:role/r", "s", { service: "ec2.amazonaws.com" }).credentials;
    await region.close();
    return { role, session, requestId: region.router.requestId() };
  };
  expect(await identifiers()).toEqual(await identifiers());
});

it("collects what it cannot truthfully model", async () => {
  const { region, clock } = await startRegion();
  const woken: boolean[] = [];
  const waiting = clock.run("waiter", async () => { woken.push(await region.failureGate.wait()); });
  clock.spawn("failure", async () => region.fatal(new Error("the user data has a module that is not modelled")));
  await waiting;
  expect(woken).toEqual([true]);
  expect(await region.failure).toBe(region.failures[0]);
  await region.close();
});

it("ends the run of whoever meets a defect, unless it is told to go on", async () => {
  const broken = () => { throw new TypeError("oops"); };
  for (const onDefect of [undefined, jest.fn()]) {
    const { region } = await startRegion({ authorize: broken, ...(onDefect ? { onDefect } : {}) });
    await expect(region.call(region.admin, "dynamodb", "ListTables", {})).rejects.toMatchObject({ code: "InternalFailure", status: 500 });
    expect(region.defects).toEqual([{ where: "dynamodb:ListTables", error: expect.any(TypeError) }]);
    if (onDefect) expect(onDefect).toHaveBeenCalledWith("dynamodb:ListTables", expect.any(TypeError));
    expect(region.failures.map(({ message }) => message)).toEqual(onDefect ? [] : ["The embedded region has a defect, in dynamodb:ListTables: oops"]);
    await region.close();
  }
});

it("removes its folder when it closes, also a second time", async () => {
  const { region } = await startRegion();
  expect(existsSync(region.folder)).toBe(true);
  await region.close();
  await region.close();
  expect(existsSync(region.folder)).toBe(false);
});
