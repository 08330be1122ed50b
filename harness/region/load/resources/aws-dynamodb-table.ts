/** https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/dynamodb_table */
import type { Arguments } from "../arguments";
import type { ResourceType } from "../resource";

const keySchema = (args: Arguments): object[] => {
  const range = args.optionalText("range_key");
  return [{ AttributeName: args.text("hash_key"), KeyType: "HASH" }, ...(range === undefined ? [] : [{ AttributeName: range, KeyType: "RANGE" }])];
};

const throughput = (args: Arguments): object | undefined => {
  const read = args.optionalNumber("read_capacity");
  const write = args.optionalNumber("write_capacity");
  return read === undefined && write === undefined ? undefined : { ReadCapacityUnits: read, WriteCapacityUnits: write };
};

const projection = (args: Arguments): object => {
  const attributes = args.texts("non_key_attributes");
  return { ProjectionType: args.text("projection_type"), ...(attributes.length > 0 ? { NonKeyAttributes: attributes } : {}) };
};

export const awsDynamodbTable: ResourceType = (args) => {
  const name = args.text("name");
  const encryption = args.optionalBlock("server_side_encryption");
  const globals = args.blocks("global_secondary_index").map((index) => ({ IndexName: index.text("name"), KeySchema: keySchema(index), Projection: projection(index), ProvisionedThroughput: throughput(index) }));
  const locals = args.blocks("local_secondary_index").map((index) => ({
    IndexName: index.text("name"), Projection: projection(index),
    KeySchema: [{ AttributeName: args.text("hash_key"), KeyType: "HASH" }, { AttributeName: index.text("range_key"), KeyType: "RANGE" }],
  }));
  const input = {
    TableName: name,
    AttributeDefinitions: args.blocks("attribute").map((attribute) => ({ AttributeName: attribute.text("name"), AttributeType: attribute.text("type") })),
    KeySchema: keySchema(args),
    BillingMode: args.optionalText("billing_mode") ?? "PROVISIONED",
    ProvisionedThroughput: throughput(args),
    TableClass: args.optionalText("table_class"),
    DeletionProtectionEnabled: args.optionalFlag("deletion_protection_enabled"),
    Tags: args.tagList(),
    ...(encryption ? { SSESpecification: { Enabled: encryption.optionalFlag("enabled"), ...kms(encryption.optionalText("kms_key_arn")) } } : {}),
    ...(globals.length > 0 ? { GlobalSecondaryIndexes: globals } : {}),
    ...(locals.length > 0 ? { LocalSecondaryIndexes: locals } : {}),
  };
  args.only("stream_enabled", false);
  const recovery = args.optionalBlock("point_in_time_recovery");
  const recoveryInput = recovery && { PointInTimeRecoveryEnabled: recovery.optionalFlag("enabled"), RecoveryPeriodInDays: recovery.optionalNumber("recovery_period_in_days") };
  const ttl = args.optionalBlock("ttl");
  const ttlInput = ttl && { AttributeName: ttl.optionalText("attribute_name"), Enabled: ttl.optionalFlag("enabled") ?? false };
  return async ({ call }) => {
    const { TableDescription } = await call<{ TableDescription: { TableArn: string } }>("dynamodb", "CreateTable", input);
    if (recoveryInput) await call("dynamodb", "UpdateContinuousBackups", { TableName: name, PointInTimeRecoverySpecification: recoveryInput });
    if (ttlInput?.Enabled) await call("dynamodb", "UpdateTimeToLive", { TableName: name, TimeToLiveSpecification: ttlInput });
    return { arn: TableDescription.TableArn, id: name, name };
  };
};

const kms = (keyArn: string | undefined): object => (keyArn === undefined ? {} : { SSEType: "KMS", KMSMasterKeyId: keyArn });
