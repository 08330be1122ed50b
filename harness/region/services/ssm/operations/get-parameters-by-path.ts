/** The account's parameters under a path. https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParametersByPath.html */
import { pageOf } from "../../../core/paging";
import { AwsError, type Operation } from "../../../core/types";
import { isBelow, passes, type ParameterFilter } from "../filters";
import { pageSize } from "../input";
import { describeParameter, type SsmState } from "../state";

interface Input { Path?: string; Recursive?: boolean; WithDecryption?: boolean; MaxResults?: number; NextToken?: string; ParameterFilters?: ParameterFilter[] }

const KEYS = ["Type", "KeyId", "Label"];

export const getParametersByPath = (state: SsmState): Operation<Input> => (input) => {
  const { Path: path = "", Recursive: recursive = false, ParameterFilters: filters = [] } = input;
  if (!path.startsWith("/")) throw new AwsError("ValidationException", "The parameter path must begin with a forward slash (/).");
  const names = [...state.publicNames, ...state.parameters.keys()].filter((name) => isBelow(name, path, recursive) && passes(state, state.versions(name).at(-1)!, filters, KEYS)).sort();
  const { items, nextToken } = pageOf(names, pageSize(input.MaxResults, 10), input.NextToken, "InvalidNextToken");
  return { Parameters: items.map((name) => describeParameter(state, state.get(name), input.WithDecryption ?? false)), NextToken: nextToken };
};
