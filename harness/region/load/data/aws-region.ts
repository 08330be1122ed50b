/** https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/data-sources/region */
import type { ResourceType } from "../resource";

export const awsRegion: ResourceType = () => async ({ region }) => ({ name: region.regionName, id: region.regionName, endpoint: `ec2.${region.regionName}.amazonaws.com` });
