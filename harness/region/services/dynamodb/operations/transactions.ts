/**
 * Transactions: up to a hundred items, all or nothing. Their parts run one after another without anything between them; when one
 * fails, what the others did is taken back.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactGetItems.html
 */
import { seconds } from "../../../../time/clock";
import { AwsError, type Operation } from "../../../core/types";
import { notSupported } from "../../../core/unsupported";
import { runAtOnce, validate } from "../dynalite";
import { REFUSED } from "../limits";
import type { Tables } from "../tables";
import { expireItems } from "../time-to-live";
import { itemAt, withoutBytes } from "./item";

type Item = Record<string, unknown>;
interface Part { TableName?: string; Key?: Item; Item?: Item; ReturnValuesOnConditionCheckFailure?: string; [member: string]: unknown }
interface Input { TransactItems?: Record<string, Part>[]; ClientRequestToken?: string; ReturnConsumedCapacity?: string; ReturnItemCollectionMetrics?: string }
interface Reason { Code: string; Message?: string; Item?: Item }

const MOST_PARTS = 100;
/** For how long a request with the same token is the same request. */
const TOKEN_SECONDS = 600;

/** What each kind of part runs. A check deletes the item, which is then put back: its condition is all that counts. */
const KINDS = { Put: "PutItem", Update: "UpdateItem", Delete: "DeleteItem", ConditionCheck: "DeleteItem" } as const;
type Kind = keyof typeof KINDS;

const validation = (message: string): AwsError => new AwsError("ValidationException", message);

/** The parts with their kinds. @throws AwsError ValidationException */
function partsOf({ TransactItems: parts = [], ReturnConsumedCapacity: capacity = "NONE", ReturnItemCollectionMetrics: metrics = "NONE" }: Input, kinds: readonly string[]): { kind: string; part: Part }[] {
  if (capacity !== "NONE" || metrics !== "NONE") throw validation(notSupported(REFUSED.transactionReturns));
  if (parts.length < 1 || parts.length > MOST_PARTS) {
    throw validation(`1 validation error detected: Value '[${parts.length} items]' at 'transactItems' failed to satisfy constraint: Member must have length ${parts.length < 1 ? "greater than or equal to 1" : `less than or equal to ${MOST_PARTS}`}`);
  }
  return parts.map((entry) => {
    const given = Object.entries(entry).filter(([, part]) => part !== undefined && part !== null);
    if (given.length !== 1 || !kinds.includes(given[0]![0])) throw validation(`TransactItems can only contain one of ${kinds.length > 1 ? "Check, Put, Update or Delete" : kinds[0]}`);
    return { kind: given[0]![0], part: given[0]![1] };
  });
}

/** The item that a part is about, as text; equal for equal keys. */
function identity(tables: Tables, { TableName = "", Key, Item }: Part): string {
  const attributes = Key ?? Item ?? {};
  return JSON.stringify([TableName, ...tables.store.table(TableName).KeySchema.map(({ AttributeName }) => attributes[AttributeName])]);
}

/** Puts an item back as it was. */
function restore(tables: Tables, TableName: string, attributes: Item, before: Item | undefined): void {
  const { KeySchema } = tables.store.table(TableName);
  if (before) runAtOnce("PutItem", tables.store, validate("PutItem", { TableName, Item: before }, tables.store));
  else runAtOnce("DeleteItem", tables.store, validate("DeleteItem", { TableName, Key: Object.fromEntries(KeySchema.map(({ AttributeName }) => [AttributeName, attributes[AttributeName]])) }, tables.store));
}

export const transactWriteItems = (tables: Tables): Operation<Input> => {
  const tokens = new Map<string, { until: number; request: string }>();
  return (given) => {
    const input = withoutBytes(given) as Input;
    const parts = partsOf(input, Object.keys(KINDS));
    const { ClientRequestToken: token, ...request } = input;
    const now = tables.identity.clock.now();
    const known = token === undefined ? undefined : tokens.get(token);
    if (known && now < known.until) {
      if (known.request !== JSON.stringify(request)) throw new AwsError("IdempotentParameterMismatchException", "The request uses the same client token as a previous, but non-identical request.");
      return {};
    }
    expireItems(tables);
    const prepared = parts.map(({ kind, part: { ReturnValuesOnConditionCheckFailure: returns, ...part } }) => ({
      kind: kind as Kind, part, returns, attributes: (part.Key ?? part.Item ?? {}) as Item, data: validate(KINDS[kind as Kind], part, tables.store), id: identity(tables, part),
    }));
    if (new Set(prepared.map(({ id }) => id)).size < prepared.length) throw validation("Transaction request cannot include multiple operations on one item");

    const reasons: Reason[] = [];
    const done: (() => void)[] = [];
    for (const { kind, part, attributes, data, returns } of prepared) {
      const TableName = part.TableName!;
      // Without its whole key the item is none, and the operation says so.
      const hasKey = tables.store.table(TableName).KeySchema.every(({ AttributeName }) => attributes[AttributeName] !== undefined);
      const before = hasKey ? itemAt(tables, TableName, attributes).Item : undefined;
      const undo = (): void => restore(tables, TableName, attributes, before);
      try {
        runAtOnce(KINDS[kind], tables.store, data);
        if (kind === "ConditionCheck") undo();
        else done.push(undo);
        reasons.push({ Code: "None" });
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        const Code = error.code === "ConditionalCheckFailedException" ? "ConditionalCheckFailed" : "ValidationError";
        reasons.push({ Code, Message: error.message, ...(returns === "ALL_OLD" && Code === "ConditionalCheckFailed" && before ? { Item: before } : {}) });
      }
    }
    if (reasons.some(({ Code }) => Code !== "None")) {
      for (const undo of done) undo();
      throw new AwsError("TransactionCanceledException", `Transaction cancelled, please refer cancellation reasons for specific reasons [${reasons.map(({ Code }) => Code).join(", ")}]`, 400, { CancellationReasons: reasons });
    }
    if (token !== undefined) tokens.set(token, { until: now + seconds(TOKEN_SECONDS), request: JSON.stringify(request) });
    return {};
  };
};

export const transactGetItems = (tables: Tables): Operation<Input> => (given) => {
  const parts = partsOf(withoutBytes(given) as Input, ["Get"]);
  expireItems(tables);
  const gets = parts.map(({ part }) => ({ part, data: validate("GetItem", part, tables.store) }));
  if (new Set(gets.map(({ part }) => identity(tables, part))).size < gets.length) throw validation("Transaction request cannot include multiple operations on one item");
  return { Responses: gets.map(({ data }) => runAtOnce("GetItem", tables.store, data)) };
};
