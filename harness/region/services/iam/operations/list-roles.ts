/** The roles under a path. https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRoles.html */
import type { Operation } from "../../../core/types";
import { describeRole } from "../describe";
import { paged, type Input } from "../input";
import type { IamState } from "../state";

export const listRoles = (state: IamState): Operation<Input> => (input) => {
  const prefix = String(input["PathPrefix"] ?? "/");
  const { items, ...rest } = paged(input, [...state.roles.values()].filter(({ path }) => path.startsWith(prefix)).sort((a, b) => (a.name < b.name ? -1 : 1)));
  return { Roles: items.map(describeRole), ...rest };
};
