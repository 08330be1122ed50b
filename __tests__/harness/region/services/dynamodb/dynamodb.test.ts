import { BatchGetItemCommand, BatchWriteItemCommand, CreateTableCommand, DeleteItemCommand, DeleteTableCommand, DescribeContinuousBackupsCommand, DescribeTableCommand, DescribeTimeToLiveCommand, DynamoDBClient, GetItemCommand, ListTablesCommand, ListTagsOfResourceCommand, PutItemCommand, QueryCommand, ScanCommand, TagResourceCommand, UntagResourceCommand, UpdateContinuousBackupsCommand, UpdateItemCommand, UpdateTableCommand, UpdateTimeToLiveCommand } from "@aws-sdk/client-dynamodb";
import fc from "fast-check";
import { OrderedMap } from "../../../../../harness/region/services/dynamodb/store";
import { boto3, startRegion, type TestRegion } from "../../support/region";

const TableName = "ledger";
const key = (id: string) => ({ jobId: { S: id } });

let test: TestRegion;
let dynamo: DynamoDBClient;
beforeEach(async () => {
  test = await startRegion();
  dynamo = new DynamoDBClient(test.region.sdkConfig());
  await dynamo.send(new CreateTableCommand({ TableName, BillingMode: "PAY_PER_REQUEST", AttributeDefinitions: [{ AttributeName: "jobId", AttributeType: "S" }], KeySchema: [{ AttributeName: "jobId", KeyType: "HASH" }] }));
});
afterEach(() => test.region.close());

describe("conditional writes, as the ledger needs them:", () => {
  const takeOver = (epoch: string) => dynamo.send(new UpdateItemCommand({
    TableName, Key: key("j"), UpdateExpression: "SET ownerEpoch = ownerEpoch + :one, ownerState = :restoring", ConditionExpression: "ownerEpoch = :seen AND ownerState IN (:none, :dead)",
    ExpressionAttributeValues: { ":one": { N: "1" }, ":seen": { N: epoch }, ":restoring": { S: "restoring" }, ":none": { S: "none" }, ":dead": { S: "dead" } }, ReturnValues: "ALL_NEW",
  }));

  it("one of two that saw the same epoch wins", async () => {
    await dynamo.send(new PutItemCommand({ TableName, Item: { ...key("j"), ownerEpoch: { N: "0" }, ownerState: { S: "none" } }, ConditionExpression: "attribute_not_exists(jobId)" }));
    const [first, second] = await Promise.allSettled([takeOver("0"), takeOver("0")]);
    expect(first).toMatchObject({ status: "fulfilled", value: { Attributes: { ownerEpoch: { N: "1" }, ownerState: { S: "restoring" } } } });
    expect(second).toMatchObject({ status: "rejected", reason: { name: "ConditionalCheckFailedException", message: "The conditional request failed", $metadata: { httpStatusCode: 400 } } });
  });

  it("a refused one tells the item when it is asked to", async () => {
    await dynamo.send(new PutItemCommand({ TableName, Item: { ...key("j"), a: { N: "1" } } }));
    await expect(dynamo.send(new PutItemCommand({ TableName, Item: key("j"), ConditionExpression: "attribute_not_exists(jobId)", ReturnValuesOnConditionCheckFailure: "ALL_OLD" }))).rejects.toMatchObject({ name: "ConditionalCheckFailedException", Item: { jobId: { S: "j" }, a: { N: "1" } } });
    await expect(dynamo.send(new DeleteItemCommand({ TableName, Key: key("j"), ConditionExpression: "a = :two", ExpressionAttributeValues: { ":two": { N: "2" } } }))).rejects.toMatchObject({ name: "ConditionalCheckFailedException", Item: undefined });
  });

  it("nested maps move, lists grow", async () => {
    await dynamo.send(new PutItemCommand({ TableName, Item: { ...key("j"), last: { M: { sequence: { N: "1" } } } } }));
    const { Attributes } = await dynamo.send(new UpdateItemCommand({
      TableName, Key: key("j"), UpdateExpression: "SET previous = #last, #last = :new, notices = list_append(if_not_exists(notices, :empty), :notice) REMOVE gone ADD launches :one",
      ExpressionAttributeNames: { "#last": "last" }, ExpressionAttributeValues: { ":new": { M: { sequence: { N: "2" } } }, ":empty": { L: [] }, ":notice": { L: [{ S: "n" }] }, ":one": { N: "1" } }, ReturnValues: "ALL_NEW",
    }));
    expect(Attributes).toEqual({ ...key("j"), previous: { M: { sequence: { N: "1" } } }, last: { M: { sequence: { N: "2" } } }, notices: { L: [{ S: "n" }] }, launches: { N: "1" } });
    expect((await dynamo.send(new GetItemCommand({ TableName, Key: key("j"), ConsistentRead: true, ProjectionExpression: "#l.#s", ExpressionAttributeNames: { "#l": "last", "#s": "sequence" } }))).Item).toEqual({ last: { M: { sequence: { N: "2" } } } });
  });
});

it("reads by query and scan, in order, on pages", async () => {
  await dynamo.send(new CreateTableCommand({
    TableName: "events", BillingMode: "PAY_PER_REQUEST", AttributeDefinitions: [{ AttributeName: "job", AttributeType: "S" }, { AttributeName: "n", AttributeType: "N" }, { AttributeName: "kind", AttributeType: "S" }],
    KeySchema: [{ AttributeName: "job", KeyType: "HASH" }, { AttributeName: "n", KeyType: "RANGE" }],
    GlobalSecondaryIndexes: [{ IndexName: "byKind", KeySchema: [{ AttributeName: "kind", KeyType: "HASH" }, { AttributeName: "n", KeyType: "RANGE" }], Projection: { ProjectionType: "ALL" } }],
  }));
  const items = [-2, 10, 9, 1.5, 100].map((n) => ({ job: { S: "a" }, n: { N: String(n) }, kind: { S: n > 5 ? "big" : "small" } }));
  await dynamo.send(new BatchWriteItemCommand({ RequestItems: { events: [...items, { job: { S: "b" }, n: { N: "1" }, kind: { S: "small" } }].map((Item) => ({ PutRequest: { Item } })) } }));
  const query = { TableName: "events", KeyConditionExpression: "job = :a", ExpressionAttributeValues: { ":a": { S: "a" } } };
  const numbers = (found: { Items?: Record<string, { N?: string }>[] }) => found.Items?.map((item) => Number(item["n"]!.N));
  expect(numbers(await dynamo.send(new QueryCommand(query)))).toEqual([-2, 1.5, 9, 10, 100]);
  expect(numbers(await dynamo.send(new QueryCommand({ ...query, ScanIndexForward: false, Limit: 2 })))).toEqual([100, 10]);
  const first = await dynamo.send(new QueryCommand({ ...query, Limit: 3 }));
  expect(first.LastEvaluatedKey).toEqual({ job: { S: "a" }, n: { N: "9" } });
  expect(numbers(await dynamo.send(new QueryCommand({ ...query, ExclusiveStartKey: first.LastEvaluatedKey })))).toEqual([10, 100]);
  expect(numbers(await dynamo.send(new QueryCommand({ ...query, KeyConditionExpression: "job = :a AND n BETWEEN :x AND :y", ExpressionAttributeValues: { ":a": { S: "a" }, ":x": { N: "1.5" }, ":y": { N: "10" } } })))).toEqual([1.5, 9, 10]);
  expect(numbers(await dynamo.send(new QueryCommand({ TableName: "events", IndexName: "byKind", KeyConditionExpression: "kind = :k", ExpressionAttributeValues: { ":k": { S: "big" } } })))).toEqual([9, 10, 100]);
  await dynamo.send(new UpdateItemCommand({ TableName: "events", Key: { job: { S: "a" }, n: { N: "9" } }, UpdateExpression: "SET kind = :k", ExpressionAttributeValues: { ":k": { S: "small" } } }));
  expect(numbers(await dynamo.send(new QueryCommand({ TableName: "events", IndexName: "byKind", KeyConditionExpression: "kind = :k", ExpressionAttributeValues: { ":k": { S: "big" } } })))).toEqual([10, 100]);
  expect((await dynamo.send(new ScanCommand({ TableName: "events", FilterExpression: "n > :five", ExpressionAttributeValues: { ":five": { N: "5" } } })))).toMatchObject({ Count: 3, ScannedCount: 6 });
  const { Responses } = await dynamo.send(new BatchGetItemCommand({ RequestItems: { events: { Keys: [{ job: { S: "b" }, n: { N: "1" } }, { job: { S: "b" }, n: { N: "2" } }] } } }));
  expect(Responses!["events"]).toHaveLength(1);
});

describe("tables", () => {
  it("are CREATING in the answer and ACTIVE from then on", async () => {
    const { TableDescription } = await dynamo.send(new CreateTableCommand({ TableName: "new", BillingMode: "PAY_PER_REQUEST", AttributeDefinitions: [{ AttributeName: "k", AttributeType: "S" }], KeySchema: [{ AttributeName: "k", KeyType: "HASH" }], SSESpecification: { Enabled: true }, Tags: [{ Key: "a", Value: "b" }] }));
    expect(TableDescription).toMatchObject({ TableStatus: "CREATING", TableArn: "arn:aws:dynamodb:us-east-1:123456789012:table/new", CreationDateTime: new Date("2026-01-01T00:00:00Z"), BillingModeSummary: { BillingMode: "PAY_PER_REQUEST" } });
    expect((await dynamo.send(new DescribeTableCommand({ TableName: "new" }))).Table).toMatchObject({ TableStatus: "ACTIVE", SSEDescription: { Status: "ENABLED", SSEType: "KMS" } });
    await expect(dynamo.send(new CreateTableCommand({ TableName: "new", BillingMode: "PAY_PER_REQUEST", AttributeDefinitions: [{ AttributeName: "k", AttributeType: "S" }], KeySchema: [{ AttributeName: "k", KeyType: "HASH" }] }))).rejects.toMatchObject({ name: "ResourceInUseException", message: "Table already exists: new" });
    expect((await dynamo.send(new ListTablesCommand({ Limit: 1 })))).toMatchObject({ TableNames: ["ledger"], LastEvaluatedTableName: "ledger" });
    expect((await dynamo.send(new ListTablesCommand({ ExclusiveStartTableName: "ledger" })))).toMatchObject({ TableNames: ["new"] });
  });

  it("are not deleted while they are protected, and take their items with them", async () => {
    await dynamo.send(new PutItemCommand({ TableName, Item: key("j") }));
    await dynamo.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: true }));
    await expect(dynamo.send(new DeleteTableCommand({ TableName }))).rejects.toMatchObject({ name: "ValidationException", message: expect.stringContaining("protected against deletion") });
    await dynamo.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: false }));
    await dynamo.send(new DeleteTableCommand({ TableName }));
    await expect(dynamo.send(new DescribeTableCommand({ TableName }))).rejects.toMatchObject({ name: "ResourceNotFoundException", message: "Requested resource not found: Table: ledger not found" });
    await dynamo.send(new CreateTableCommand({ TableName, BillingMode: "PAY_PER_REQUEST", AttributeDefinitions: [{ AttributeName: "jobId", AttributeType: "S" }], KeySchema: [{ AttributeName: "jobId", KeyType: "HASH" }] }));
    expect((await dynamo.send(new GetItemCommand({ TableName, Key: key("j") }))).Item).toBeUndefined();
  });

  it("have tags, a time to live and recovery", async () => {
    const ResourceArn = "arn:aws:dynamodb:us-east-1:123456789012:table/ledger";
    await dynamo.send(new TagResourceCommand({ ResourceArn, Tags: [{ Key: "a", Value: "1" }, { Key: "b", Value: "2" }] }));
    await dynamo.send(new UntagResourceCommand({ ResourceArn, TagKeys: ["a"] }));
    expect((await dynamo.send(new ListTagsOfResourceCommand({ ResourceArn }))).Tags).toEqual([{ Key: "b", Value: "2" }]);
    const TimeToLiveSpecification = { Enabled: true, AttributeName: "expires" };
    await dynamo.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }));
    await expect(dynamo.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }))).rejects.toMatchObject({ name: "ValidationException", message: "TimeToLive is already enabled" });
    expect((await dynamo.send(new DescribeTimeToLiveCommand({ TableName }))).TimeToLiveDescription).toEqual({ TimeToLiveStatus: "ENABLED", AttributeName: "expires" });
    await dynamo.send(new UpdateContinuousBackupsCommand({ TableName, PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } }));
    expect((await dynamo.send(new DescribeContinuousBackupsCommand({ TableName }))).ContinuousBackupsDescription?.PointInTimeRecoveryDescription).toMatchObject({ PointInTimeRecoveryStatus: "ENABLED", RecoveryPeriodInDays: 35 });
  });
});

it("refuses by name what it does not model", async () => {
  const call = (operation: string, input: object) => test.region.call(test.region.admin, "dynamodb", operation, input);
  await expect(call("GetItem", { TableName, Key: key("j"), Consistency: "strong" })).rejects.toMatchObject({ code: "ValidationException", message: "The embedded region does not support Consistency of GetItem." });
  await expect(call("ExecuteStatement", {})).rejects.toMatchObject({ code: "UnknownOperationException", message: expect.stringContaining("ExecuteStatement") });
  await expect(call("CreateTable", { TableName: "str", StreamSpecification: { StreamEnabled: true } })).rejects.toMatchObject({ message: expect.stringContaining("StreamSpecification") });
});

it("takes and gives bytes, and lets no time pass in a call", async () => {
  await test.clock.run("caller", async () => {
    const others: string[] = [];
    test.clock.spawn("other", async () => { others.push("ran"); });
    await test.region.call(test.region.admin, "dynamodb", "PutItem", { TableName, Item: { ...key("j"), bytes: { B: new Uint8Array([1, 2]) } } });
    expect((await test.region.call<{ Item: object }>(test.region.admin, "dynamodb", "GetItem", { TableName, Key: key("j") })).Item).toEqual({ ...key("j"), bytes: { B: "AQI=" } });
    await test.region.call(test.region.admin, "dynamodb", "Scan", { TableName });
    expect(others).toEqual([]);
  });
});

it("answers boto3 with DynamoDB's own words", async () => {
  expect(await boto3(test.region, `
ddb = client('dynamodb')
ddb.update_item(TableName='ledger', Key={'jobId': {'S': 'py'}}, UpdateExpression='SET n = :n, b = :b', ExpressionAttributeValues={':n': {'N': '1'}, ':b': {'B': b'\\x00'}})
result = [
  ddb.scan(TableName='ledger')['Items'][0]['n']['N'],
  refused(ddb.get_item, TableName='none', Key={'jobId': {'S': 'x'}}),
  refused(ddb.get_item, TableName='ledger', Key={'other': {'S': 'x'}}),
  refused(ddb.update_item, TableName='ledger', Key={'jobId': {'S': 'py'}}, UpdateExpression='SET n = :missing'),
  refused(ddb.put_item, TableName='ledger', Item={'jobId': {'S': 'py'}}, ConditionExpression='attribute_not_exists(jobId)'),
  ddb.describe_table(TableName='ledger')['Table']['CreationDateTime'].timestamp(),
]`)).toEqual([
    "1",
    ["ResourceNotFoundException", 400, "Requested resource not found"],
    ["ValidationException", 400, "The provided key element does not match the schema"],
    ["ValidationException", 400, "Invalid UpdateExpression: An expression attribute value used in expression is not defined; attribute value: :missing"],
    ["ConditionalCheckFailedException", 400, "The conditional request failed"],
    1767225600,
  ]);
});

it("holds its keys in order, whatever comes and goes", async () => {
  const command = fc.record({ type: fc.constantFrom("put" as const, "del" as const), key: fc.stringMatching(/^[a-e]{1,3}$/) });
  const bound = fc.option(fc.stringMatching(/^[a-e]{0,3}$/), { nil: undefined });
  await fc.assert(fc.asyncProperty(fc.array(command), bound, bound, fc.boolean(), fc.boolean(), fc.boolean(), (commands, low, high, openLow, openHigh, reverse) => {
    const map = new OrderedMap<string>();
    const model = new Set<string>();
    for (const { type, key: at } of commands) {
      if (type === "put") map.put(at, at, () => {});
      else map.del(at, () => {});
      if (type === "put") model.add(at);
      else model.delete(at);
    }
    const seen: unknown[] = [];
    const options = { reverse, ...(low === undefined ? {} : openLow ? { gt: low } : { gte: low }), ...(high === undefined ? {} : openHigh ? { lt: high } : { lte: high }) };
    const stream = map.createKeyStream(options);
    stream.on("data", (at) => seen.push(at));
    return new Promise<void>((resolve) => stream.on("end", resolve)).then(() => {
      const expected = [...model].sort().filter((at) => (low === undefined || (openLow ? at > low : at >= low)) && (high === undefined || (openHigh ? at < high : at <= high)));
      expect(seen).toEqual(reverse ? expected.reverse() : expected);
    });
  }));
});
