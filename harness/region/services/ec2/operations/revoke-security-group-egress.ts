/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RevokeSecurityGroupEgress.html */
import type { Ec2Operation } from "./operation";
import { revoke } from "./security-groups";

export const revokeSecurityGroupEgress: Ec2Operation = (core) => (input) => revoke(core, input, true);
