/** Deletes a table, unless it is protected. https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteTable.html */
import { AwsError, type Operation } from "../../../core/types";
import { validate } from "../dynalite";
import type { Tables } from "../tables";

export const deleteTable = (tables: Tables): Operation<Record<string, unknown>> => (input) => {
  const { TableName } = validate("DeleteTable", input, tables.store) as { TableName: string };
  const table = tables.store.table(TableName);
  if (tables.factsOf(TableName).deletionProtection) {
    throw new AwsError("ValidationException", "Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.");
  }
  const description = tables.describe(table, "DELETING");
  tables.store.drop(TableName);
  tables.facts.delete(TableName);
  return { TableDescription: description };
};
