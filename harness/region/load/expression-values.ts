/** What expressions and functions make of values, and how they say that they cannot. */

/** What is wrong with an expression, in words; who evaluates it says where. */
export class ExpressionError extends Error {
  override name = "ExpressionError";
}

/** A value within text. @throws ExpressionError for lists and objects, as Terraform does */
export function asText(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (value === null || value === undefined) throw new ExpressionError("a value that is not set cannot stand within text");
  throw new ExpressionError(`a ${Array.isArray(value) ? "list" : "object"} cannot stand within text; jsonencode makes text of it`);
}
