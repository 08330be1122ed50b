/** `arn:aws:states:::dynamodb:{getItem,putItem,updateItem,deleteItem}`. https://docs.aws.amazon.com/step-functions/latest/dg/connect-ddb.html */
import type { Json, JsonObject } from "../../../../asl/json";
import { crc32 } from "../../../core/crc32";
import { AwsError } from "../../../core/types";
import { optimizedError } from "./errors";
import { objectOf, type Integration } from "./integration";
import { serviceByArnName, type IntegratedService } from "./services";
import { apiName, fromApi, sdkMetadata, withMetadata } from "./values";

export const DYNAMODB_OPERATIONS: readonly string[] = ["getItem", "putItem", "updateItem", "deleteItem"];
const NAMES = { prefix: "DynamoDB", serviceName: "AmazonDynamoDBv2", generalException: "AmazonDynamoDBException" };

export const dynamodb: Integration = async ({ region, caller, request, operation, random, store }) => {
  const service = serviceByArnName.get("dynamodb") as IntegratedService;
  try {
    const output = objectOf(fromApi(service, await region.call(caller, "dynamodb", apiName(operation), objectOf(request.arguments))));
    return withMetadata(output, metadata(random.uuid(), output, store.now()));
  } catch (error) {
    if (error instanceof AwsError) throw optimizedError(service, NAMES, error, random);
    throw error;
  }
};

/** DynamoDB's HTTP headers: its own names, and the checksum of the answer. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.LowLevelAPI.html#Programming.LowLevelAPI.RequestFormat */
function metadata(requestId: string, answer: Json, date: Date): JsonObject {
  const body = Buffer.from(JSON.stringify(answer));
  const checksum = crc32();
  checksum.update(body);
  return sdkMetadata(requestId, [
    ["Server", "Server"], ["Connection", "keep-alive"], ["x-amzn-RequestId", requestId], ["x-amz-crc32", String(checksum.digest().readUInt32BE())],
    ["Content-Length", String(body.length)], ["Date", date.toUTCString()], ["Content-Type", "application/x-amz-json-1.0"],
  ]);
}
