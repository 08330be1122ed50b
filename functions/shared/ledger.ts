/** The ledger: one item a job. */
import { GetItemCommand, type AttributeValue, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { isOneOf } from "./errors";

export interface LedgerDeps {
  dynamodb: Pick<DynamoDBClient, "send">;
  /** The ledger's name. */
  table: string;
}

export type LedgerItem = Record<string, AttributeValue>;

/** The job's item, read consistently; undefined when there is none. */
export async function ledgerItem(deps: LedgerDeps, job: string): Promise<LedgerItem | undefined> {
  return (await deps.dynamodb.send(new GetItemCommand({ TableName: deps.table, Key: { jobId: { S: job } }, ConsistentRead: true }))).Item;
}

/** @returns whether the write was made. */
export async function unlessConditionFails(write: () => Promise<unknown>): Promise<boolean> {
  try {
    await write();
    return true;
  } catch (error) {
    if (isOneOf(error, ["ConditionalCheckFailedException"])) return false;
    throw error;
  }
}
