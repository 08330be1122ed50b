/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeTags.html */
import { filtered } from "../filters";
import { paged } from "../paging";
import { resourceTypeOf } from "../tags";
import type { Ec2Operation } from "./operation";

interface Described { resourceId: string; resourceType: string; key: string; value: string }

export const describeTags: Ec2Operation = (core) => (input) => {
  const visible = new Set(core.visibleInstances().map(({ id }) => id));
  const all = core.tags.entries().flatMap(([resourceId, tags]): Described[] => {
    const resourceType = resourceTypeOf(resourceId) ?? "";
    if (resourceType === "instance" && !visible.has(resourceId)) return [];
    return [...tags].map(([key, value]) => ({ resourceId, resourceType, key, value }));
  });
  const matching = filtered(all, input, {
    "key": ({ key }) => key, "value": ({ value }) => value, "resource-id": ({ resourceId }) => resourceId, "resource-type": ({ resourceType }) => resourceType,
  }, ({ key, value }) => new Map([[key, value]]));
  const { items, nextToken } = paged(matching, input, ({ resourceId, key }) => `${resourceId} ${key}`);
  return { tagSet: items, nextToken };
};
