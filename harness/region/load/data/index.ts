/** The data sources that can be read, by Terraform's names; one file each. */
import type { ResourceType } from "../resource";
import { awsAvailabilityZones } from "./aws-availability-zones";
import { awsCallerIdentity } from "./aws-caller-identity";
import { awsIamPolicyDocument } from "./aws-iam-policy-document";
import { awsPartition } from "./aws-partition";
import { awsRegion } from "./aws-region";
import { awsSsmParameterData } from "./aws-ssm-parameter";
import { awsSubnet } from "./aws-subnet";
import { awsSubnets } from "./aws-subnets";
import { awsVpc } from "./aws-vpc";

export const DATA_TYPES: Readonly<Record<string, ResourceType>> = {
  aws_availability_zones: awsAvailabilityZones,
  aws_caller_identity: awsCallerIdentity,
  aws_iam_policy_document: awsIamPolicyDocument,
  aws_partition: awsPartition,
  aws_region: awsRegion,
  aws_ssm_parameter: awsSsmParameterData,
  aws_subnet: awsSubnet,
  aws_subnets: awsSubnets,
  aws_vpc: awsVpc,
};
