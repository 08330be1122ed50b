/** What of IAM is refused by name, and what is simpler than on AWS, of how it decides calls too. */
import type { RefusedMembers } from "../../core/unsupported";
import { AWS_MANAGED_POLICIES } from "./aws-managed-policies";

export const REFUSED_MEMBERS: RefusedMembers = {
  ListPolicies: { PolicyUsageFilter: [] },
  ListAttachedRolePolicies: { PathPrefix: ["/"] },
};

export const SIMPLIFIED = {
  principals: "Callers are the administrator (every access key that the region did not give out) and sessions of roles; there are no users, groups, service control policies or session policies.",
  managed: `Of AWS's own managed policies there are ${Object.keys(AWS_MANAGED_POLICIES).join(", ")}; others are refused by name.`,
  keys: "Condition keys that the region does not give count as absent, as IAM counts a key that a request does not have. aws:SecureTransport is always true: the loopback port stands for AWS's endpoints.",
  tags: "aws:ResourceTag is known of EC2's resources, state machines, FIS's templates and experiments, functions, and roles that are assumed; of other resources it counts as absent.",
  fleets: "CreateFleet is authorized on all that its instances would use and be made of, as the Service Authorization Reference lists its resource types; which of them AWS asks for, it does not say.",
  logDelivery: "A state machine's role must have all the permissions for log delivery that Step Functions' guide lists as soon as a machine with logging is created; when AWS uses which, it does not say.",
  decoding: "EC2's encoded authorization message is JSON in base64, without the conditions that failed.",
  propagation: "A changed policy holds at once; on AWS it takes some seconds.",
} as const;
