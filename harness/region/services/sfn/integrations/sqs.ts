/** `arn:aws:states:::sqs:sendMessage[.waitForTaskToken]`. https://docs.aws.amazon.com/step-functions/latest/dg/connect-sqs.html */
import { isIP } from "node:net";
import { TaskError } from "../../../../asl/errors";
import type { Json, JsonObject } from "../../../../asl/json";
import { AwsError, type RegionContext } from "../../../core/types";
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
    if (!(error instanceof AwsError)) throw error;
    const host = unknownHost(region, message["QueueUrl"]);
    if (host !== undefined) throw new TaskError("SQS.SdkClientException", `Unable to execute HTTP request: ${host}: Name or service not known`);
    throw optimizedError(service, NAMES, error, random);
  }
};

/** The host of a queue's URL, to which the request goes, when it is neither this region's nor one of AWS's. */
function unknownHost(region: RegionContext, queueUrl: Json | undefined): string | undefined {
  if (typeof queueUrl !== "string" || !URL.canParse(queueUrl)) return undefined;
  const { hostname } = new URL(queueUrl);
  const isKnown = hostname === "" || hostname === "localhost" || isIP(hostname) !== 0 || hostname.startsWith("[") || /\.amazonaws\.com(\.cn)?$/.test(hostname) || hostname === new URL(region.endpoint).hostname;
  return isKnown ? undefined : hostname;
}
