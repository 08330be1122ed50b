/** Every version that is kept of a parameter, the oldest first. https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameterHistory.html */
import { pageOf } from "../../../core/paging";
import type { Operation } from "../../../core/types";
import { pageSize } from "../input";
import { metadataOf, valueOf, type SsmState } from "../state";

interface Input { Name?: string; WithDecryption?: boolean; MaxResults?: number; NextToken?: string }

export const getParameterHistory = (state: SsmState): Operation<Input> => ({ Name = "", WithDecryption = false, MaxResults, NextToken }) => {
  const versions = state.versions(state.get(Name).parameter.name);
  const { items, nextToken } = pageOf(versions, pageSize(MaxResults, 50), NextToken, "InvalidNextToken");
  return { Parameters: items.map((parameter) => ({ ...metadataOf(parameter), Value: valueOf(parameter, WithDecryption), Labels: [...parameter.labels] })), NextToken: nextToken };
};
