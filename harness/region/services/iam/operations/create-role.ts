/** Creates a role with its trust policy. https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html */
import type { Operation } from "../../../core/types";
import { describeRole } from "../describe";
import { numberOf } from "../../../wire/scalars";
import { documentIn, nameIn, pathIn, tagsIn, type Input } from "../input";
import { exists, limits } from "../refusals";
import type { IamState } from "../state";

export const createRole = (state: IamState): Operation<Input> => (input) => {
  const name = nameIn(input, "RoleName", 64);
  const path = pathIn(input);
  const trustPolicy = documentIn(input, "AssumeRolePolicyDocument", "trust");
  const maxSessionSeconds = numberOf(input["MaxSessionDuration"], "maxSessionDuration") ?? 3600;
  if (maxSessionSeconds < 3600 || maxSessionSeconds > 43200) throw limits("maxSessionDuration", maxSessionSeconds, 3600, 43200);
  if (state.roles.has(name)) throw exists(`Role with name ${name} already exists.`);
  const boundary = input["PermissionsBoundary"];
  if (boundary !== undefined) state.policy(String(boundary));
  const role = {
    name, path, trustPolicy, maxSessionSeconds,
    arn: state.arn("role", path, name),
    id: state.newId("AROA"),
    createDate: state.now(),
    ...(input["Description"] === undefined ? {} : { description: String(input["Description"]) }),
    ...(boundary === undefined ? {} : { permissionsBoundary: String(boundary) }),
    inlinePolicies: new Map<string, string>(),
    attachedPolicies: new Set<string>(),
    tags: tagsIn(input),
  };
  state.roles.set(name, role);
  return { Role: describeRole(role) };
};
