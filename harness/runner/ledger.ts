/** The job's ledger item, as the runner reads it (docs/ARCHITECTURE.md has its attributes). */
import { GetItemCommand, type AttributeValue } from "@aws-sdk/client-dynamodb";
import type { Clients, Outputs } from "../targets/target";

export interface Commit { epoch: number; sequence: number; percent: number; key: string; sha256: string; sizeBytes: number; committedAt: number }

export interface LedgerItem {
  jobId: string;
  launch?: number;
  taskInstanceId?: string;
  taskLaunch?: number;
  /** The launch whose instance waits for the owner's release. */
  readyLaunch?: number;
  ownerEpoch?: number;
  ownerInstanceId?: string;
  ownerLaunch?: number;
  ownerState?: string;
  ownerReason?: string;
  progressPercent?: number;
  progressAt?: number;
  sequence?: number;
  last?: Commit;
  previous?: Commit;
  finished?: boolean;
  [attribute: string]: unknown;
}

/** A DynamoDB attribute as a plain value: numbers as numbers, maps as objects. */
export function plain(attribute: AttributeValue): unknown {
  if (attribute.N !== undefined) return Number(attribute.N);
  if (attribute.S !== undefined) return attribute.S;
  if (attribute.BOOL !== undefined) return attribute.BOOL;
  if (attribute.M !== undefined) return Object.fromEntries(Object.entries(attribute.M).map(([key, value]) => [key, plain(value)]));
  if (attribute.L !== undefined) return attribute.L.map(plain);
  if (attribute.SS !== undefined) return attribute.SS;
  if (attribute.NS !== undefined) return attribute.NS.map(Number);
  return null;
}

/** Reads consistently; undefined when there is none. */
export async function readLedger(clients: Pick<Clients, "dynamodb">, outputs: Pick<Outputs, "ledgerTable">, jobId: string): Promise<LedgerItem | undefined> {
  const { Item: item } = await clients.dynamodb.send(new GetItemCommand({ TableName: outputs.ledgerTable, Key: { jobId: { S: jobId } }, ConsistentRead: true }));
  return item === undefined ? undefined : (Object.fromEntries(Object.entries(item).map(([key, value]) => [key, plain(value)])) as unknown as LedgerItem);
}
