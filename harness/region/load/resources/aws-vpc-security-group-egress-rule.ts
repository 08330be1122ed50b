/** https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/vpc_security_group_egress_rule */
import { securityGroupRule } from "../security-group-rule";

export const awsVpcSecurityGroupEgressRule = securityGroupRule("AuthorizeSecurityGroupEgress");
