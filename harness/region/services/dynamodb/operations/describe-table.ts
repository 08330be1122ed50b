/** A table. https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTable.html */
import type { Operation } from "../../../core/types";
import { validate } from "../dynalite";
import type { Tables } from "../tables";

export const describeTable = (tables: Tables): Operation<Record<string, unknown>> => (input) => {
  const { TableName } = validate("DescribeTable", input, tables.store) as { TableName: string };
  return { Table: tables.describe(tables.store.table(TableName)) };
};
