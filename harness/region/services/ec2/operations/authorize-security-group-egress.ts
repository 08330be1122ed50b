/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AuthorizeSecurityGroupEgress.html */
import type { Ec2Operation } from "./operation";
import { authorize } from "./security-groups";

export const authorizeSecurityGroupEgress: Ec2Operation = (core) => (input) => authorize(core, input, true);
