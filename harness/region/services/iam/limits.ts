/** What of IAM is refused by name, and what is taken and changes nothing. */
import type { RefusedMembers } from "../../core/unsupported";

export const REFUSED_MEMBERS: RefusedMembers = {
  ListPolicies: { PolicyUsageFilter: [] },
  ListAttachedRolePolicies: { PathPrefix: ["/"] },
};
