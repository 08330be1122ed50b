/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeStateMachineAlias.html */
import type { Operation } from "../../../core/types";
import { findAlias } from "../aliases";
import type { SfnStore } from "../store";

export const describeStateMachineAlias = (store: SfnStore): Operation<{ stateMachineAliasArn?: string }> => ({ stateMachineAliasArn }) => {
  const { arn, name, description, routes, creationDate, updateDate } = findAlias(store, stateMachineAliasArn).alias;
  return { stateMachineAliasArn: arn, name, ...(description === undefined ? {} : { description }), routingConfiguration: routes, creationDate, updateDate };
};
