/** Tables beyond their items: what CreateTable, UpdateTable and their kin set, and how DescribeTable shows it. */
import { toDate, type Clock, type Random } from "../../../time/clock";
import { parseArn } from "../../core/arn";
import { AwsError } from "../../core/types";
import type { Store, Table } from "./store";

/** What is known of a table and is no concern of its items. */
export interface TableFacts {
  tags: Map<string, string>;
  deletionProtection: boolean;
  pointInTimeRecovery: { enabled: boolean; since?: Date; recoveryPeriodInDays?: number };
  timeToLive?: { attributeName: string };
  sse?: { type: "KMS"; keyArn: string };
}

export class Tables {
  readonly facts = new Map<string, TableFacts>();

  constructor(readonly store: Store, readonly identity: { clock: Clock; random: Random; accountId: string; regionName: string; partition: string }) {}

  now(): Date {
    return toDate(this.identity.clock.now());
  }

  arn(name: string): string {
    const { partition, regionName, accountId } = this.identity;
    return `arn:${partition}:dynamodb:${regionName}:${accountId}:table/${name}`;
  }

  /** The key that SSE with AWS's managed key uses. */
  managedKeyArn(): string {
    const { partition, regionName, accountId } = this.identity;
    return `arn:${partition}:kms:${regionName}:${accountId}:key/aws-dynamodb`;
  }

  /** @throws AwsError ResourceNotFoundException */
  factsOf(name: string): TableFacts {
    this.store.table(name);
    return this.facts.get(name)!;
  }

  /** The table that a tagging call's ARN names. @throws AwsError */
  nameOfArn(arn: string): string {
    const name = parseArn(arn)?.resource.replace(/^table\//, "") ?? "";
    if (!this.store.tableDb.values.has(name) || this.arn(name) !== arn) throw new AwsError("ResourceNotFoundException", `Requested resource not found: ResourcArn: ${arn} not found`);
    return name;
  }

  /** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TableDescription.html */
  describe(table: Table, status = table.TableStatus): object {
    const facts = this.facts.get(table.TableName)!;
    const items = this.store.getItemDb(table.TableName).values;
    return {
      ...table,
      TableStatus: status,
      ItemCount: items.size,
      TableSizeBytes: 0,
      DeletionProtectionEnabled: facts.deletionProtection,
      ...(facts.sse ? { SSEDescription: { Status: "ENABLED", SSEType: facts.sse.type, KMSMasterKeyArn: facts.sse.keyArn } } : {}),
    };
  }
}
