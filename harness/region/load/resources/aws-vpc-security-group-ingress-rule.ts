/** https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/vpc_security_group_ingress_rule */
import { securityGroupRule } from "../security-group-rule";

export const awsVpcSecurityGroupIngressRule = securityGroupRule("AuthorizeSecurityGroupIngress");
