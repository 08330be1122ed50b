/**
 * The Availability Zones of the regions that can be embedded. us-east-1e is left out: it has none of the current instance types.
 * https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-availability-zones.html
 */
import { UsageError } from "../model/errors";

const ZONE_IDS: Record<string, { prefix: string; letters: string }> = {
  "us-east-1": { prefix: "use1", letters: "abcdf" },
  "us-east-2": { prefix: "use2", letters: "abc" },
  "us-west-1": { prefix: "usw1", letters: "ab" },
  "us-west-2": { prefix: "usw2", letters: "abcd" },
  "ca-central-1": { prefix: "cac1", letters: "abd" },
  "eu-west-1": { prefix: "euw1", letters: "abc" },
  "eu-west-2": { prefix: "euw2", letters: "abc" },
  "eu-west-3": { prefix: "euw3", letters: "abc" },
  "eu-central-1": { prefix: "euc1", letters: "abc" },
  "eu-north-1": { prefix: "eun1", letters: "abc" },
  "ap-southeast-1": { prefix: "apse1", letters: "abc" },
  "ap-southeast-2": { prefix: "apse2", letters: "abc" },
  "ap-northeast-1": { prefix: "apne1", letters: "acd" },
  "ap-south-1": { prefix: "aps1", letters: "abc" },
  "sa-east-1": { prefix: "sae1", letters: "abc" },
};

/**
 * A region's zones with their ids. A zone's letter is mapped to an id for each account anew; here the first letter has the first id.
 * @throws UsageError for a region that is not in the table
 */
export function zonesOf(regionName: string): { name: string; id: string }[] {
  const zones = ZONE_IDS[regionName];
  if (!zones) throw new UsageError(`The embedded region cannot be '${regionName}'.`, `Choose one of: ${Object.keys(ZONE_IDS).join(", ")}.`);
  return [...zones.letters].map((letter, index) => ({ name: `${regionName}${letter}`, id: `${zones.prefix}-az${index + 1}` }));
}
