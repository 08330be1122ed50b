/** `arn:aws:states:::events:putEvents`. https://docs.aws.amazon.com/step-functions/latest/dg/connect-eventbridge.html */
import { TaskError } from "../../../../asl/errors";
import { isObject, type Json, type JsonObject } from "../../../../asl/json";
import { AwsError } from "../../../core/types";
import { optimizedError } from "./errors";
import { objectOf, type Integration } from "./integration";
import { serviceByArnName, type IntegratedService } from "./services";
import { fromApi, inOrder } from "./values";

const NAMES = { prefix: "EventBridge", serviceName: "AmazonEventBridge", generalException: "AmazonEventBridgeException" };

export const eventsPutEvents: Integration = async ({ region, caller, request, random, store }) => {
  const service = serviceByArnName.get("eventbridge") as IntegratedService;
  const { Entries: entries, ...others } = objectOf(request.arguments);
  const machineArn = store.execution(request.executionArn).machine.arn;
  const completed = Array.isArray(entries) ? entries.map((entry) => completeEntry(entry, [machineArn, request.executionArn])) : entries;
  let output: JsonObject;
  try {
    output = inOrder(objectOf(fromApi(service, await region.call(caller, "eventbridge", "PutEvents", { ...others, Entries: completed }))));
  } catch (error) {
    if (error instanceof AwsError) throw optimizedError(service, NAMES, error, random);
    throw error;
  }
  const { FailedEntryCount: failed } = output;
  if (typeof failed === "number" && failed > 0) throw new TaskError("EventBridge.FailedEntry", JSON.stringify(output));
  return output;
};

/** Detail may be an object here; the machine and the execution are added to the event's resources. */
function completeEntry(entry: Json, arns: string[]): Json {
  if (!isObject(entry)) return entry;
  const { Detail: detail, Resources: resources } = entry;
  return {
    ...entry,
    ...(detail === undefined ? {} : { Detail: typeof detail === "string" ? detail : JSON.stringify(detail) }),
    Resources: [...(Array.isArray(resources) ? resources : []), ...arns],
  };
}
