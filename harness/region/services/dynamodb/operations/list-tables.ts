/** Names of tables, in order. https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListTables.html */
import type { Operation } from "../../../core/types";
import { validate } from "../dynalite";
import type { Tables } from "../tables";

export const listTables = (tables: Tables): Operation<Record<string, unknown>> => (input) => {
  const { Limit = 100, ExclusiveStartTableName: start } = validate("ListTables", input, tables.store) as { Limit?: number; ExclusiveStartTableName?: string };
  const names = tables.store.tableDb.keys().filter((name) => start === undefined || name > start);
  const page = names.slice(0, Limit);
  return { TableNames: page, ...(names.length > page.length ? { LastEvaluatedTableName: page[page.length - 1] } : {}) };
};
