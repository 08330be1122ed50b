/** What of the States Language is refused by name. */
export const REFUSED = {
  distributedMaps: "Map states of Mode DISTRIBUTED",
} as const;

export const SIMPLIFIED = {
  numbers: "Numbers of inputs and outputs are 64-bit floats, written in their shortest form: 1.0 becomes 1, and whole numbers beyond 2^53 lose digits. The text of an execution's own input stays as it was given.",
  memory: "What a JSONata expression may hold is limited by the length of its lists, not of its texts.",
  toleratedFailures: "ToleratedFailureCount and ToleratedFailurePercentage do nothing: they are for Map states of Mode DISTRIBUTED.",
} as const;
