/** Reading the ledger: one item a job. */
import { GetItemCommand, type AttributeValue, type DynamoDBClient } from "@aws-sdk/client-dynamodb";

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
