/**
 * Changes a table's deletion protection, billing mode, throughput, class or encryption, at once. Index updates and
 * streams are not modelled. https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTable.html
 */
import { AwsError, type Operation } from "../../../core/types";
import { sseOf, type SseSpecification } from "../sse";
import type { Tables } from "../tables";

interface Input {
  TableName?: string;
  DeletionProtectionEnabled?: boolean;
  BillingMode?: string;
  ProvisionedThroughput?: object;
  TableClass?: string;
  SSESpecification?: SseSpecification;
  AttributeDefinitions?: unknown;
}

const KNOWN = new Set(["TableName", "DeletionProtectionEnabled", "BillingMode", "ProvisionedThroughput", "TableClass", "SSESpecification", "AttributeDefinitions"]);

export const updateTable = (tables: Tables): Operation<Input> => (input) => {
  for (const member of Object.keys(input)) if (!KNOWN.has(member)) throw new AwsError("ValidationException", `The embedded region does not support ${member} of UpdateTable.`);
  const table = tables.store.table(input.TableName ?? "");
  const facts = tables.factsOf(table.TableName);
  if (input.DeletionProtectionEnabled !== undefined) facts.deletionProtection = input.DeletionProtectionEnabled;
  if (input.BillingMode !== undefined) table["BillingModeSummary"] = { BillingMode: input.BillingMode, ...(input.BillingMode === "PAY_PER_REQUEST" ? { LastUpdateToPayPerRequestDateTime: tables.now() } : {}) };
  if (input.ProvisionedThroughput !== undefined) table["ProvisionedThroughput"] = { NumberOfDecreasesToday: 0, ...input.ProvisionedThroughput };
  if (input.TableClass !== undefined) table["TableClassSummary"] = { TableClass: input.TableClass };
  if (input.SSESpecification !== undefined) {
    const sse = sseOf(input.SSESpecification, tables);
    if (sse) facts.sse = sse;
    else delete facts.sse;
  }
  return { TableDescription: tables.describe(table, "UPDATING") };
};
