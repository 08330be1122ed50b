/** https://docs.aws.amazon.com/fis/latest/APIReference/API_GetTargetResourceType.html */
import { notFound } from "../errors";
import { resourceType } from "../resource-types";
import type { FisOperation } from "./operation";

export const getTargetResourceType: FisOperation = () => (input) => {
  const name = String(input["resourceType"]);
  const type = resourceType(name);
  if (!type) throw notFound(`The target resource type ${name} does not exist in the embedded region.`);
  const parameters = Object.fromEntries(Object.entries(type.parameters).map(([parameter, description]) => [parameter, { description, required: false }]));
  return { targetResourceType: { resourceType: name, description: type.description, parameters } };
};
