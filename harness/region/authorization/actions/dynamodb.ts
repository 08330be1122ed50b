/**
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html, condition keys:
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
 */
import type { Need } from "../../core/types";
import { all, anywhere, each, on, requestTags, tagKeys, when, type Call, type Rule, type RuleTable } from "../need";

type Item = Record<string, Record<string, unknown>>;

const tableArn = (call: Call, name: unknown): string => (String(name).startsWith("arn:") ? String(name) : call.arn("dynamodb", `table/${String(name ?? "")}`));
const table = (call: Call): string => tableArn(call, call.input.TableName);

/** An item's partition key, where the table is known: `dynamodb:LeadingKeys`. */
function leadingKeys(call: Call, tableName: unknown, items: readonly (Item | undefined)[]): string[] | undefined {
  const name = String(tableName ?? "");
  const key = call.region.service<{ partitionKey?(table: string): string | undefined } & import("../../core/types").Service>("dynamodb").partitionKey?.(name.slice(name.lastIndexOf("/") + 1));
  if (key === undefined) return undefined;
  const values = items.flatMap((item) => (item?.[key] === undefined ? [] : Object.values(item[key]).map(String)));
  return values.length > 0 ? values : undefined;
}

/** Names in a projection or update, with `#name` filled in: `dynamodb:Attributes`. */
const attributes = ({ ExpressionAttributeNames: names, ProjectionExpression: projection, AttributesToGet: listed }: Record<string, unknown>): string[] | undefined => {
  const given = [...((listed as string[] | undefined) ?? []), ...(typeof projection === "string" ? projection.split(",").map((name) => name.trim().split(/[.[]/)[0]!) : [])];
  const known = (names ?? {}) as Record<string, string>;
  return given.length === 0 ? undefined : given.map((name) => known[name] ?? name);
};

const itemKeys = (call: Call, items: readonly (Item | undefined)[]): Need["keys"] => ({
  "dynamodb:LeadingKeys": leadingKeys(call, call.input.TableName, items),
  "dynamodb:Attributes": attributes(call.input as Record<string, unknown>),
  "dynamodb:ReturnValues": call.input.ReturnValues,
  "dynamodb:ReturnConsumedCapacity": call.input.ReturnConsumedCapacity,
  "dynamodb:Select": call.input.Select,
});

/** A query's partition key, as its condition compares it. */
function queried({ input }: Call): Item | undefined {
  const { KeyConditionExpression: expression, ExpressionAttributeNames: names = {}, ExpressionAttributeValues: values = {}, KeyConditions: older } = input as Record<string, Record<string, unknown>> & { KeyConditionExpression?: string };
  if (older) return Object.fromEntries(Object.entries(older).map(([name, condition]) => [name, (condition as { AttributeValueList?: Record<string, unknown>[] }).AttributeValueList?.[0] ?? {}]));
  if (expression === undefined) return undefined;
  const found = [...String(expression).matchAll(/([#\w.-]+)\s*=\s*(:\w+)/g)].map(([, name = "", value = ""]) => [(names[name] as string | undefined) ?? name, (values[value] as Record<string, unknown> | undefined) ?? {}] as const);
  return Object.fromEntries(found);
}

const batch = (action: string, items: (request: Record<string, unknown>) => (Item | undefined)[]): Rule => (call) =>
  Object.entries((call.input.RequestItems ?? {}) as Record<string, unknown>).map(([name, request]) => {
    const given = Array.isArray(request) ? (request as Record<string, unknown>[]).flatMap(items) : items(request as Record<string, unknown>);
    return { action, resource: tableArn(call, name), keys: { "dynamodb:LeadingKeys": leadingKeys(call, name, given) } };
  });

/** A transaction needs the action of each of its parts. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html */
const transaction = (actions: Readonly<Record<string, string>>): Rule => (call) =>
  ((call.input.TransactItems ?? []) as Record<string, { TableName?: string; Key?: Item; Item?: Item }>[]).flatMap((part) => Object.entries(part).flatMap(([kind, request]) => (actions[kind] === undefined ? [] : [{
    action: `dynamodb:${actions[kind]}`, resource: tableArn(call, request.TableName), keys: { "dynamodb:LeadingKeys": leadingKeys(call, request.TableName, [request.Key ?? request.Item]) },
  }])));

/** A query or scan of an index is authorized on the index. */
const tableOrIndex = (call: Call): string => (call.input.IndexName === undefined ? table(call) : `${table(call)}/index/${String(call.input.IndexName)}`);
const resource = ({ input }: Call): string => String(input.ResourceArn ?? "");

export const DYNAMODB: RuleTable = {
  ...each("GetItem UpdateItem DeleteItem", (name) => on(`dynamodb:${name}`, table, (call) => itemKeys(call, [call.input.Key]))),
  PutItem: on("dynamodb:PutItem", table, (call) => itemKeys(call, [call.input.Item])),
  Query: on("dynamodb:Query", tableOrIndex, (call) => itemKeys(call, [queried(call)])),
  Scan: on("dynamodb:Scan", tableOrIndex, (call) => itemKeys(call, [])),
  BatchGetItem: batch("dynamodb:BatchGetItem", (request) => (request["Keys"] ?? []) as Item[]),
  BatchWriteItem: batch("dynamodb:BatchWriteItem", (request) => [
    (request["PutRequest"] as { Item?: Item } | undefined)?.Item, (request["DeleteRequest"] as { Key?: Item } | undefined)?.Key,
  ]),
  TransactGetItems: transaction({ Get: "GetItem" }),
  TransactWriteItems: transaction({ Put: "PutItem", Update: "UpdateItem", Delete: "DeleteItem", ConditionCheck: "ConditionCheckItem" }),
  CreateTable: all(on("dynamodb:CreateTable", table, ({ input }) => requestTags(input.Tags)), when(({ input }) => (input.Tags?.length ?? 0) > 0, on("dynamodb:TagResource", table, ({ input }) => requestTags(input.Tags)))),
  ...each("DeleteTable DescribeContinuousBackups DescribeTable DescribeTimeToLive UpdateContinuousBackups UpdateTable UpdateTimeToLive", (name) => on(`dynamodb:${name}`, table)),
  ListTables: anywhere("dynamodb:ListTables"),
  ListTagsOfResource: on("dynamodb:ListTagsOfResource", resource),
  TagResource: on("dynamodb:TagResource", resource, ({ input }) => requestTags(input.Tags)),
  UntagResource: on("dynamodb:UntagResource", resource, ({ input }) => tagKeys(input.TagKeys)),
};
