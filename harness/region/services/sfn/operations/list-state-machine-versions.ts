/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_ListStateMachineVersions.html */
import type { Operation } from "../../../core/types";
import { pageOf } from "../../../core/paging";
import { invalidPageToken } from "../errors";
import { readMaxResults } from "../input";
import { checkArn } from "../names";
import type { SfnStore } from "../store";

/** Newest first. */
export const listStateMachineVersions = (store: SfnStore): Operation<{ stateMachineArn?: string; maxResults?: number; nextToken?: string }> => ({ stateMachineArn, maxResults, nextToken }) => {
  const { machine } = store.machine(checkArn(stateMachineArn, "stateMachineArn"));
  const page = pageOf([...machine.versions].reverse(), readMaxResults(maxResults), nextToken, invalidPageToken);
  return {
    stateMachineVersions: page.items.map(({ arn, creationDate }) => ({ stateMachineVersionArn: arn, creationDate })),
    ...(page.nextToken === undefined ? {} : { nextToken: page.nextToken }),
  };
};
