/**
 * Bundles a function of `functions/` for Lambda: one CommonJS file in a zip whose bytes depend on the sources alone. The
 * AWS SDK stays outside, because Lambda's Node.js runtimes have it
 * (https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html).
 */
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { zipSync } from "fflate";

/** The newest Node.js of Lambda that AWS provider 5.100.0 knows. */
export const RUNTIME = "nodejs22.x";

/** What zip can say earliest; the file's own times would differ from checkout to checkout. */
export const ZIP_TIME = new Date("1980-01-02T00:00:00Z");

export interface Bundle {
  /** The zip's path. */
  path: string;
  /** SHA-256 of the zip, in base64, as Lambda states it. */
  sha256: string;
  /** Lambda's handler setting. */
  handler: string;
}

/**
 * Bundles `functions/NAME.ts` into `<projectFolder>/.cache/functions/NAME.zip`.
 *
 * @throws Error with esbuild's messages when the source does not build.
 */
export function bundleFunction(projectFolder: string, name: string): Bundle {
  const { outputFiles } = buildSync({
    absWorkingDir: projectFolder,
    entryPoints: [join("functions", `${name}.ts`)],
    bundle: true,
    write: false,
    platform: "node",
    target: "node22",
    format: "cjs",
    external: ["@aws-sdk/*"],
    charset: "utf8",
    legalComments: "none",
    logLevel: "silent",
  });
  const zip = zipSync({ "index.js": [outputFiles[0]!.contents, { mtime: ZIP_TIME }] }, { level: 9 });
  const folder = join(projectFolder, ".cache", "functions");
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${name}.zip`);
  writeFileSync(path, zip);
  return { path, sha256: createHash("sha256").update(zip).digest("base64"), handler: "index.handler" };
}
