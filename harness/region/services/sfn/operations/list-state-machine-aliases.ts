/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_ListStateMachineAliases.html */
import type { Operation } from "../../../core/types";
import { pageOf, readMaxResults } from "../input";
import { checkArn } from "../names";
import type { SfnStore } from "../store";

/** Of a machine, or of one of its versions; oldest first. */
export const listStateMachineAliases = (store: SfnStore): Operation<{ stateMachineArn?: string; maxResults?: number; nextToken?: string }> => ({ stateMachineArn, maxResults, nextToken }) => {
  const limit = readMaxResults(maxResults);
  const { machine, version } = store.machine(checkArn(stateMachineArn, "stateMachineArn"));
  const wanted = [...machine.aliases.values()].filter(({ routes }) => version === undefined || routes.some(({ stateMachineVersionArn }) => stateMachineVersionArn === version.arn));
  const page = pageOf(wanted, limit, nextToken);
  return {
    stateMachineAliases: page.items.map(({ arn, creationDate }) => ({ stateMachineAliasArn: arn, creationDate })),
    ...(page.nextToken === undefined ? {} : { nextToken: page.nextToken }),
  };
};
