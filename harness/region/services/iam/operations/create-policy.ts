/** Creates a managed policy with its first version. https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicy.html */
import type { Operation } from "../../../core/types";
import { describePolicy } from "../describe";
import { documentIn, nameIn, pathIn, tagsIn, type Input } from "../input";
import { exists } from "../refusals";
import type { IamState } from "../state";

export const createPolicy = (state: IamState): Operation<Input> => (input) => {
  const name = nameIn(input, "PolicyName", 128);
  const path = pathIn(input);
  const document = documentIn(input, "PolicyDocument", "identity");
  const arn = state.arn("policy", path, name);
  if (state.policies.has(arn)) throw exists(`A policy called ${name} already exists. Duplicate names are not allowed.`);
  const createDate = state.now();
  const policy = {
    name, path, arn, createDate,
    id: state.newId("ANPA"),
    ...(input["Description"] === undefined ? {} : { description: String(input["Description"]) }),
    versions: new Map([["v1", { document, createDate }]]),
    defaultVersionId: "v1",
    tags: tagsIn(input),
  };
  state.policies.set(arn, policy);
  return { Policy: describePolicy(state, policy) };
};
