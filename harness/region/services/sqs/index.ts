/**
 * SQS: standard queues, as far as dead-letter queues need them. FIFO queues are not modelled.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/Welcome.html
 */
import { AwsError, type RegionContext, type Service } from "../../core/types";
import { refusingMembers } from "../../core/unsupported";
import { jsonService } from "../../wire/json";
import { REFUSED_MEMBERS } from "./limits";
import { createQueue } from "./operations/create-queue";
import { deleteMessage } from "./operations/delete-message";
import { deleteQueue } from "./operations/delete-queue";
import { getQueueAttributes } from "./operations/get-queue-attributes";
import { getQueueUrl } from "./operations/get-queue-url";
import { listQueueTags } from "./operations/list-queue-tags";
import { listQueues } from "./operations/list-queues";
import { purgeQueue } from "./operations/purge-queue";
import { receiveMessage } from "./operations/receive-message";
import { sendMessage } from "./operations/send-message";
import { setQueueAttributes } from "./operations/set-queue-attributes";
import { tagQueue, untagQueue } from "./operations/tag-queue";
import type { MessageAttribute } from "./queue";
import { SqsState } from "./state";

/** The sqs service, with what has no API between services. */
export interface SqsService extends Service {
  /** Sends a message as another service of AWS, where the queue's policy lets it (EventBridge's dead letters). @throws AwsError QueueDoesNotExist, AccessDenied */
  putForService(message: { queueArn: string; body: string; attributes?: Record<string, MessageAttribute>; principal: string; sourceArn: string }): void;
}

export function createSqsService(region: RegionContext): SqsService {
  const state = new SqsState(region);
  const service = jsonService({
    name: "sqs",
    signingName: "sqs",
    version: "1.0",
    targetPrefix: "AmazonSQS",
    queryErrorCodes: { QueueDoesNotExist: "AWS.SimpleQueueService.NonExistentQueue", QueueNameExists: "QueueAlreadyExists" },
    region,
    operations: refusingMembers({
      CreateQueue: createQueue(state),
      DeleteMessage: deleteMessage(state),
      DeleteQueue: deleteQueue(state),
      GetQueueAttributes: getQueueAttributes(state),
      GetQueueUrl: getQueueUrl(state),
      ListQueues: listQueues(state),
      ListQueueTags: listQueueTags(state),
      PurgeQueue: purgeQueue(state),
      ReceiveMessage: receiveMessage(state),
      SendMessage: sendMessage(state),
      SetQueueAttributes: setQueueAttributes(state),
      TagQueue: tagQueue(state),
      UntagQueue: untagQueue(state),
    }, REFUSED_MEMBERS, (message) => new AwsError("InvalidParameterValue", message)),
  });
  return Object.assign(service, {
    resourcePolicy: (arn: string) => state.queues.get(arn.slice(arn.lastIndexOf(":") + 1))?.attributes.get("Policy") || undefined,
    putForService({ queueArn, body, attributes = {}, principal, sourceArn }: Parameters<SqsService["putForService"]>[0]) {
      const queue = state.byArn(queueArn);
      const policy = queue.attributes.get("Policy");
      const allowed = region.permitsService({ principal, action: "sqs:SendMessage", resource: queue.arn, sourceArn, policies: policy ? [policy] : [] });
      if (!allowed) throw new AwsError("AccessDenied", `The policy of ${queue.arn} does not allow ${principal} to perform sqs:SendMessage for ${sourceArn}.`, 403);
      queue.send(body, attributes, principal);
      state.report(queue);
    },
  });
}
