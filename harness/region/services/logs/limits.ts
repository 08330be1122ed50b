/** What of CloudWatch Logs is refused by name, and what is taken and changes nothing. */
import type { InertMembers, RefusedMembers } from "../../core/unsupported";

export const REFUSED = {
  languages: "query languages other than Logs Insights QL",
  commands: "the commands of Logs Insights QL pattern, diff, unmask, unnest, filterIndex, anomaly, join, lookup and SOURCE",
  functions: "functions of Logs Insights QL for IP addresses and JSON texts, and now, unixTimeToIso and formatDate",
  aggregations: "the aggregations pct and stddev of Logs Insights QL",
  periods: "periods of months, quarters and years in Logs Insights QL",
} as const;

export const SIMPLIFIED = {
  queryTime: "A query of Logs Insights is complete a second after its start, with all its results.",
  discovered: "Fields are discovered in messages that are JSON objects as a whole; those of Lambda's, VPC's and Route 53's own formats are not.",
  missing: "In queries a comparison with a field that an event lacks is not true, and numbers are shown to four decimals.",
} as const;

export const REFUSED_MEMBERS: RefusedMembers = {
  DescribeLogGroups: { accountIdentifiers: [], includeLinkedAccounts: [] },
  FilterLogEvents: { startFromHead: [true] },
  GetQueryResults: { nextToken: [], maxItems: [] },
  PutMetricFilter: { applyOnTransformedLogs: [], fieldSelectionCriteria: [], emitSystemFieldDimensions: [] },
  PutResourcePolicy: { resourceArn: [], expectedRevisionId: [] },
  DescribeResourcePolicies: { resourceArn: [], policyScope: ["ACCOUNT"] },
  DeleteResourcePolicy: { resourceArn: [], expectedRevisionId: [] },
};

export const INERT_MEMBERS: InertMembers = {
  GetLogEvents: { unmask: "nothing is masked" },
  FilterLogEvents: { unmask: "nothing is masked", interleaved: "events of several streams are always interleaved" },
};
