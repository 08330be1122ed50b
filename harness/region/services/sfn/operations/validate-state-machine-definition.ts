/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_ValidateStateMachineDefinition.html */
import type { Operation } from "../../../core/types";
import { validateDefinition } from "../definition";
import { constraint, memberNull } from "../errors";
import { readMaxResults } from "../input";
import type { SfnStore } from "../store";

interface ValidateInput { definition?: string; type?: string; severity?: "ERROR" | "WARNING"; maxResults?: number }

export const validateStateMachineDefinition = (store: SfnStore): Operation<ValidateInput> => ({ definition, type = "STANDARD", severity = "ERROR", maxResults }) => {
  if (definition === undefined) throw memberNull("definition");
  if (type !== "STANDARD" && type !== "EXPRESS") throw constraint(type, "type", "Member must satisfy enum value set: [STANDARD, EXPRESS]");
  const found = validateDefinition(store.region, definition, type).diagnostics;
  const wanted = found.filter((diagnostic) => diagnostic.severity === "ERROR" || severity === "WARNING");
  const limit = readMaxResults(maxResults, 100, 100);
  return { result: found.some((diagnostic) => diagnostic.severity === "ERROR") ? "FAIL" : "OK", diagnostics: wanted.slice(0, limit), truncated: wanted.length > limit };
};
