/**
 * Synthesizes the stacks: configuration -> app -> `cdktf.out/stacks/{job,faults}/cdk.tf.json`. `npm run synth` and
 * `cdktf synth` run it. Exit 2 with one message when the configuration or the user data is wrong.
 */
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { App } from "cdktf";
import { ConfigError, readConfig } from "./stacks/config";
import type { Config } from "./stacks/knobs";
import { FaultsStack } from "./stacks/faults-stack";
import { JobStack } from "./stacks/job-stack";
import { UserDataError } from "./stacks/user-data";

/** Context key of the knobs in cdktf.json. */
const CONTEXT_KEY = "spotproof";

/** The configuration of the project in this folder. @throws ConfigError */
function projectConfig(projectFolder: string, environment: NodeJS.ProcessEnv): Config {
  const path = join(projectFolder, "cdktf.json");
  let context: Record<string, unknown> = {};
  if (existsSync(path)) {
    try {
      context = (JSON.parse(readFileSync(path, "utf8")) as { context?: Record<string, unknown> }).context ?? {};
    } catch (error) {
      throw new ConfigError(`cdktf.json is not JSON: ${(error as Error).message}`);
    }
  }
  return readConfig({ context: context[CONTEXT_KEY], contextName: `cdktf.json, context.${CONTEXT_KEY}`, environment });
}

/**
 * Writes both stacks.
 *
 * @param outFolder default: what CDKTF_OUTDIR says, else `cdktf.out`.
 * @throws ConfigError, UserDataError
 */
export function synthesize(projectFolder: string, environment: NodeJS.ProcessEnv, outFolder?: string): void {
  const config = projectConfig(projectFolder, environment);
  const outdir = outFolder ?? environment["CDKTF_OUTDIR"] ?? join(projectFolder, "cdktf.out");
  mkdirSync(outdir, { recursive: true });
  // Assets lie under their hash: those of earlier sources would stay for ever.
  rmSync(join(outdir, "stacks", "job", "assets"), { recursive: true, force: true });
  // Without this, CDKTF writes this machine's paths into the output.
  const app = new App({ outdir, stackTraces: false, context: { excludeStackIdFromLogicalIds: "true", allowSepCharsInLogicalIds: "true" } });
  new JobStack(app, config, projectFolder);
  new FaultsStack(app, config);
  app.synth();
}

if (require.main === module) {
  try {
    synthesize(__dirname, process.env);
    process.stdout.write(`Synthesized the stacks job and faults into ${process.env["CDKTF_OUTDIR"] ?? "cdktf.out"}.\n`);
  } catch (error) {
    if (!(error instanceof ConfigError || error instanceof UserDataError)) throw error;
    process.stderr.write(`spotproof: cannot synthesize:\n${error.message}\n`);
    process.exitCode = 2;
  }
}
