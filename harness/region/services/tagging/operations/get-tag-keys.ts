/** Every key that is used in the region. https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetTagKeys.html */
import type { Operation } from "../../../core/types";
import { page } from "../input";
import { Calls, taggedResources } from "../sources";

const PER_PAGE = 1000;

export const getTagKeys: Operation<{ PaginationToken?: string }> = async ({ PaginationToken: token }, { region }) => {
  const keys = new Set((await taggedResources(new Calls(region, region.admin))).flatMap(({ tags }) => Object.keys(tags)));
  const { items, PaginationToken } = page([...keys].sort(), PER_PAGE, token);
  return { PaginationToken, TagKeys: items };
};
