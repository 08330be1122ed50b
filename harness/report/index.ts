/** Writes what a run leaves behind: results.json, junit.xml, report.html, and permissions.json where the target tells of permissions. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { History } from "../model/history";
import type { Results } from "../model/result";
import type { Permissions } from "../model/permissions";
import { reportHtml } from "./html";
import { junitXml } from "./junit";

/** The files by name, in the folder `outDir` (made when missing). Throws the file system's own errors. */
export function writeReports(outDir: string, results: Results, histories: readonly History[], permissions?: Permissions): { results: string; junit: string; html: string } {
  mkdirSync(outDir, { recursive: true });
  const files = { results: join(outDir, "results.json"), junit: join(outDir, "junit.xml"), html: join(outDir, "report.html") };
  writeFileSync(files.results, `${JSON.stringify(results, null, 2)}\n`);
  writeFileSync(files.junit, junitXml(results));
  writeFileSync(files.html, reportHtml(results, histories, permissions));
  if (permissions !== undefined) writeFileSync(join(outDir, "permissions.json"), `${JSON.stringify(permissions, null, 2)}\n`);
  return files;
}
