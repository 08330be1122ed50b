/**
 * Creates a table; the answer says CREATING, and from then on it is ACTIVE.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html
 */
import { AwsError, type Operation } from "../../../core/types";
import { notSupported } from "../../../core/unsupported";
import { validate } from "../dynalite";
import { REFUSED } from "../limits";
import type { Table } from "../store";
import type { Tables } from "../tables";
import { sseOf, type SseSpecification } from "../sse";

interface Input {
  TableName?: string;
  Tags?: { Key: string; Value: string }[];
  DeletionProtectionEnabled?: boolean;
  SSESpecification?: SseSpecification;
  TableClass?: string;
  StreamSpecification?: { StreamEnabled?: boolean };
  [member: string]: unknown;
}

export const createTable = (tables: Tables): Operation<Input> => (input) => {
  const { Tags = [], DeletionProtectionEnabled: deletionProtection = false, SSESpecification, TableClass, StreamSpecification, ...rest } = input;
  if (StreamSpecification?.StreamEnabled) throw new AwsError("ValidationException", notSupported(REFUSED.streams));
  const data = validate("CreateTable", rest, tables.store) as Table & { BillingMode?: string; ProvisionedThroughput?: object };
  const name = data.TableName;
  if (tables.store.tableDb.values.has(name)) throw new AwsError("ResourceInUseException", `Table already exists: ${name}`);
  const { BillingMode, ProvisionedThroughput, ...schema } = data;
  const onDemand = BillingMode === "PAY_PER_REQUEST";
  const created = tables.now();
  const throughput = { NumberOfDecreasesToday: 0, ...(ProvisionedThroughput ?? { ReadCapacityUnits: 0, WriteCapacityUnits: 0 }) };
  const index = (more: object) => (entry: Record<string, unknown>) => ({ ...entry, IndexArn: `${tables.arn(name)}/index/${String(entry["IndexName"])}`, IndexSizeBytes: 0, ItemCount: 0, ...more });
  const table: Table = {
    ...schema,
    TableStatus: "ACTIVE",
    TableArn: tables.arn(name),
    TableId: tables.identity.random.uuid(),
    CreationDateTime: created,
    ProvisionedThroughput: throughput,
    ...(onDemand ? { BillingModeSummary: { BillingMode: "PAY_PER_REQUEST", LastUpdateToPayPerRequestDateTime: created } } : {}),
    ...(TableClass ? { TableClassSummary: { TableClass } } : {}),
  };
  if (schema.LocalSecondaryIndexes) table.LocalSecondaryIndexes = schema.LocalSecondaryIndexes.map(index({}));
  if (schema.GlobalSecondaryIndexes) {
    table.GlobalSecondaryIndexes = schema.GlobalSecondaryIndexes.map((entry) => index({ IndexStatus: "ACTIVE", ProvisionedThroughput: { NumberOfDecreasesToday: 0, ReadCapacityUnits: 0, WriteCapacityUnits: 0, ...(entry["ProvisionedThroughput"] as object) } })(entry));
  }
  const sse = sseOf(SSESpecification, tables);
  tables.facts.set(name, { tags: new Map(Tags.map(({ Key, Value }) => [Key, Value])), deletionProtection, pointInTimeRecovery: { enabled: false }, ...(sse ? { sse } : {}) });
  tables.store.tableDb.put(name, table, () => {});
  return { TableDescription: tables.describe(table, "CREATING") };
};
