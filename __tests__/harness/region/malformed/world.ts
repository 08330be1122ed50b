/** A region in which the names that `inputs.ts` gives stand for something. */
import type { Shape } from "../../../../harness/region/shapes/types";
import { startRegion, type TestRegion } from "../support/region";

const MACHINE = JSON.stringify({ StartAt: "A", States: { A: { Type: "Succeed" } } });

/** Its guests do nothing: no call that these tests make needs an operating system. */
export async function startWorld(): Promise<TestRegion> {
  const test = await startRegion({ onDefect: () => {}, unknownRoles: "administrator" });
  const { region, clock } = test;
  const call = (service: string, operation: string, input: object) => region.call(region.admin, service, operation, input);
  await clock.run("a world", async () => {
    await call("iam", "CreateRole", { RoleName: "role", AssumeRolePolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal: { Service: "states.amazonaws.com" }, Action: "sts:AssumeRole" }] }) });
    await call("sqs", "CreateQueue", { QueueName: "q" });
    await call("ssm", "PutParameter", { Name: "f", Type: "String", Value: "v" });
    await call("dynamodb", "CreateTable", { TableName: "table", BillingMode: "PAY_PER_REQUEST", AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }], KeySchema: [{ AttributeName: "id", KeyType: "HASH" }] });
    await call("eventbridge", "CreateEventBus", { Name: "bus" });
    await call("eventbridge", "PutRule", { Name: "rule", EventPattern: JSON.stringify({ source: ["a"] }) });
    await call("cloudwatch-logs", "CreateLogGroup", { logGroupName: "/log" });
    await call("cloudwatch-logs", "CreateLogStream", { logGroupName: "/log", logStreamName: "stream" });
    await call("cloudwatch", "PutMetricAlarm", { AlarmName: "alarm", Namespace: "f", MetricName: "id", Statistic: "Sum", Period: 60, EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: "GreaterThanThreshold" });
    await call("sfn", "CreateStateMachine", { name: "m", definition: MACHINE, roleArn: "arn:aws:iam::123456789012:role/role" });
    await call("s3", "CreateBucket", { Bucket: "bucket" });
  });
  return test;
}

const text: Shape = { kind: "text" };
const list = (of: Shape): Shape => ({ kind: "list", of });
const map = (of: Shape): Shape => ({ kind: "map", of });
const structure = (members: Record<string, Shape>): Shape => ({ kind: "structure", members: new Map(Object.entries(members)), required: Object.keys(members) });

const TEMPLATE = {
  clientToken: text, description: text, roleArn: text, tags: map(text), stopConditions: list(structure({ source: text, value: text })),
  targets: map(structure({ resourceType: text, resourceArns: list(text), resourceTags: map(text), filters: list(structure({ path: text, values: list(text) })), selectionMode: text, parameters: map(text) })),
  actions: map(structure({ actionId: text, description: text, parameters: map(text), targets: map(text), startAfter: list(text) })),
  logConfiguration: structure({ cloudWatchLogsConfiguration: structure({ logGroupArn: text }), s3Configuration: structure({ bucketName: text, prefix: text }), logSchemaVersion: { kind: "number" } }),
  experimentOptions: structure({ accountTargeting: text, emptyTargetResolutionMode: text }),
};

/** FIS's, whose client has no schemas. */
export const FIS_SHAPES: Readonly<Record<string, Shape>> = {
  CreateExperimentTemplate: structure(TEMPLATE),
  UpdateExperimentTemplate: structure({ id: text, ...TEMPLATE }),
  StartExperiment: structure({ clientToken: text, experimentTemplateId: text, experimentOptions: structure({ actionsMode: text }), tags: map(text) }),
  UpdateSafetyLeverState: structure({ id: text, state: structure({ status: text, reason: text }) }),
  TagResource: structure({ resourceArn: text, tags: map(text) }),
  UntagResource: structure({ resourceArn: text, tagKeys: list(text) }),
};
