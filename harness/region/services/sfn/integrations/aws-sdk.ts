/** `arn:aws:states:::aws-sdk:SERVICE:operation`: any operation that the region has. https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html */
import { isObject, type Json } from "../../../../asl/json";
import { AwsError } from "../../../core/types";
import { checkArguments } from "./arguments";
import { sdkError } from "./errors";
import { objectOf, unusableArguments, type Integration } from "./integration";
import type { IntegratedService } from "./services";
import { apiName, fromApi, inOrder, toApi } from "./values";

interface Stream { transformToString(): Promise<string> }
const isStream = (value: unknown): value is Stream => typeof (value as Partial<Stream> | undefined)?.transformToString === "function";

/** An answer, its members in the order of their names; one that streams (an object's Body) is read to its end and comes last. */
async function read(service: IntegratedService, output: object): Promise<Json> {
  const streams = Object.entries(output).filter((member): member is [string, Stream] => isStream(member[1]));
  const answer = fromApi(service, Object.fromEntries(Object.entries(output).filter(([, value]) => !isStream(value))));
  const result = isObject(answer) ? inOrder(answer) : {};
  for (const [name, stream] of streams) result[name] = await stream.transformToString();
  return result;
}

export const awsSdk = (service: IntegratedService): Integration => async ({ region, caller, request, operation, random }) => {
  try {
    const input = toApi(service, objectOf(request.arguments)) as object;
    checkArguments(service, apiName(operation), input);
    return await read(service, await region.call<object>(caller, service.regionName, apiName(operation), input));
  } catch (error) {
    if (error instanceof AwsError) throw sdkError(service, error, random);
    throw unusableArguments(request, error);
  }
};
