/** Up to ten parameters; those that are not there are told apart. https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameters.html */
import { AwsError, type Operation } from "../../../core/types";
import { describeParameter, type SsmState } from "../state";

export const getParameters = (state: SsmState): Operation<{ Names?: string[] }> => ({ Names = [] }) => {
  if (Names.length < 1 || Names.length > 10) throw new AwsError("ValidationException", `1 validation error detected: Value at 'names' failed to satisfy constraint: Member must have length between 1 and 10`);
  const found = Names.map((name) => ({ name, parameter: state.find(name) }));
  return {
    Parameters: found.flatMap(({ parameter }) => (parameter ? [describeParameter(state, parameter)] : [])),
    InvalidParameters: found.flatMap(({ name, parameter }) => (parameter ? [] : [name])),
  };
};
