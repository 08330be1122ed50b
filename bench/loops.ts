/** The state machine that all are measured by: it counts from 0 to `limit`, two transitions a step. */
export const JSONPATH_LOOP = {
  StartAt: "Add", States: {
    Add: { Type: "Pass", Parameters: { "count.$": "States.MathAdd($.count, 1)", "limit.$": "$.limit" }, Next: "More?" },
    "More?": { Type: "Choice", Choices: [{ Variable: "$.count", NumericLessThanPath: "$.limit", Next: "Add" }], Default: "Done" },
    Done: { Type: "Succeed" },
  },
};
const JSONATA_LOOP = {
  QueryLanguage: "JSONata", StartAt: "Add", States: {
    Add: { Type: "Pass", Output: { count: "{% $states.input.count + 1 %}", limit: "{% $states.input.limit %}" }, Next: "More?" },
    "More?": { Type: "Choice", Choices: [{ Condition: "{% $states.input.count < $states.input.limit %}", Next: "Add" }], Default: "Done" },
    Done: { Type: "Succeed" },
  },
};
export const LANGUAGES = { JSONPath: JSONPATH_LOOP, JSONata: JSONATA_LOOP } as const;
export type Language = keyof typeof LANGUAGES;

export const loopInput = (transitions: number): { count: number; limit: number } => ({ count: 0, limit: transitions / 2 });

/** Throws when the loop did not end as it must. */
export function checkLoop(output: unknown, transitions: number): void {
  const { count } = (typeof output === "string" ? JSON.parse(output) : output) as { count?: number };
  if (count !== transitions / 2) throw new Error(`the loop of ${transitions} transitions ended at ${String(count)}`);
}
