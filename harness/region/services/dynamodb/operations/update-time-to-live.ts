/**
 * Names the attribute after which items expire (time-to-live.ts).
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTimeToLive.html
 */
import { AwsError, type Operation } from "../../../core/types";
import type { Tables } from "../tables";

interface Input { TableName?: string; TimeToLiveSpecification?: { Enabled?: boolean; AttributeName?: string } }

export const updateTimeToLive = (tables: Tables): Operation<Input> => ({ TableName = "", TimeToLiveSpecification: specification = {} }) => {
  const facts = tables.factsOf(TableName);
  const { Enabled = false, AttributeName = "" } = specification;
  if (AttributeName === "") throw new AwsError("ValidationException", "1 validation error detected: Value null at 'timeToLiveSpecification.attributeName' failed to satisfy constraint: Member must not be null");
  if (Enabled === (facts.timeToLive !== undefined)) throw new AwsError("ValidationException", `TimeToLive is already ${Enabled ? "enabled" : "disabled"}`);
  if (Enabled) facts.timeToLive = { attributeName: AttributeName };
  else if (facts.timeToLive?.attributeName !== AttributeName) throw new AwsError("ValidationException", `TimeToLive is active on a different AttributeName: current AttributeName is ${facts.timeToLive?.attributeName}`);
  else delete facts.timeToLive;
  return { TimeToLiveSpecification: { Enabled, AttributeName } };
};
