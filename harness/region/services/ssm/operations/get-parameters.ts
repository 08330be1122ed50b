/** Up to ten parameters; those that are not there are told apart. https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameters.html */
import type { Operation } from "../../../core/types";
import { AwsError } from "../../../core/types";
import { namesOf } from "../input";
import { describeParameter, type Found, type SsmState } from "../state";

export const getParameters = (state: SsmState): Operation<{ Names?: string[]; WithDecryption?: boolean }> => ({ Names, WithDecryption = false }) => {
  const found = namesOf(Names).map((name) => ({ name, parameter: findOrNone(state, name) }));
  return {
    Parameters: found.flatMap(({ parameter }) => (parameter ? [describeParameter(state, parameter, WithDecryption)] : [])),
    InvalidParameters: found.flatMap(({ name, parameter }) => (parameter ? [] : [name])),
  };
};

/** A version or label that is not there makes the name invalid here, not the call. */
function findOrNone(state: SsmState, name: string): Found | undefined {
  try {
    return state.find(name);
  } catch (error) {
    if (error instanceof AwsError) return undefined;
    throw error;
  }
}
