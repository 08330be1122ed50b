/**
 * Launches that cannot succeed however long one waits, and what to do about them.
 *
 * EC2's codes: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html. A fleet has them in its Errors; a call that fails
 * has one name for all of them, Ec2.Ec2Exception, so that its text has to be looked into.
 */

export interface Refusal {
  codes: string[];
  /** Parts of the exceptions' texts. */
  phrases: string[];
  fix: string;
}

/** What the deployment must mend. */
export const REFUSALS: readonly Refusal[] = [
  {
    codes: ["UnauthorizedOperation", "AccessDenied", "AccessDeniedException"],
    phrases: ["not authorized"],
    fix: "The state machine's role lacks a permission, or a service control policy denies it: deploy the job stack again, and compare the role's policy with the message.",
  },
  {
    codes: ["AuthFailure.ServiceLinkedRoleCreationNotPermitted"],
    phrases: ["service-linked role"],
    fix: "The account has no Spot service-linked role: aws iam create-service-linked-role --aws-service-name spot.amazonaws.com",
  },
  {
    codes: ["InvalidAMIID.NotFound", "InvalidAMIID.Malformed", "InvalidAMIID.Unavailable", "InvalidSystemsManagerParameter"],
    phrases: ["image id"],
    fix: "The knob amiId names no usable image of this region: set it and deploy again.",
  },
  {
    codes: ["InvalidSubnetID.NotFound", "InvalidSubnet", "InvalidGroup.NotFound", "InvalidSecurityGroupID.NotFound"],
    phrases: ["subnet id", "security group"],
    fix: "A subnet or security group of the knobs subnetIds, vpcId and securityGroupIds does not exist here: set them and deploy again.",
  },
  {
    codes: ["InvalidLaunchTemplateId.NotFound", "InvalidLaunchTemplateId.VersionNotFound", "InvalidLaunchTemplateName.NotFoundException"],
    phrases: ["launch template"],
    fix: "The launch template is gone: deploy the job stack again.",
  },
  {
    codes: ["InvalidParameterValue", "InvalidParameterCombination", "InvalidParameter", "InvalidBlockDeviceMapping"],
    phrases: ["invalid parameter"],
    fix: "EC2 refuses the launch template with these knobs: mend what the message names and deploy again.",
  },
];

/**
 * A quota of the account. Instances of this execution that are going still count, so that it is no refusal at once while there may be one.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-spot-limits.html,
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-on-demand-instances.html#ec2-on-demand-instances-limits
 */
export const QUOTA: Refusal = {
  codes: ["MaxSpotInstanceCountExceeded", "VcpuLimitExceeded", "InstanceLimitExceeded"],
  phrases: ["max spot instance count exceeded", "vcpu limit"],
  fix: "The account's quota of vCPUs is used up: end what else runs, name smaller instance types (knob instanceTypes), or ask for more in Service Quotas (Amazon EC2: All Standard Spot Instance Requests, or Running On-Demand Standard instances).",
};
