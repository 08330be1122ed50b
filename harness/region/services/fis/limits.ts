/** What of FIS is refused by name. */
export const REFUSED = {
  accounts: "any accountTargeting but 'single-account'",
  s3Logs: "experiment logs in Amazon S3 (logConfiguration.s3Configuration)",
  actionsMode: "any actionsMode but 'run-all'",
} as const;
