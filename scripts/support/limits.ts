/**
 * The limits that the code states beside itself: `limits.ts` in a folder under harness/, with what is refused by name
 * (`REFUSED`: phrases that the refusals themselves are made of) and what is simpler than on AWS (`SIMPLIFIED`: sentences).
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { InertMembers, RefusedMembers } from "../../harness/region/core/unsupported";
import { bullets, code, codes } from "./markdown";

const HARNESS = join(__dirname, "..", "..", "harness");

interface Limits {
  REFUSED_MEMBERS?: RefusedMembers; INERT_MEMBERS?: InertMembers;
  REFUSED?: Readonly<Record<string, string>>; SIMPLIFIED?: Readonly<Record<string, string>> }

/** The limits of a folder (`region/services/ec2`), written out; nothing when it states none. */
export function limitsOf(folder: string): string[] {
  const file = join(HARNESS, folder, "limits.ts");
  if (!existsSync(file)) return [];
  const { REFUSED = {}, SIMPLIFIED = {}, REFUSED_MEMBERS = {}, INERT_MEMBERS = {} } = require(file) as Limits;
  return [
    ...listed("Refused by name:", Object.values(REFUSED).map((phrase) => `${phrase}.`)),
    ...listed("Parameters refused by name:", Object.entries(REFUSED_MEMBERS).map(([operation, members]) => `${code(operation)}: ${Object.entries(members).map(([name, harmless]) => withExceptions(name, harmless)).join(", ")}`)),
    ...listed("Simpler than on AWS:", Object.values(SIMPLIFIED)),
    ...listed("Parameters that are taken and change nothing:", Object.entries(INERT_MEMBERS).map(([operation, members]) => `${operation === "*" ? "every operation" : code(operation)}: ${Object.entries(members).map(([name, why]) => `${code(name)} (${why})`).join(", ")}`)),
  ];
}

/** A refused member, with the values that it may have. */
const withExceptions = (name: string, harmless: readonly unknown[]): string => (harmless.length === 0 ? code(name) : `${code(name)} (but ${codes(harmless.map((value) => JSON.stringify(value)))})`);

const listed = (heading: string, items: readonly string[]): string[] => (items.length === 0 ? [] : [`${heading}\n\n${bullets(items)}`]);
