/** Adds tags to a table. https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TagResource.html */
import type { Operation } from "../../../core/types";
import type { Tables } from "../tables";

export const tagResource = (tables: Tables): Operation<{ ResourceArn?: string; Tags?: { Key: string; Value: string }[] }> => ({ ResourceArn = "", Tags = [] }) => {
  const { tags } = tables.factsOf(tables.nameOfArn(ResourceArn));
  for (const { Key, Value } of Tags) tags.set(Key, Value);
};
