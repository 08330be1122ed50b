/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_ListStateMachines.html */
import type { Operation } from "../../../core/types";
import { pageOf, readMaxResults } from "../input";
import type { SfnStore } from "../store";

/** By name, as AWS lists them. */
export const listStateMachines = (store: SfnStore): Operation<{ maxResults?: number; nextToken?: string }> => ({ maxResults, nextToken }) => {
  const limit = readMaxResults(maxResults);
  const all = [...store.machines.values()].sort((left, right) => (left.name < right.name ? -1 : 1));
  const page = pageOf(all, limit, nextToken);
  return {
    stateMachines: page.items.map(({ arn, name, type, creationDate }) => ({ stateMachineArn: arn, name, type, creationDate })),
    ...(page.nextToken === undefined ? {} : { nextToken: page.nextToken }),
  };
};
