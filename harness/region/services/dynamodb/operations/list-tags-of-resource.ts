/** The tags of a table, all on one page. https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListTagsOfResource.html */
import type { Operation } from "../../../core/types";
import type { Tables } from "../tables";

export const listTagsOfResource = (tables: Tables): Operation<{ ResourceArn?: string }> => ({ ResourceArn = "" }) =>
  ({ Tags: [...tables.factsOf(tables.nameOfArn(ResourceArn)).tags].map(([Key, Value]) => ({ Key, Value })) });
