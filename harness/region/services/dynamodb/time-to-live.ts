/**
 * Time to live: an item is deleted some time after the second that its attribute names, so that readers meet expired items, as on AWS.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/howitworks-ttl.html
 */
import { runAtOnce, validate } from "./dynalite";
import type { Tables } from "./tables";

/** AWS says: within a few days. */
const DELETED_AFTER_SECONDS = 2 * 24 * 3600;
/** Items that expired longer ago than that before time to live was set are taken for mistakes. */
const OLDEST_SECONDS = 5 * 365 * 24 * 3600;
/** How often a table is looked through. */
const LOOK_SECONDS = 3600;

const lastLooks = new WeakMap<Tables, number>();

/** Deletes what is due in all tables. Called before items are read or written, so that no actor needs to wait for it. */
export function expireItems(tables: Tables): void {
  const now = tables.now().getTime() / 1000;
  if (now - (lastLooks.get(tables) ?? -Infinity) < LOOK_SECONDS) return;
  lastLooks.set(tables, now);
  for (const [name, { timeToLive }] of tables.facts) if (timeToLive) expireTable(tables, name, timeToLive.attributeName, now);
}

function expireTable({ store }: Tables, TableName: string, attribute: string, now: number): void {
  const { KeySchema } = store.table(TableName);
  for (const item of [...store.getItemDb(TableName).values.values()] as Record<string, { N?: string }>[]) {
    const expiry = Number(item[attribute]?.N);
    if (!(expiry <= now - DELETED_AFTER_SECONDS && expiry > now - OLDEST_SECONDS)) continue;
    const Key = Object.fromEntries(KeySchema.map(({ AttributeName }) => [AttributeName, item[AttributeName]]));
    runAtOnce("DeleteItem", store, validate("DeleteItem", { TableName, Key }, store));
  }
}
