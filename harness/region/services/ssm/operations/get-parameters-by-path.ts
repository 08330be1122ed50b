/** The account's parameters under a path. https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParametersByPath.html */
import { pageOf } from "../../../core/paging";
import { AwsError, type Operation } from "../../../core/types";
import { notSupported } from "../../../core/unsupported";
import { REFUSED } from "../limits";
import { describeParameter, type SsmState } from "../state";

interface Input { Path?: string; Recursive?: boolean; MaxResults?: number; NextToken?: string; ParameterFilters?: unknown[] }

export const getParametersByPath = (state: SsmState): Operation<Input> => ({ Path = "", Recursive = false, MaxResults = 10, NextToken, ParameterFilters }) => {
  if (!Path.startsWith("/")) throw new AwsError("ValidationException", "The parameter path must begin with a forward slash (/).");
  if (ParameterFilters?.length) throw new AwsError("InvalidFilterKey", notSupported(REFUSED.filters));
  const prefix = Path.endsWith("/") ? Path : `${Path}/`;
  const names = [...state.parameters.keys()].filter((name) => name.startsWith(prefix) && (Recursive || !name.slice(prefix.length).includes("/"))).sort();
  const { items, nextToken } = pageOf(names, MaxResults, NextToken, "InvalidNextToken");
  return { Parameters: items.map((name) => describeParameter(state, state.get(name))), NextToken: nextToken };
};
