/**
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonresourcegrouptaggingapi.html. Changing tags
 * needs the tagging action of the resource's own service as well, which that service asks for.
 */
import { anywhere, each, type RuleTable } from "../need";

export const TAGGING: RuleTable = each("GetResources GetTagKeys GetTagValues TagResources UntagResources", (name) => anywhere(`tag:${name}`));
