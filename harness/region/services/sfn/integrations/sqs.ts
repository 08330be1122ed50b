/** `arn:aws:states:::sqs:sendMessage[.waitForTaskToken]`. https://docs.aws.amazon.com/step-functions/latest/dg/connect-sqs.html */
import type { JsonObject } from "../../../../asl/json";
import { AwsError } from "../../../core/types";
import { optimizedError } from "./errors";
import { objectOf, type Integration } from "./integration";
import { serviceByArnName, type IntegratedService } from "./services";
import { fromApi, jsonMetadata, withMetadata } from "./values";

const NAMES = { prefix: "SQS", serviceName: "AmazonSQS", generalException: "AmazonSQSException" };

export const sqsSendMessage: Integration = async ({ region, caller, request, random, store }) => {
  const service = serviceByArnName.get("sqs") as IntegratedService;
  const { MessageBody: body, ...others } = objectOf(request.arguments);
  // The body of a message is a text; what is none is written as JSON.
  const message: JsonObject = { ...others, ...(body === undefined || body === null ? {} : { MessageBody: typeof body === "string" ? body : JSON.stringify(body) }) };
  try {
    const output = objectOf(fromApi(service, await region.call(caller, "sqs", "SendMessage", message)));
    return withMetadata(output, jsonMetadata(random.uuid(), output, store.now()));
  } catch (error) {
    if (error instanceof AwsError) throw optimizedError(service, NAMES, error, random);
    throw error;
  }
};
