/** Every operation of EC2 that the region has, by its API name. */
import { authorizeSecurityGroupEgress } from "./authorize-security-group-egress";
import { authorizeSecurityGroupIngress } from "./authorize-security-group-ingress";
import { cancelSpotInstanceRequests } from "./cancel-spot-instance-requests";
import { createFleet } from "./create-fleet";
import { createLaunchTemplateVersion } from "./create-launch-template-version";
import { createLaunchTemplate } from "./create-launch-template";
import { createSecurityGroup } from "./create-security-group";
import { createTags } from "./create-tags";
import { deleteLaunchTemplateVersions } from "./delete-launch-template-versions";
import { deleteLaunchTemplate } from "./delete-launch-template";
import { deleteSecurityGroup } from "./delete-security-group";
import { deleteTags } from "./delete-tags";
import { describeAvailabilityZones } from "./describe-availability-zones";
import { describeFleets } from "./describe-fleets";
import { describeImages } from "./describe-images";
import { describeInstanceAttribute } from "./describe-instance-attribute";
import { describeInstanceStatus } from "./describe-instance-status";
import { describeInstanceTypes } from "./describe-instance-types";
import { describeInstances } from "./describe-instances";
import { describeLaunchTemplateVersions } from "./describe-launch-template-versions";
import { describeLaunchTemplates } from "./describe-launch-templates";
import { describeSecurityGroups } from "./describe-security-groups";
import { describeSpotInstanceRequests } from "./describe-spot-instance-requests";
import { describeSpotPriceHistory } from "./describe-spot-price-history";
import { describeSubnets } from "./describe-subnets";
import { describeTags } from "./describe-tags";
import { describeVpcs } from "./describe-vpcs";
import { getConsoleOutput } from "./get-console-output";
import { modifyInstanceAttribute } from "./modify-instance-attribute";
import { modifyInstanceMetadataOptions } from "./modify-instance-metadata-options";
import { modifyLaunchTemplate } from "./modify-launch-template";
import { requestSpotInstances } from "./request-spot-instances";
import { revokeSecurityGroupEgress } from "./revoke-security-group-egress";
import { revokeSecurityGroupIngress } from "./revoke-security-group-ingress";
import { runInstances } from "./run-instances";
import { stopInstances } from "./stop-instances";
import { terminateInstances } from "./terminate-instances";
import type { Ec2Operation } from "./operation";

export const EC2_OPERATIONS = {
  AuthorizeSecurityGroupEgress: authorizeSecurityGroupEgress,
  AuthorizeSecurityGroupIngress: authorizeSecurityGroupIngress,
  CancelSpotInstanceRequests: cancelSpotInstanceRequests,
  CreateFleet: createFleet,
  CreateLaunchTemplateVersion: createLaunchTemplateVersion,
  CreateLaunchTemplate: createLaunchTemplate,
  CreateSecurityGroup: createSecurityGroup,
  CreateTags: createTags,
  DeleteLaunchTemplateVersions: deleteLaunchTemplateVersions,
  DeleteLaunchTemplate: deleteLaunchTemplate,
  DeleteSecurityGroup: deleteSecurityGroup,
  DeleteTags: deleteTags,
  DescribeAvailabilityZones: describeAvailabilityZones,
  DescribeFleets: describeFleets,
  DescribeImages: describeImages,
  DescribeInstanceAttribute: describeInstanceAttribute,
  DescribeInstanceStatus: describeInstanceStatus,
  DescribeInstanceTypes: describeInstanceTypes,
  DescribeInstances: describeInstances,
  DescribeLaunchTemplateVersions: describeLaunchTemplateVersions,
  DescribeLaunchTemplates: describeLaunchTemplates,
  DescribeSecurityGroups: describeSecurityGroups,
  DescribeSpotInstanceRequests: describeSpotInstanceRequests,
  DescribeSpotPriceHistory: describeSpotPriceHistory,
  DescribeSubnets: describeSubnets,
  DescribeTags: describeTags,
  DescribeVpcs: describeVpcs,
  GetConsoleOutput: getConsoleOutput,
  ModifyInstanceAttribute: modifyInstanceAttribute,
  ModifyInstanceMetadataOptions: modifyInstanceMetadataOptions,
  ModifyLaunchTemplate: modifyLaunchTemplate,
  RequestSpotInstances: requestSpotInstances,
  RevokeSecurityGroupEgress: revokeSecurityGroupEgress,
  RevokeSecurityGroupIngress: revokeSecurityGroupIngress,
  RunInstances: runInstances,
  StopInstances: stopInstances,
  TerminateInstances: terminateInstances,
} as const satisfies Record<string, Ec2Operation>;
