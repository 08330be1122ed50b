/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutResourcePolicy.html */
import { AwsError, type Operation } from "../../../core/types";
import { invalidParameter } from "../errors";
import { page, type LogsStore } from "../store";

/** A region has at most so many: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html */
const MOST_POLICIES = 10;

export const putResourcePolicy = (store: LogsStore): Operation<{ policyName: string; policyDocument: string }> => (input) => {
  const { policyName, policyDocument } = input;
  if (!policyName) throw invalidParameter("policyName must not be empty");
  if (typeof policyDocument !== "string" || policyDocument.length < 1 || policyDocument.length > 5120) throw invalidParameter("policyDocument must have between 1 and 5120 characters");
  try {
    JSON.parse(policyDocument);
  } catch {
    throw invalidParameter("Invalid resource policy document");
  }
  if (!store.resourcePolicies.has(policyName) && store.resourcePolicies.size >= MOST_POLICIES) throw new AwsError("LimitExceededException", "Resource limit exceeded.");
  const resourcePolicy = { policyName, policyDocument, lastUpdatedTime: store.now() };
  store.resourcePolicies.set(policyName, resourcePolicy);
  return { resourcePolicy };
};

export const describeResourcePolicies = (store: LogsStore): Operation<{ nextToken?: string; limit?: number }> => (input) => {
  const { items, nextToken } = page([...store.resourcePolicies.values()], input.nextToken, input.limit, 50);
  return { resourcePolicies: items, nextToken };
};

export const deleteResourcePolicy = (store: LogsStore): Operation<{ policyName: string }> => (input) => {
  if (!store.resourcePolicies.delete(input.policyName)) throw new AwsError("ResourceNotFoundException", `Policy with name [${input.policyName}] does not exist.`);
};
