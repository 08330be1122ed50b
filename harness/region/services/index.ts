/** The services that the region has, in the order in which they are made. */
import type { ServiceFactory } from "../core/types";
import { createCloudWatchService } from "./cloudwatch";
import { createDynamodbService } from "./dynamodb";
import { createEc2Service } from "./ec2";
import { createElbService } from "./elbv2";
import { createEventsService } from "./events";
import { createFisService } from "./fis";
import { createIamService } from "./iam";
import { createKmsService } from "./kms";
import { createLambdaService } from "./lambda";
import { createLogsService } from "./logs";
import { createS3Service } from "./s3";
import { createSfnService } from "./sfn";
import { createSqsService } from "./sqs";
import { createSsmService } from "./ssm";
import { createStsService } from "./sts";
import { createTaggingService } from "./tagging";

export const SERVICES: readonly ServiceFactory[] = [
  createIamService,
  createStsService,
  createSsmService,
  createKmsService,
  createDynamodbService,
  createSqsService,
  createS3Service,
  createCloudWatchService,
  createLogsService,
  createEventsService,
  createLambdaService,
  createEc2Service,
  createElbService,
  createFisService,
  createSfnService,
  createTaggingService,
];
