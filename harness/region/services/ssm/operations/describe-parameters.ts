/** What the account's parameters are, without their values. https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DescribeParameters.html */
import { pageOf } from "../../../core/paging";
import { AwsError, type Operation } from "../../../core/types";
import { FILTERS, passes, type ParameterFilter } from "../filters";
import { pageSize } from "../input";
import { REFUSED } from "../limits";
import { metadataOf, type SsmState } from "../state";

interface Input { ParameterFilters?: ParameterFilter[]; Filters?: unknown[]; MaxResults?: number; NextToken?: string; Shared?: boolean }

const KEYS = [...Object.keys(FILTERS).filter((key) => key !== "Label"), "tag"];

export const describeParameters = (state: SsmState): Operation<Input> => ({ ParameterFilters: filters = [], Filters, MaxResults, NextToken, Shared }) => {
  if (Filters !== undefined && Filters.length > 0) throw new AwsError("InvalidFilterKey", `The embedded region does not support ${REFUSED.oldFilters}.`);
  if (Shared) throw new AwsError("ValidationException", `The embedded region does not support ${REFUSED.shared}.`);
  const newest = [...state.parameters.values()].map((versions) => versions.at(-1)!).filter((parameter) => passes(state, parameter, filters, KEYS));
  newest.sort((a, b) => (a.name < b.name ? -1 : 1));
  const { items, nextToken } = pageOf(newest, pageSize(MaxResults, 50), NextToken, "InvalidNextToken");
  return { Parameters: items.map((parameter) => ({ ...metadataOf(parameter), ARN: state.arn(parameter.name) })), NextToken: nextToken };
};
