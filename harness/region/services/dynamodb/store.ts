/**
 * The store under dynalite's actions: ordered maps in memory that call back at once. An action on one item is thus one
 * uninterrupted piece of work, which is what makes it atomic; no lock is ever waited for.
 */
import { Stream } from "node:stream";
import { firstNotBefore } from "../../core/sorted";
import { AwsError } from "../../core/types";

type Done<T = void> = (error: Error | null, value?: T) => void;

/** Bounds and order of a scan, as level's iterators take them. */
export interface RangeOptions { gt?: string; gte?: string; lt?: string; lte?: string; reverse?: boolean; limit?: number }

/** One ordered map: the items of a table, of an index, or the tables themselves. */
export class OrderedMap<T = unknown> {
  readonly values = new Map<string, T>();
  #sorted: string[] | undefined = [];

  /** Keys in order; sorted anew only when keys have come or gone since. */
  keys(): readonly string[] {
    return (this.#sorted ??= [...this.values.keys()].sort((a, b) => (a < b ? -1 : 1)));
  }

  put(key: string, value: T, done: Done): void {
    if (!this.values.has(key)) this.#sorted = undefined;
    this.values.set(key, value);
    done(null);
  }

  get(key: string, done: Done<T>): void {
    done(null, this.values.get(key));
  }

  del(key: string, done: Done): void {
    if (this.values.delete(key)) this.#sorted = undefined;
    done(null);
  }

  batch(operations: readonly { type: "put" | "del"; key: string; value?: T }[], done: Done): void {
    for (const { type, key, value } of operations) {
      if (type === "put") this.put(key, value as T, () => {});
      else this.del(key, () => {});
    }
    done(null);
  }

  createKeyStream(options: RangeOptions = {}): Stream {
    return streamOf(this.#range(options));
  }

  createValueStream(options: RangeOptions = {}): Stream {
    return streamOf(this.#range(options).map((key) => this.values.get(key)));
  }

  /** Runs at once: see the module's comment. */
  lock(_key: string, run: (release: (done: unknown) => unknown) => void): void {
    run((done) => done);
  }

  #range({ gt, gte, lt, lte, reverse, limit }: RangeOptions): string[] {
    const keys = this.keys();
    const first = gt !== undefined ? after(keys, gt) : gte !== undefined ? from(keys, gte) : 0;
    const end = lt !== undefined ? from(keys, lt) : lte !== undefined ? after(keys, lte) : keys.length;
    const range = keys.slice(first, Math.max(first, end));
    if (reverse) range.reverse();
    return limit === undefined || limit < 0 ? range : range.slice(0, limit);
  }
}

/** Index of the first key that is not less than the bound. */
const from = (keys: readonly string[], bound: string): number => firstNotBefore(keys, (key) => key < bound);

/** Index of the first key that is greater than the bound. */
const after = (keys: readonly string[], bound: string): number => {
  const index = from(keys, bound);
  return keys[index] === bound ? index + 1 : index;
};

/** A stream in the old manner, which dynalite's lazy lists listen to: `data` for each, then `end`, in a later microtask. */
function streamOf(items: readonly unknown[]): Stream {
  let stopped = false;
  const stream = Object.assign(new Stream(), { destroy: () => { stopped = true; } });
  queueMicrotask(() => {
    for (const item of items) {
      if (stopped) return;
      stream.emit("data", item);
    }
    if (!stopped) stream.emit("end");
  });
  return stream;
}

/** What dynalite's item actions read of a table. */
export interface Table {
  TableName: string;
  TableStatus: "CREATING" | "ACTIVE" | "UPDATING" | "DELETING";
  AttributeDefinitions: { AttributeName: string; AttributeType: "S" | "N" | "B" }[];
  KeySchema: { AttributeName: string; KeyType: "HASH" | "RANGE" }[];
  LocalSecondaryIndexes?: Record<string, unknown>[];
  GlobalSecondaryIndexes?: Record<string, unknown>[];
  [member: string]: unknown;
}

/** The store, with the names that dynalite's actions use. */
export class Store {
  /** An item's limit: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html#limits-items */
  readonly options = { maxItemSize: 400 * 1024 };
  readonly tableDb = new OrderedMap<Table>();
  readonly #databases = new Map<string, OrderedMap>();

  getItemDb(table: string): OrderedMap {
    return this.#database(`item/${table}`);
  }

  getIndexDb(kind: string, table: string, index: string): OrderedMap {
    return this.#database(`index/${table}/${kind.toLowerCase()}/${index}`);
  }

  /** dynalite's own signature: the middle argument may be left out. */
  getTable(name: string, checkStatus: boolean | Done<Table>, done?: Done<Table>): void {
    const reply = typeof checkStatus === "function" ? checkStatus : done!;
    const table = this.tableDb.values.get(name);
    if (table) return reply(null, table);
    reply(new AwsError("ResourceNotFoundException", checkStatus === false ? `Requested resource not found: Table: ${name} not found` : "Requested resource not found", 400));
  }

  /** @throws AwsError ResourceNotFoundException */
  table(name: string): Table {
    const table = this.tableDb.values.get(name);
    if (!table) throw new AwsError("ResourceNotFoundException", `Requested resource not found: Table: ${name} not found`, 400);
    return table;
  }

  /** Forgets a table with its items and indexes. */
  drop(name: string): void {
    this.tableDb.del(name, () => {});
    for (const key of this.#databases.keys()) if (key === `item/${name}` || key.startsWith(`index/${name}/`)) this.#databases.delete(key);
  }

  #database(key: string): OrderedMap {
    let database = this.#databases.get(key);
    if (!database) this.#databases.set(key, (database = new OrderedMap()));
    return database;
  }
}
