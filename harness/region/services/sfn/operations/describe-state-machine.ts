/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeStateMachine.html */
import type { Operation } from "../../../core/types";
import { describeMachine } from "../describe";
import { checkArn } from "../names";
import type { SfnStore } from "../store";

export const describeStateMachine = (store: SfnStore): Operation<{ stateMachineArn?: string }> => ({ stateMachineArn }) => {
  const { machine, version, alias } = store.machine(checkArn(stateMachineArn, "stateMachineArn"));
  // Through an alias it is the version that has the greater weight.
  const heaviest = alias?.routes.reduce((best, route) => (route.weight > best.weight ? route : best));
  return describeMachine(machine, version ?? machine.versions.find(({ arn }) => arn === heaviest?.stateMachineVersionArn));
};
