/**
 * The operations on items: GetItem, PutItem, UpdateItem, DeleteItem, Query, Scan and the two batches. dynalite has
 * their validation and their work. https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Operations_Amazon_DynamoDB.html
 *
 * Binary values are base64 text, in and out; bytes are taken too.
 */
import { AwsError, type Operation } from "../../../core/types";
import { run, runAtOnce, validate, type ItemOperation } from "../dynalite";
import type { Tables } from "../tables";
import { expireItems } from "../time-to-live";

type Input = Record<string, unknown>;

/** Members that dynalite does not know and that are handled here. */
const HANDLED = ["ReturnValuesOnConditionCheckFailure"];

export const itemOperation = (tables: Tables, operation: ItemOperation): Operation<Input> => async (input) => {
  const { ReturnValuesOnConditionCheckFailure: onFailure, ...rest } = withoutBytes(input) as Input;
  const data = validate(operation, rest, tables.store, HANDLED);
  expireItems(tables);
  try {
    return await run(operation, tables.store, data);
  } catch (error) {
    if (onFailure === "ALL_OLD" && error instanceof AwsError && error.code === "ConditionalCheckFailedException") {
      throw new AwsError(error.code, error.message, error.status, oldItem(tables, operation, rest));
    }
    throw error;
  }
};

/** The item that failed a condition, as the error carries it. */
function oldItem(tables: Tables, operation: ItemOperation, input: Input): Record<string, unknown> {
  return itemAt(tables, String(input["TableName"]), (operation === "PutItem" ? input["Item"] : input["Key"]) as Record<string, unknown>);
}

/** `{Item}` for the key among these attributes; without Item when there is none. */
export function itemAt(tables: Tables, TableName: string, attributes: Record<string, unknown>): { Item?: Record<string, unknown> } {
  const { KeySchema } = tables.store.table(TableName);
  const Key = Object.fromEntries(KeySchema.map(({ AttributeName }) => [AttributeName, attributes[AttributeName]]));
  return runAtOnce("GetItem", tables.store, validate("GetItem", { TableName, Key, ConsistentRead: true }, tables.store));
}

/** The value with bytes as base64 text; the same object where there are none. */
export function withoutBytes(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("base64");
  if (Array.isArray(value)) return value.map(withoutBytes);
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    const member = (value as Record<string, unknown>)[key];
    if (member !== undefined) copy[key] = withoutBytes(member);
  }
  return copy;
}
