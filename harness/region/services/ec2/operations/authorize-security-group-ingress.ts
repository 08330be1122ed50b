/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AuthorizeSecurityGroupIngress.html */
import type { Ec2Operation } from "./operation";
import { authorize } from "./security-groups";

export const authorizeSecurityGroupIngress: Ec2Operation = (core) => (input) => authorize(core, input, false);
