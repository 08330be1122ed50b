/** Managed policies: the account's, AWS's, or both. https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListPolicies.html */
import type { Operation } from "../../../core/types";
import { describePolicy } from "../describe";
import { paged, type Input } from "../input";
import type { IamState } from "../state";

export const listPolicies = (state: IamState): Operation<Input> => (input) => {
  const prefix = String(input["PathPrefix"] ?? "/");
  const scope = input["Scope"] ?? "All";
  const all = [...(scope === "AWS" ? [] : state.policies.values()), ...(scope === "Local" ? [] : state.awsPolicies.values())];
  const attached = (arn: string): boolean => [...state.roles.values()].some((role) => role.attachedPolicies.has(arn));
  const onlyAttached = String(input["OnlyAttached"] ?? "false") === "true";
  const chosen = all.filter(({ path, arn }) => path.startsWith(prefix) && (!onlyAttached || attached(arn)));
  const { items, ...rest } = paged(input, chosen.sort((a, b) => (a.name < b.name ? -1 : 1)));
  return { Policies: items.map((policy) => describePolicy(state, policy)), ...rest };
};
