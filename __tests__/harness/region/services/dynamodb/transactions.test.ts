import fc from "fast-check";
import { DynamoDBClient, GetItemCommand, PutItemCommand, QueryCommand, ScanCommand, TransactGetItemsCommand, TransactWriteItemsCommand, UpdateTimeToLiveCommand, type AttributeValue, type TransactWriteItem } from "@aws-sdk/client-dynamodb";
import { seconds } from "../../../../../harness/time/clock";
import { boto3, startRegion, type TestRegion } from "../../support/region";

const TableName = "table";
const DAY = 86_400;
let test: TestRegion;
let dynamodb: DynamoDBClient;
beforeEach(async () => {
  test = await startRegion();
  dynamodb = new DynamoDBClient(test.region.sdkConfig());
  await test.region.call(test.region.admin, "dynamodb", "CreateTable", {
    TableName, BillingMode: "PAY_PER_REQUEST", AttributeDefinitions: [{ AttributeName: "k", AttributeType: "S" }, { AttributeName: "g", AttributeType: "S" }], KeySchema: [{ AttributeName: "k", KeyType: "HASH" }],
    GlobalSecondaryIndexes: [{ IndexName: "by-g", KeySchema: [{ AttributeName: "g", KeyType: "HASH" }], Projection: { ProjectionType: "ALL" } }],
  });
});
afterEach(async () => {
  dynamodb.destroy();
  await test.region.close();
});

type Item = Record<string, AttributeValue>;
const put = (k: string, more: Item = {}): TransactWriteItem => ({ Put: { TableName, Item: { k: { S: k }, ...more } } });
const add = (k: string): TransactWriteItem => ({ Update: { TableName, Key: { k: { S: k } }, UpdateExpression: "ADD n :one", ExpressionAttributeValues: { ":one": { N: "1" } } } });
const check = (k: string, ConditionExpression: string): TransactWriteItem => ({ ConditionCheck: { TableName, Key: { k: { S: k } }, ConditionExpression, ReturnValuesOnConditionCheckFailure: "ALL_OLD" } });
const write = (...TransactItems: TransactWriteItem[]) => dynamodb.send(new TransactWriteItemsCommand({ TransactItems }));
const get = async (k: string): Promise<Item | undefined> => (await dynamodb.send(new GetItemCommand({ TableName, Key: { k: { S: k } } }))).Item;

describe("transactions", () => {
  it("write all of their items", async () => {
    await write(put("a", { g: { S: "x" } }), add("b"), check("c", "attribute_not_exists(k)"));
    expect([await get("a"), await get("b"), await get("c")]).toEqual([{ k: { S: "a" }, g: { S: "x" } }, { k: { S: "b" }, n: { N: "1" } }, undefined]);
    await write({ Delete: { TableName, Key: { k: { S: "a" } }, ConditionExpression: "g = :x", ExpressionAttributeValues: { ":x": { S: "x" } } } }, check("b", "attribute_exists(k)"));
    expect([await get("a"), await get("b")]).toEqual([undefined, { k: { S: "b" }, n: { N: "1" } }]);
  });

  it("leave everything as it was when one fails, indexes included, and say why each was cancelled", async () => {
    await write(put("a", { g: { S: "x" } }));
    const failing = write(put("new", { g: { S: "x" } }), { Delete: { TableName, Key: { k: { S: "a" } } } }, check("b", "attribute_exists(k)"), add("d"));
    await expect(failing).rejects.toMatchObject({
      name: "TransactionCanceledException", message: "Transaction cancelled, please refer cancellation reasons for specific reasons [None, None, ConditionalCheckFailed, None]",
      CancellationReasons: [{ Code: "None" }, { Code: "None" }, { Code: "ConditionalCheckFailed", Message: "The conditional request failed" }, { Code: "None" }],
    });
    await expect(write(check("a", "g <> :x"), put("z"))).rejects.toMatchObject({ name: "ValidationException" });
    await expect(write({ Put: { ...put("a").Put!, ConditionExpression: "attribute_not_exists(k)", ReturnValuesOnConditionCheckFailure: "ALL_OLD" } })).rejects
      .toMatchObject({ CancellationReasons: [{ Code: "ConditionalCheckFailed", Item: { k: { S: "a" }, g: { S: "x" } } }] });
    expect((await dynamodb.send(new ScanCommand({ TableName }))).Items).toEqual([{ k: { S: "a" }, g: { S: "x" } }]);
    expect((await dynamodb.send(new QueryCommand({ TableName, IndexName: "by-g", KeyConditionExpression: "g = :x", ExpressionAttributeValues: { ":x": { S: "x" } } }))).Items).toEqual([{ k: { S: "a" }, g: { S: "x" } }]);
  });

  it("with a client's token happen once in ten minutes", async () => {
    const request = { TransactItems: [add("n")], ClientRequestToken: "token" };
    await dynamodb.send(new TransactWriteItemsCommand(request));
    await dynamodb.send(new TransactWriteItemsCommand(request));
    expect((await get("n"))!["n"]).toEqual({ N: "1" });
    await expect(dynamodb.send(new TransactWriteItemsCommand({ ...request, TransactItems: [add("m")] }))).rejects.toMatchObject({ name: "IdempotentParameterMismatchException" });
    await test.clock.run("test", () => test.clock.sleep(seconds(600)));
    await dynamodb.send(new TransactWriteItemsCommand(request));
    expect((await get("n"))!["n"]).toEqual({ N: "2" });
  });

  it("read several items at once, in their order", async () => {
    await write(put("a"), put("b"));
    const { Responses } = await dynamodb.send(new TransactGetItemsCommand({ TransactItems: ["b", "none", "a"].map((k) => ({ Get: { TableName, Key: { k: { S: k } } } })) }));
    expect(Responses).toEqual([{ Item: { k: { S: "b" } } }, {}, { Item: { k: { S: "a" } } }]);
  });

  it("are all or nothing, whatever they hold", async () => {
    const key = fc.constantFrom("a", "b", "c", "d");
    const part = fc.oneof(key.map((k) => put(k, { v: { S: "put" } })), key.map(add), key.map((k): TransactWriteItem => ({ Delete: { TableName, Key: { k: { S: k } } } })), key.map((k) => check(k, "attribute_exists(k)")));
    const all = async (): Promise<string> => JSON.stringify((await dynamodb.send(new ScanCommand({ TableName }))).Items);
    await fc.assert(fc.asyncProperty(fc.array(part, { minLength: 1, maxLength: 5 }), async (parts) => {
      const before = await all();
      const refused = await write(...parts).then(() => undefined, (error: Error) => error.name);
      if (refused !== undefined) {
        expect(["TransactionCanceledException", "ValidationException"]).toContain(refused);
        expect(await all()).toBe(before);
      }
    }), { numRuns: 60 });
  });

  it("are refused as AWS does, as boto3 sees it", async () => {
    expect(await boto3(test.region, `
ddb = client('dynamodb')
item = lambda k: {'Put': {'TableName': 'table', 'Item': {'k': {'S': k}}}}
result = [refused(ddb.transact_write_items, **input)[:2] for input in [
  {'TransactItems': [item('a'), item('a')]}, {'TransactItems': [item(str(i)) for i in range(101)]}, {'TransactItems': [{}]},
  {'TransactItems': [{'Put': {'TableName': 'none', 'Item': {'k': {'S': 'a'}}}}]}, {'TransactItems': [{'Put': {'TableName': 'table', 'Item': {'g': {'S': 'a'}}}}]},
  {'TransactItems': [item('a')], 'ReturnConsumedCapacity': 'TOTAL'}]]
try: ddb.transact_write_items(TransactItems=[{'ConditionCheck': {'TableName': 'table', 'Key': {'k': {'S': 'x'}}, 'ConditionExpression': 'attribute_exists(k)'}}])
except ddb.exceptions.TransactionCanceledException as error: result.append(error.response['CancellationReasons'])
result.append(ddb.transact_get_items(TransactItems=[{'Get': {'TableName': 'table', 'Key': {'k': {'S': 'x'}}}}])['Responses'])`)).toEqual([
      ["ValidationException", 400], ["ValidationException", 400], ["ValidationException", 400], ["ResourceNotFoundException", 400], ["TransactionCanceledException", 400], ["ValidationException", 400],
      [{ Code: "ConditionalCheckFailed", Message: "The conditional request failed" }], [{}],
    ]);
  });
});

describe("time to live", () => {
  it("deletes an item some time after it has expired, from its indexes too", async () => {
    await dynamodb.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification: { Enabled: true, AttributeName: "until" } }));
    const now = Date.parse("2026-01-01T00:00:00Z") / 1000;
    for (const [k, until] of [["soon", now + DAY], ["later", now + 30 * DAY], ["long-ago", now - 6 * 365 * DAY]] as const) {
      await dynamodb.send(new PutItemCommand({ TableName, Item: { k: { S: k }, g: { S: "x" }, until: { N: String(until) } } }));
    }
    await dynamodb.send(new PutItemCommand({ TableName, Item: { k: { S: "text" }, g: { S: "x" }, until: { S: "0" } } }));
    const left = async (): Promise<string[]> => (await dynamodb.send(new QueryCommand({ TableName, IndexName: "by-g", KeyConditionExpression: "g = :x", ExpressionAttributeValues: { ":x": { S: "x" } } }))).Items!.map(({ k }) => k!.S!).sort();
    await test.clock.run("test", () => test.clock.sleep(seconds(2 * DAY)));
    expect(await left()).toEqual(["later", "long-ago", "soon", "text"]);
    await test.clock.run("test", () => test.clock.sleep(seconds(DAY + 1)));
    expect(await left()).toEqual(["later", "long-ago", "text"]);
    expect(await get("soon")).toBeUndefined();
  });
});
