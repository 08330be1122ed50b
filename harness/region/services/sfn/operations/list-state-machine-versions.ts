/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_ListStateMachineVersions.html */
import type { Operation } from "../../../core/types";
import { pageOf, readMaxResults } from "../input";
import { checkArn } from "../names";
import type { SfnStore } from "../store";

/** Newest first. */
export const listStateMachineVersions = (store: SfnStore): Operation<{ stateMachineArn?: string; maxResults?: number; nextToken?: string }> => ({ stateMachineArn, maxResults, nextToken }) => {
  const limit = readMaxResults(maxResults);
  const { machine } = store.machine(checkArn(stateMachineArn, "stateMachineArn"));
  const page = pageOf([...machine.versions].reverse(), limit, nextToken);
  return {
    stateMachineVersions: page.items.map(({ arn, creationDate }) => ({ stateMachineVersionArn: arn, creationDate })),
    ...(page.nextToken === undefined ? {} : { nextToken: page.nextToken }),
  };
};
