/** https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/data-sources/partition */
import type { ResourceType } from "../resource";

export const awsPartition: ResourceType = () => async ({ region }) => ({ partition: region.partition, id: region.partition, dns_suffix: "amazonaws.com", reverse_dns_prefix: "com.amazonaws" });
