/** What of FIS is refused by name (phrases that complete "The embedded region does not support …"), and what is simpler than on AWS. */
export const REFUSED = {
  accounts: "experiments over several accounts (experimentOptions.accountTargeting: multi-account, targetAccountConfigurations)",
  reports: "experiment reports (experimentReportConfiguration)",
  kinesis: "the service kinesis in the inject-api-error actions; only ec2",
  scopes: "the scopes availability-zone, prefix-list, s3express and vpc of aws:network:disrupt-connectivity",
} as const;

export const SIMPLIFIED = {
  networkAcls: "aws:network:disrupt-connectivity drops what instances send to the region's services; network ACLs are not shown by EC2. On a scaled clock sockets' time-outs are real seconds.",
  logSetup: "Log delivery is set up at once; on AWS an experiment's first use of a destination waits some 15 seconds for it.",
  s3Logs: "Logs in a bucket are delivered as one object when the experiment is over.",
  stopConditions: "Whether the alarms of stop conditions exist is found out when an experiment starts.",
  wording: "AWS documents no messages of its refusals: those for target keys are the service's own, the others follow them.",
  experimentDuration: "An experiment may run longer than AWS's quota of 12 hours when its actions follow one another.",
} as const;
