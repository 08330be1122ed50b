/**
 * DynamoDB: items by the dynalite package's actions on a store in memory, tables by this folder. Nothing waits and
 * nothing reads a clock but the region's, so a call is one piece of work in the caller's turn.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/Welcome.html
 */
import type { Operation, RegionContext, Service } from "../../core/types";
import { jsonService } from "../../wire/json";
import { ITEM_OPERATIONS } from "./dynalite";
import { createTable } from "./operations/create-table";
import { deleteTable } from "./operations/delete-table";
import { describeContinuousBackups } from "./operations/describe-continuous-backups";
import { describeTable } from "./operations/describe-table";
import { describeTimeToLive } from "./operations/describe-time-to-live";
import { itemOperation } from "./operations/item";
import { listTables } from "./operations/list-tables";
import { listTagsOfResource } from "./operations/list-tags-of-resource";
import { tagResource } from "./operations/tag-resource";
import { transactGetItems, transactWriteItems } from "./operations/transactions";
import { untagResource } from "./operations/untag-resource";
import { updateContinuousBackups } from "./operations/update-continuous-backups";
import { updateTable } from "./operations/update-table";
import { updateTimeToLive } from "./operations/update-time-to-live";
import { Store } from "./store";
import { Tables } from "./tables";

export interface DynamodbService extends Service {
  /** The name of a table's partition key; undefined when there is no such table. */
  partitionKey(table: string): string | undefined;
}

export function createDynamodbService(region: RegionContext): DynamodbService {
  const { clock, accountId, regionName, partition } = region;
  const tables = new Tables(new Store(), { clock, random: region.random.fork("dynamodb"), accountId, regionName, partition });
  const items = Object.fromEntries(ITEM_OPERATIONS.map((operation): [string, Operation] => [operation, itemOperation(tables, operation)]));
  const service = jsonService({
    name: "dynamodb",
    signingName: "dynamodb",
    version: "1.0",
    targetPrefix: "DynamoDB_20120810",
    region,
    operations: {
      ...items,
      CreateTable: createTable(tables),
      DeleteTable: deleteTable(tables),
      DescribeContinuousBackups: describeContinuousBackups(tables),
      DescribeTable: describeTable(tables),
      DescribeTimeToLive: describeTimeToLive(tables),
      ListTables: listTables(tables),
      ListTagsOfResource: listTagsOfResource(tables),
      TagResource: tagResource(tables),
      TransactGetItems: transactGetItems(tables),
      TransactWriteItems: transactWriteItems(tables),
      UntagResource: untagResource(tables),
      UpdateContinuousBackups: updateContinuousBackups(tables),
      UpdateTable: updateTable(tables),
      UpdateTimeToLive: updateTimeToLive(tables),
    },
  });
  return Object.assign(service, {
    partitionKey: (table: string) => tables.store.tableDb.values.get(table)?.KeySchema.find(({ KeyType }) => KeyType === "HASH")?.AttributeName,
  });
}
