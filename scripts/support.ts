/**
 * Writes docs/feature-support.md from the code's own tables: `npm run support`. With --check it writes nothing and ends
 * with 1 when the page is stale.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { featureSupport } from "./support/document";

export const PAGE = join(__dirname, "..", "docs", "feature-support.md");

/** The first line that differs, for the message; undefined when the texts are the same. */
export function firstDifference(written: string, generated: string): string | undefined {
  if (written === generated) return undefined;
  const [before, after] = [written.split("\n"), generated.split("\n")];
  const line = after.findIndex((text, index) => text !== before[index]);
  const at = line < 0 ? after.length : line;
  return `line ${at + 1} is\n  ${before[at] ?? "(the end)"}\nand the code says\n  ${after[at] ?? "(the end)"}`;
}

function written(): string {
  try {
    return readFileSync(PAGE, "utf8");
  } catch {
    return "";
  }
}

async function main(): Promise<number> {
  const unknown = process.argv.slice(2).find((argument) => argument !== "--check");
  if (unknown !== undefined) {
    console.error(`support: ${unknown} is not known; npm run support, or npm run support -- --check`);
    return 2;
  }
  const generated = await featureSupport();
  if (!process.argv.includes("--check")) {
    writeFileSync(PAGE, generated);
    return 0;
  }
  const difference = firstDifference(written(), generated);
  if (difference === undefined) return 0;
  console.error(`docs/feature-support.md is stale: ${difference}\nWrite it anew with: npm run support`);
  return 1;
}

if (require.main === module) {
  main().then((code) => { process.exitCode = code; }, (error: unknown) => {
    console.error(error);
    process.exitCode = 2;
  });
}
