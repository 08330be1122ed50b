/** Writes what a run leaves behind: results.json, junit.xml, report.html. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { History } from "../model/history";
import type { Results } from "../model/result";
import { reportHtml } from "./html";
import { junitXml } from "./junit";

/** The three files by name, in the folder `outDir` (made when missing). Throws the file system's own errors. */
export function writeReports(outDir: string, results: Results, histories: readonly History[]): { results: string; junit: string; html: string } {
  mkdirSync(outDir, { recursive: true });
  const files = { results: join(outDir, "results.json"), junit: join(outDir, "junit.xml"), html: join(outDir, "report.html") };
  writeFileSync(files.results, `${JSON.stringify(results, null, 2)}\n`);
  writeFileSync(files.junit, junitXml(results));
  writeFileSync(files.html, reportHtml(results, histories));
  return files;
}
