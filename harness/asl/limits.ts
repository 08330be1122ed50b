/** What of the States Language is refused by name. */
export const REFUSED = {
  distributedMaps: "Map states of Mode DISTRIBUTED",
} as const;
