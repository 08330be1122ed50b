/** What of EventBridge is refused by name. */
export const REFUSED = {
  partnerSources: "partner event sources",
  busDeadLetters: "DeadLetterConfig of an event bus",
  targets: "targets other than Lambda functions, Step Functions state machines and log groups",
} as const;
