/**
 * Deletes parameters with all their versions. https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DeleteParameter.html
 * and https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DeleteParameters.html
 */
import { AwsError, type Operation } from "../../../core/types";
import { namesOf } from "../input";
import type { SsmState } from "../state";

export const deleteParameter = (state: SsmState): Operation<{ Name?: string }> => ({ Name = "" }) => {
  if (!state.delete(Name)) throw new AwsError("ParameterNotFound", `Parameter ${Name} not found.`);
  return {};
};

export const deleteParameters = (state: SsmState): Operation<{ Names?: string[] }> => ({ Names }) => {
  const names = namesOf(Names);
  const deleted = names.filter((name) => state.delete(name));
  return { DeletedParameters: deleted, InvalidParameters: names.filter((name) => !deleted.includes(name)) };
};
