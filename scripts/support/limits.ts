/**
 * The limits that the code states beside itself: `limits.ts` in a folder under harness/, with what is refused by name
 * (`REFUSED`: phrases that the refusals themselves are made of) and what is simpler than on AWS (`SIMPLIFIED`: sentences).
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { bullets } from "./markdown";

const HARNESS = join(__dirname, "..", "..", "harness");

interface Limits { REFUSED?: Readonly<Record<string, string>>; SIMPLIFIED?: Readonly<Record<string, string>> }

/** The limits of a folder (`region/services/ec2`), written out; nothing when it states none. */
export function limitsOf(folder: string): string[] {
  const file = join(HARNESS, folder, "limits.ts");
  if (!existsSync(file)) return [];
  const { REFUSED = {}, SIMPLIFIED = {} } = require(file) as Limits;
  return [
    ...listed("Refused by name:", Object.values(REFUSED).map((phrase) => `${phrase}.`)),
    ...listed("Simpler than on AWS:", Object.values(SIMPLIFIED)),
  ];
}

const listed = (heading: string, items: readonly string[]): string[] => (items.length === 0 ? [] : [`${heading}\n\n${bullets(items)}`]);
