/**
 * The harness's lock: one item of the ledger table. The FIS templates find their target by one tag, so only one instance
 * may be armed at a time, whoever runs the harness. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.ConditionExpressions.html
 */
import { DeleteItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { seconds, toSeconds } from "../time/clock";
import type { InjectionContext } from "./target";

const LOCK_KEY = "#harness-lock";
/** A holder that has died keeps the others waiting no longer than this. */
const LEASE_SECONDS = 300;
const WAIT_SECONDS = 900;

type LockContext = Pick<InjectionContext, "clients" | "outputs" | "clock" | "random" | "over">;

/** Runs `body` while nobody else holds the lock. Throws Error when it is not to be had within 15 minutes. */
export async function withLock<T>(context: LockContext, body: () => Promise<T>): Promise<T> {
  const holder = context.random.uuid();
  await take(context, holder);
  try {
    return await body();
  } finally {
    await release(context, holder);
  }
}

async function take({ clients, outputs, clock, over }: LockContext, holder: string): Promise<void> {
  const until = clock.now() + seconds(WAIT_SECONDS);
  for (;;) {
    const now = toSeconds(clock.now());
    try {
      await clients.dynamodb.send(new PutItemCommand({
        TableName: outputs.ledgerTable,
        Item: { jobId: { S: LOCK_KEY }, holder: { S: holder }, expiresAt: { N: String(Math.ceil(now + LEASE_SECONDS)) } },
        ConditionExpression: "attribute_not_exists(jobId) OR expiresAt < :now",
        ExpressionAttributeValues: { ":now": { N: String(Math.floor(now)) } },
      }));
      return;
    } catch (error) {
      if ((error as Error).name !== "ConditionalCheckFailedException") throw error;
    }
    if (over() || clock.now() >= until) throw new Error(`The harness's lock (item ${LOCK_KEY} of table ${outputs.ledgerTable}) is held by another run.`);
    await clock.sleep(seconds(1));
  }
}

async function release({ clients, outputs }: LockContext, holder: string): Promise<void> {
  try {
    await clients.dynamodb.send(new DeleteItemCommand({
      TableName: outputs.ledgerTable,
      Key: { jobId: { S: LOCK_KEY } },
      ConditionExpression: "holder = :holder",
      ExpressionAttributeValues: { ":holder": { S: holder } },
    }));
  } catch (error) {
    if ((error as Error).name !== "ConditionalCheckFailedException") throw error;
  }
}
