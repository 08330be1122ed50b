/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html */
import { AwsError, type Operation } from "../../../core/types";
import { md5, type MessageAttribute } from "../queue";
import type { SqsState } from "../state";

interface Input { QueueUrl?: string; MessageBody?: string; DelaySeconds?: number; MessageAttributes?: Record<string, MessageAttribute> }

export const sendMessage = (state: SqsState): Operation<Input> => ({ QueueUrl, MessageBody: body = "", DelaySeconds: delay, MessageAttributes = {} }, { caller }) => {
  const queue = state.byUrl(QueueUrl);
  if (body === "") throw new AwsError("MissingParameter", "The request must contain the parameter MessageBody.");
  if (Buffer.byteLength(body) > queue.setting("MaximumMessageSize")) throw new AwsError("InvalidParameterValue", `One or more parameters are invalid. Reason: Message must be shorter than ${queue.setting("MaximumMessageSize")} bytes.`);
  const message = queue.send(body, MessageAttributes, caller.userId, delay);
  state.report(queue);
  return { MessageId: message.id, MD5OfMessageBody: md5(body) };
};
