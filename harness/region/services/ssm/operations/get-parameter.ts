/** One parameter, by name, ARN or `name:version`. https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html */
import type { Operation } from "../../../core/types";
import { describeParameter, type SsmState } from "../state";

export const getParameter = (state: SsmState): Operation<{ Name?: string }> => ({ Name = "" }) => ({ Parameter: describeParameter(state, state.get(Name)) });
