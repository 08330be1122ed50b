/**
 * Tagged resources, by tags, types or ARNs.
 * https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html
 */
import { parseArn } from "../../../core/arn";
import type { Operation } from "../../../core/types";
import { invalid, listOf, page } from "../input";
import { REFUSED } from "../limits";
import { Calls, SOURCES, taggedResources, typeOf, type TaggedResource } from "../sources";

interface TagFilter { Key?: string; Values?: string[] }
interface Input {
  TagFilters?: TagFilter[]; ResourceTypeFilters?: string[]; ResourceARNList?: string[];
  ResourcesPerPage?: number; TagsPerPage?: number; PaginationToken?: string; IncludeComplianceDetails?: boolean; ExcludeCompliantResources?: boolean;
}

const MOST_PER_PAGE = 100;

const hasTags = ({ tags }: TaggedResource, filters: readonly TagFilter[]): boolean =>
  filters.every(({ Key = "", Values = [] }) => Object.hasOwn(tags, Key) && (Values.length === 0 || Values.includes(tags[Key]!)));

const isOfType = ({ arn }: TaggedResource, filters: readonly string[]): boolean => {
  const type = typeOf(arn);
  return filters.length === 0 || filters.some((filter) => filter === type || filter === type.split(":", 1)[0]);
};

export const getResources: Operation<Input> = async (input, { region }) => {
  const { TagFilters, ResourceTypeFilters: types = [], ResourceARNList: arns, ResourcesPerPage: perPage, TagsPerPage: tagsPerPage, PaginationToken: token } = input;
  if (input.IncludeComplianceDetails || input.ExcludeCompliantResources) throw invalid(`The embedded region does not support ${REFUSED.compliance}.`);
  if (tagsPerPage !== undefined) throw invalid(`The embedded region does not support ${REFUSED.tagsPerPage}.`);
  const filters = listOf(TagFilters, "tagFilters", 0, 50);
  for (const { Key, Values } of filters) {
    if (Key === undefined || Key === "") throw invalid("Each TagFilter must contain a key.");
    listOf(Values, "tagFilters.values", 0, 20);
  }
  if (arns !== undefined) {
    listOf(arns, "resourceARNList", 1, 100);
    if (filters.length > 0 || types.length > 0 || perPage !== undefined || token) {
      throw invalid("ResourceARNList cannot be specified with TagFilters, ResourceTypeFilters or pagination parameters in the same request.");
    }
  }
  if (perPage !== undefined && !(perPage >= 1 && perPage <= MOST_PER_PAGE)) throw invalid(`ResourcesPerPage must be between 1 and ${MOST_PER_PAGE}.`);
  const unknown = types.find((type) => !Object.hasOwn(SOURCES, type.split(":", 1)[0]!));
  if (unknown !== undefined) throw invalid(`The embedded region has no taggable resources of the type ${unknown}; it has those of ${Object.keys(SOURCES).join(", ")}.`);

  // The service reads with permissions of its own: its caller needs tag:GetResources and nothing else.
  const services = (arns ?? []).flatMap((arn) => parseArn(arn)?.service ?? []);
  const all = await taggedResources(new Calls(region, region.admin), arns ? services : types.length > 0 ? types.map((type) => type.split(":", 1)[0]!) : undefined);
  const found = all.filter((each) => isOfType(each, types) && hasTags(each, filters) && (arns === undefined || arns.includes(each.arn)));
  const { items, PaginationToken } = page(found, perPage ?? MOST_PER_PAGE, token);
  return {
    PaginationToken,
    ResourceTagMappingList: items.map(({ arn, tags }) => ({ ResourceARN: arn, Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) })),
  };
};
