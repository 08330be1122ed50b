/**
 * Calls of AWS's services from states: their resources, and which of their errors are worth another try.
 *
 * Error names of SDK integrations are the service's prefix, then the exception's name in AWS SDK for Java 2:
 * https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html.
 */
import type { MachineRefs } from "./config";
import type { Json } from "./language";

/** The resource of an SDK integration, such as `ec2:createFleet`. */
export const sdk = ({ partition }: Pick<MachineRefs, "partition">, action: string): string => `${partition}:states:::aws-sdk:${action}`;

export const RETRY_DYNAMODB: Json = [
  {
    ErrorEquals: [
      "DynamoDb.ProvisionedThroughputExceededException",
      "DynamoDb.RequestLimitExceededException",
      "DynamoDb.ThrottlingException",
      "DynamoDb.InternalServerErrorException",
      "DynamoDb.SdkClientException",
    ],
    IntervalSeconds: 1,
    BackoffRate: 2,
    MaxDelaySeconds: 20,
    MaxAttempts: 8,
    JitterStrategy: "FULL",
  },
  // Whatever has no name of its own: a service that is unavailable, or a missing permission, which a few tries do not hide.
  { ErrorEquals: ["DynamoDb.DynamoDbException"], IntervalSeconds: 1, BackoffRate: 2, MaxAttempts: 3, JitterStrategy: "FULL" },
];
/** EC2's errors have one name, Ec2.Ec2Exception, whatever happened: for calls that change nothing or may be repeated, retry them all. */
export const RETRY_EC2: Json = [
  { ErrorEquals: ["Ec2.Ec2Exception", "Ec2.SdkClientException"], IntervalSeconds: 1, BackoffRate: 2, MaxDelaySeconds: 10, MaxAttempts: 4, JitterStrategy: "FULL" },
];
/** A launch that got no answer is asked for again with the same ClientToken, so that it cannot happen twice. */
export const RETRY_LAUNCH: Json = [{ ErrorEquals: ["Ec2.SdkClientException"], IntervalSeconds: 1, BackoffRate: 2, MaxAttempts: 3, JitterStrategy: "FULL" }];
export const RETRY_SFN: Json = [
  { ErrorEquals: ["Sfn.SfnException", "Sfn.SdkClientException"], IntervalSeconds: 1, BackoffRate: 2, MaxDelaySeconds: 20, MaxAttempts: 8, JitterStrategy: "FULL" },
];

export const CONDITION_FAILED = "DynamoDb.ConditionalCheckFailedException";
