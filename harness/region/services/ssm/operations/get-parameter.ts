/** One parameter, by name, ARN, `name:version` or `name:label`. https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html */
import type { Operation } from "../../../core/types";
import { describeParameter, type SsmState } from "../state";

export const getParameter = (state: SsmState): Operation<{ Name?: string; WithDecryption?: boolean }> => ({ Name = "", WithDecryption = false }) =>
  ({ Parameter: describeParameter(state, state.get(Name), WithDecryption) });
