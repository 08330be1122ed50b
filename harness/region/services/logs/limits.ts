/** What of CloudWatch Logs is refused by name, and what is taken and changes nothing. */
import type { InertMembers, RefusedMembers } from "../../core/unsupported";

export const REFUSED_MEMBERS: RefusedMembers = {
  DescribeLogGroups: { accountIdentifiers: [], includeLinkedAccounts: [] },
  FilterLogEvents: { startFromHead: [true] },
  PutMetricFilter: { applyOnTransformedLogs: [], fieldSelectionCriteria: [], emitSystemFieldDimensions: [] },
  PutResourcePolicy: { resourceArn: [], expectedRevisionId: [] },
  DescribeResourcePolicies: { resourceArn: [], policyScope: ["ACCOUNT"] },
  DeleteResourcePolicy: { resourceArn: [], expectedRevisionId: [] },
};

export const INERT_MEMBERS: InertMembers = {
  GetLogEvents: { unmask: "nothing is masked" },
  FilterLogEvents: { unmask: "nothing is masked", interleaved: "events of several streams are always interleaved" },
};
