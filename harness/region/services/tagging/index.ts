/**
 * Resource Groups Tagging API: tags over the services that keep them. Tag policies, their compliance and reports are refused by name.
 * https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/overview.html
 */
import type { RegionContext, Service } from "../../core/types";
import { jsonService } from "../../wire/json";
import { getResources } from "./operations/get-resources";
import { getTagKeys } from "./operations/get-tag-keys";
import { getTagValues } from "./operations/get-tag-values";
import { tagResources, untagResources } from "./operations/tag-resources";

export const createTaggingService = (region: RegionContext): Service => jsonService({
  name: "resource-groups-tagging-api",
  signingName: "tagging",
  version: "1.1",
  targetPrefix: "ResourceGroupsTaggingAPI_20170126",
  region,
  operations: {
    GetResources: getResources,
    GetTagKeys: getTagKeys,
    GetTagValues: getTagValues,
    TagResources: tagResources,
    UntagResources: untagResources,
  },
});
