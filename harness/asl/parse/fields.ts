/**
 * Which fields a state may have, by its type and query language, and which it must.
 * https://docs.aws.amazon.com/step-functions/latest/dg/workflow-states.html
 */
import type { StateType } from "../state-types";

export type QueryLanguage = "JSONPath" | "JSONata";

export const EVERYWHERE = ["Type", "Comment", "QueryLanguage"];
const TRANSITION = ["Next", "End"];
const PATHS = ["InputPath", "OutputPath"];
const RECOVERY = ["Retry", "Catch"];

export interface FieldTable { both: readonly string[]; JSONPath: readonly string[]; JSONata: readonly string[]; required: readonly string[] }

export const STATE_FIELDS: Readonly<Record<StateType, FieldTable>> = {
  Pass: { both: [...TRANSITION, "Assign"], JSONPath: [...PATHS, "Parameters", "ResultPath", "Result"], JSONata: ["Output"], required: [] },
  Task: {
    both: [...TRANSITION, ...RECOVERY, "Assign", "Resource", "TimeoutSeconds", "HeartbeatSeconds", "Credentials"],
    JSONPath: [...PATHS, "Parameters", "ResultSelector", "ResultPath", "TimeoutSecondsPath", "HeartbeatSecondsPath"],
    JSONata: ["Arguments", "Output"],
    required: ["Resource"],
  },
  Choice: { both: ["Choices", "Default", "Assign"], JSONPath: PATHS, JSONata: ["Output"], required: ["Choices"] },
  Wait: { both: [...TRANSITION, "Assign", "Seconds", "Timestamp"], JSONPath: [...PATHS, "SecondsPath", "TimestampPath"], JSONata: ["Output"], required: [] },
  Succeed: { both: [], JSONPath: PATHS, JSONata: ["Output"], required: [] },
  Fail: { both: ["Error", "Cause"], JSONPath: ["ErrorPath", "CausePath"], JSONata: [], required: [] },
  Parallel: {
    both: [...TRANSITION, ...RECOVERY, "Assign", "Branches"],
    JSONPath: [...PATHS, "Parameters", "ResultSelector", "ResultPath"],
    JSONata: ["Arguments", "Output"],
    required: ["Branches"],
  },
  Map: {
    both: [
      ...TRANSITION, ...RECOVERY, "Assign", "ItemProcessor", "Iterator", "ItemSelector", "MaxConcurrency", "Label",
      "ItemReader", "ItemBatcher", "ResultWriter", "ToleratedFailurePercentage", "ToleratedFailureCount",
    ],
    JSONPath: [...PATHS, "Parameters", "ResultSelector", "ResultPath", "ItemsPath", "MaxConcurrencyPath", "ToleratedFailurePercentagePath", "ToleratedFailureCountPath"],
    JSONata: ["Items", "Output"],
    required: [],
  },
};

/** What an inline Map may have in its definition, and fails of when it runs. */
export const DISTRIBUTED_FIELDS = ["ItemReader", "ItemBatcher", "ResultWriter"] as const;

export const requiredFields = (type: StateType): readonly string[] => STATE_FIELDS[type].required;
export const hasTransition = (type: StateType): boolean => STATE_FIELDS[type].both.includes("Next");

/** Whether the field belongs to states of that type and language; or only to those of the other language. */
export function fieldStatus(type: StateType, language: QueryLanguage, field: string): "known" | "other-language" | "unknown" {
  const table = STATE_FIELDS[type];
  if (EVERYWHERE.includes(field) || table.both.includes(field) || table[language].includes(field)) return "known";
  return table[language === "JSONata" ? "JSONPath" : "JSONata"].includes(field) ? "other-language" : "unknown";
}
