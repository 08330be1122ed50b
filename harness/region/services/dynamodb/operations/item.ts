/**
 * The operations on items: GetItem, PutItem, UpdateItem, DeleteItem, Query, Scan and the two batches. dynalite has
 * their validation and their work. https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Operations_Amazon_DynamoDB.html
 *
 * Binary values are base64 text, in and out; bytes are taken too.
 */
import { AwsError, type Operation } from "../../../core/types";
import { run, validate, type ItemOperation } from "../dynalite";
import type { Tables } from "../tables";

type Input = Record<string, unknown>;

/** Members that dynalite does not know and that are handled here. */
const HANDLED = ["ReturnValuesOnConditionCheckFailure"];

export const itemOperation = (tables: Tables, operation: ItemOperation): Operation<Input> => async (input) => {
  const { ReturnValuesOnConditionCheckFailure: onFailure, ...rest } = withoutBytes(input) as Input;
  const data = validate(operation, rest, tables.store, HANDLED);
  try {
    return await run(operation, tables.store, data);
  } catch (error) {
    if (onFailure === "ALL_OLD" && error instanceof AwsError && error.code === "ConditionalCheckFailedException") {
      throw new AwsError(error.code, error.message, error.status, await oldItem(tables, operation, rest));
    }
    throw error;
  }
};

/** The item that failed a condition, as the error carries it. */
async function oldItem(tables: Tables, operation: ItemOperation, input: Input): Promise<Record<string, unknown>> {
  const { KeySchema } = tables.store.table(String(input["TableName"]));
  const source = (operation === "PutItem" ? input["Item"] : input["Key"]) as Record<string, unknown>;
  const Key = Object.fromEntries(KeySchema.map(({ AttributeName }) => [AttributeName, source[AttributeName]]));
  const data = validate("GetItem", { TableName: input["TableName"], Key, ConsistentRead: true }, tables.store);
  return (await run("GetItem", tables.store, data)) as Record<string, unknown>;
}

/** The value with bytes as base64 text; the same object where there are none. */
function withoutBytes(value: unknown): unknown {
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
