/** Writes histories to `histories/NAME.json`: keys sorted, so that the same run gives the same bytes. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { History } from "../model/history";

/** JSON with every object's keys in order. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    inner !== null && typeof inner === "object" && !Array.isArray(inner) ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))) : inner, 1);
}

/** The name of a run's file: `name/value` becomes `name--value.json`. */
export const historyFile = (id: string): string => `${id.replaceAll("/", "--")}.json`;

/** Throws the file system's own errors. */
export function writeHistories(outFolder: string, histories: readonly History[]): void {
  const folder = join(outFolder, "histories");
  mkdirSync(folder, { recursive: true });
  for (const history of histories) writeFileSync(join(folder, historyFile(history.run.id)), `${canonicalJson(history)}\n`);
}
