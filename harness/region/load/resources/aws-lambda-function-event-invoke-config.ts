/** https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/lambda_function_event_invoke_config */
import type { Arguments } from "../arguments";
import type { ResourceType } from "../resource";

export const awsLambdaFunctionEventInvokeConfig: ResourceType = (args) => {
  const destinations = args.optionalBlock("destination_config");
  const destination = (block: Arguments | undefined): object | undefined => block && { Destination: block.text("destination") };
  const input = {
    FunctionName: args.text("function_name"),
    Qualifier: args.optionalText("qualifier"),
    MaximumRetryAttempts: args.optionalNumber("maximum_retry_attempts"),
    MaximumEventAgeInSeconds: args.optionalNumber("maximum_event_age_in_seconds"),
    ...(destinations ? { DestinationConfig: { OnFailure: destination(destinations.optionalBlock("on_failure")), OnSuccess: destination(destinations.optionalBlock("on_success")) } } : {}),
  };
  return async ({ call }) => {
    await call("lambda", "PutFunctionEventInvokeConfig", input);
    return { id: input.Qualifier === undefined ? input.FunctionName : `${input.FunctionName}:${input.Qualifier}` };
  };
};
