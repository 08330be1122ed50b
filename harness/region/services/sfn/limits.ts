/** What of Step Functions' API is refused by name. */
export const REFUSED = {
  types: "state machines of any type but STANDARD",
} as const;
