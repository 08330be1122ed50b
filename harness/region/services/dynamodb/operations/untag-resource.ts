/** Removes tags from a table. https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UntagResource.html */
import type { Operation } from "../../../core/types";
import type { Tables } from "../tables";

export const untagResource = (tables: Tables): Operation<{ ResourceArn?: string; TagKeys?: string[] }> => ({ ResourceArn = "", TagKeys = [] }) => {
  const { tags } = tables.factsOf(tables.nameOfArn(ResourceArn));
  for (const key of TagKeys) tags.delete(key);
};
