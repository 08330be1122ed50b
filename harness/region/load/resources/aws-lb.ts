/** https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/lb */
import type { ResourceType } from "../resource";

export const awsLb: ResourceType = (args) => {
  const name = args.text("name");
  const type = args.optionalText("load_balancer_type") ?? "application";
  const some = (list: string[]): string[] | undefined => (list.length > 0 ? list : undefined);
  const mappings = args.blocks("subnet_mapping").map((mapping) => ({
    SubnetId: mapping.text("subnet_id"), AllocationId: mapping.optionalText("allocation_id"), PrivateIPv4Address: mapping.optionalText("private_ipv4_address"), IPv6Address: mapping.optionalText("ipv6_address"),
  }));
  const input = {
    Name: name, Type: type, Scheme: args.optionalFlag("internal") === true ? "internal" : undefined, IpAddressType: args.optionalText("ip_address_type"), Tags: args.tagList(),
    SecurityGroups: some(args.texts("security_groups")), Subnets: some(args.texts("subnets")), ...(mappings.length > 0 ? { SubnetMappings: mappings } : {}),
  };
  args.only("enable_deletion_protection", false);
  args.noEffect("no traffic flows", "idle_timeout", "enable_http2", "drop_invalid_header_fields", "enable_cross_zone_load_balancing", "client_keep_alive", "preserve_host_header", "desync_mitigation_mode");
  return async ({ call }) => {
    const { LoadBalancers: [made] } = await call<{ LoadBalancers: [{ LoadBalancerArn: string; DNSName: string; VpcId: string }] }>("elastic-load-balancing-v2", "CreateLoadBalancer", input);
    const arn = made.LoadBalancerArn;
    return { id: arn, arn, arn_suffix: arn.slice(arn.indexOf("loadbalancer/") + "loadbalancer/".length), name, dns_name: made.DNSName, vpc_id: made.VpcId };
  };
};
