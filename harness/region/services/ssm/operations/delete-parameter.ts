/** Deletes a parameter with all its versions. https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DeleteParameter.html */
import { AwsError, type Operation } from "../../../core/types";
import type { SsmState } from "../state";

export const deleteParameter = (state: SsmState): Operation<{ Name?: string }> => ({ Name = "" }) => {
  if (!state.parameters.delete(Name)) throw new AwsError("ParameterNotFound", `Parameter ${Name} not found.`);
  return {};
};
