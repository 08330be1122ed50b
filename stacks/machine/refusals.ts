/** Launches that cannot succeed however long one waits. */

/** Why a launch cannot succeed however long one waits, and what to do about it. `phrase` is looked for in exceptions' texts. */
export const REFUSALS: readonly { codes: string[]; phrase: string; fix: string }[] = [
  {
    codes: ["UnauthorizedOperation", "AccessDenied", "AccessDeniedException"],
    phrase: "not authorized",
    fix: "The state machine's role lacks a permission, or a service control policy denies it: deploy the job stack again, and compare the role's policy with the message.",
  },
  {
    codes: ["AuthFailure.ServiceLinkedRoleCreationNotPermitted"],
    phrase: "service-linked role",
    fix: "The account has no Spot service-linked role: aws iam create-service-linked-role --aws-service-name spot.amazonaws.com",
  },
  {
    codes: ["InvalidAMIID.NotFound", "InvalidAMIID.Malformed", "InvalidAMIID.Unavailable", "InvalidSystemsManagerParameter"],
    phrase: "image id",
    fix: "The knob amiId names no usable image of this region: set it and deploy again.",
  },
  {
    codes: ["InvalidSubnetID.NotFound", "InvalidSubnet", "InvalidGroup.NotFound", "InvalidSecurityGroupID.NotFound"],
    phrase: "subnet ID",
    fix: "A subnet or security group of the knobs subnetIds, vpcId and securityGroupIds does not exist here: set them and deploy again.",
  },
  {
    codes: ["InvalidLaunchTemplateId.NotFound", "InvalidLaunchTemplateId.VersionNotFound", "InvalidLaunchTemplateName.NotFoundException"],
    phrase: "launch template",
    fix: "The launch template is gone: deploy the job stack again.",
  },
  {
    codes: ["InvalidParameterValue", "InvalidParameterCombination", "InvalidParameter", "InvalidBlockDeviceMapping"],
    phrase: "invalid parameter",
    fix: "EC2 refuses the launch template with these knobs: mend what the message names and deploy again.",
  },
];
