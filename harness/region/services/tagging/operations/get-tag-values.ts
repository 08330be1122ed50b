/** Every value that a key has in the region. https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetTagValues.html */
import type { Operation } from "../../../core/types";
import { invalid, page } from "../input";
import { Calls, taggedResources } from "../sources";

const PER_PAGE = 1000;

export const getTagValues: Operation<{ Key?: string; PaginationToken?: string }> = async ({ Key, PaginationToken: token }, { region }) => {
  if (!Key) throw invalid("1 validation error detected: Value null at 'key' failed to satisfy constraint: Member must not be null");
  const values = new Set((await taggedResources(new Calls(region, region.admin))).flatMap(({ tags }) => (Object.hasOwn(tags, Key) ? [tags[Key]!] : [])));
  const { items, PaginationToken } = page([...values].sort(), PER_PAGE, token);
  return { PaginationToken, TagValues: items };
};
