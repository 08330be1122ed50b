/** The ledger: one item a job (docs/ARCHITECTURE.md has its attributes), and the harness's lock. */
import { DynamodbTable } from "@cdktf/provider-aws/lib/dynamodb-table";
import type { StackContext } from "./context";

export function ledger({ scope, config, names }: StackContext): DynamodbTable {
  return new DynamodbTable(scope, "ledger", {
    name: names.ledger,
    billingMode: "PAY_PER_REQUEST",
    hashKey: "jobId",
    attribute: [{ name: "jobId", type: "S" }],
    pointInTimeRecovery: { enabled: true },
    serverSideEncryption: { enabled: true, ...(config.kmsKeyArn === undefined ? {} : { kmsKeyArn: config.kmsKeyArn }) },
    deletionProtectionEnabled: config.deletionProtection,
  });
}
