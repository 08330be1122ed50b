/** What of SQS is refused by name. */
export const REFUSED = {
  fifo: "FIFO queues",
} as const;
