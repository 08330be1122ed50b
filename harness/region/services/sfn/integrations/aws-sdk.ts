/** `arn:aws:states:::aws-sdk:SERVICE:operation`: any operation that the region has. https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html */
import { AwsError } from "../../../core/types";
import { sdkError } from "./errors";
import { objectOf, unusableArguments, type Integration } from "./integration";
import type { IntegratedService } from "./services";
import { fromApi, toApi } from "./values";

export const apiName = (operation: string): string => operation.charAt(0).toUpperCase() + operation.slice(1);

export const awsSdk = (service: IntegratedService): Integration => async ({ region, caller, request, operation, random }) => {
  try {
    const input = toApi(service, objectOf(request.arguments)) as object;
    return fromApi(service, await region.call(caller, service.regionName, apiName(operation), input));
  } catch (error) {
    if (error instanceof AwsError) throw sdkError(service, error, random);
    throw unusableArguments(request, error);
  }
};
