/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_ListStateMachines.html */
import type { Operation } from "../../../core/types";
import { pageOf } from "../../../core/paging";
import { invalidPageToken } from "../errors";
import { readMaxResults } from "../input";
import type { SfnStore } from "../store";

/** By name, as AWS lists them. */
export const listStateMachines = (store: SfnStore): Operation<{ maxResults?: number; nextToken?: string }> => ({ maxResults, nextToken }) => {
  const all = [...store.machines.values()].sort((left, right) => (left.name < right.name ? -1 : 1));
  const page = pageOf(all, readMaxResults(maxResults), nextToken, invalidPageToken);
  return {
    stateMachines: page.items.map(({ arn, name, type, creationDate }) => ({ stateMachineArn: arn, name, type, creationDate })),
    ...(page.nextToken === undefined ? {} : { nextToken: page.nextToken }),
  };
};
