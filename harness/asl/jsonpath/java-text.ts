/** Values as Java's own toString shows them: the service passes such texts on where it makes a text of lists and objects. */
import type { Json } from "../json";

export function javaText(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(javaText).join(", ")}]`;
  if (typeof value === "object" && value !== null) return `{${Object.entries(value).map(([name, member]) => `${name}=${javaText(member)}`).join(", ")}}`;
  return String(value);
}
