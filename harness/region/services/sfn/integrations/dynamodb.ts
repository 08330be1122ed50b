/** `arn:aws:states:::dynamodb:{getItem,putItem,updateItem,deleteItem}`. https://docs.aws.amazon.com/step-functions/latest/dg/connect-ddb.html */
import { AwsError } from "../../../core/types";
import { apiName } from "./aws-sdk";
import { optimizedError } from "./errors";
import { objectOf, type Integration } from "./integration";
import { serviceByArnName, type IntegratedService } from "./services";
import { fromApi, jsonMetadata, withMetadata } from "./values";

export const DYNAMODB_OPERATIONS: readonly string[] = ["getItem", "putItem", "updateItem", "deleteItem"];
const NAMES = { prefix: "DynamoDB", serviceName: "AmazonDynamoDBv2", generalException: "AmazonDynamoDBException" };

export const dynamodb: Integration = async ({ region, caller, request, operation, random, store }) => {
  const service = serviceByArnName.get("dynamodb") as IntegratedService;
  try {
    const output = objectOf(fromApi(service, await region.call(caller, "dynamodb", apiName(operation), objectOf(request.arguments))));
    return withMetadata(output, jsonMetadata(random.uuid(), output, store.now()));
  } catch (error) {
    if (error instanceof AwsError) throw optimizedError(service, NAMES, error, random);
    throw error;
  }
};
