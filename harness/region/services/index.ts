/** The services that the region has, in the order in which they are made. */
import type { ServiceFactory } from "../core/types";
import { createDynamodbService } from "./dynamodb";
import { createIamService } from "./iam";
import { createSqsService } from "./sqs";
import { createSsmService } from "./ssm";
import { createStsService } from "./sts";

/** A service whose folder may not be there: the region is made without it then. */
function optional(folder: string, factory: string): ServiceFactory[] {
  let path: string;
  try {
    path = require.resolve(`./${folder}`);
  } catch {
    return [];
  }
  return [(require(path) as Record<string, ServiceFactory>)[factory]!];
}

export const SERVICES: readonly ServiceFactory[] = [
  createIamService,
  createStsService,
  createSsmService,
  createDynamodbService,
  createSqsService,
  ...optional("s3", "createS3Service"),
  ...optional("cloudwatch", "createCloudWatchService"),
  ...optional("logs", "createLogsService"),
  ...optional("cloudwatch-logs", "createLogsService"),
  ...optional("eventbridge", "createEventsService"),
  ...optional("events", "createEventsService"),
  ...optional("lambda", "createLambdaService"),
  ...optional("ec2", "createEc2Service"),
  ...optional("fis", "createFisService"),
  ...optional("sfn", "createSfnService"),
];
