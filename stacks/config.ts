/**
 * A deployment's configuration. Values of its knobs come from `cdktf.json` (context key `spotproof`) and the environment (`SPOTPROOF_`
 * and the name in upper snake case); the environment wins.
 *
 * Whatever is not a knob is refused, and so is a value that its knob does not allow: a deployment that differs silently
 * from what was asked for is worse than none.
 */
import { MOST_FAILED_LAUNCHES } from "./history-bounds";
import { KNOBS, type Config, type Knob, type KnobName } from "./knobs";

/** A knob's value is wrong, or there is no such knob. The message is complete: it needs no stack trace. */
export class ConfigError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "ConfigError";
  }
}

/** The environment variable of a knob: `spotMaxPrice` is `SPOTPROOF_SPOT_MAX_PRICE`. */
export function environmentName(name: string): string {
  return "SPOTPROOF_" + name.replace(/GiB$/, "Gib").replace(/[A-Z]/g, (letter) => "_" + letter).toUpperCase();
}

/** Variables with the same beginning that are no knobs: the harness reads them. */
const OTHER_VARIABLES = new Set(["SPOTPROOF_PYTHON"]);

/** Where the values come from. */
export interface ConfigSources {
  /** What stands under `spotproof` in the context. */
  context: unknown;
  /** How to name that place in a message. */
  contextName: string;
  environment: Readonly<Record<string, string | undefined>>;
}

/**
 * The configuration, checked. An environment variable that is set but empty counts as not given.
 *
 * @throws ConfigError with the knob's name, what was given, where it came from and what is allowed, for every wrong one.
 */
export function readConfig(sources: ConfigSources): Config {
  const problems: string[] = [];
  const context = contextKnobs(sources, problems);
  const environment = environmentKnobs(sources, problems);
  const config: Record<string, unknown> = {};
  for (const [name, row] of Object.entries(KNOBS) as [KnobName, Knob<unknown>][]) {
    const given = environment.get(name) ?? context.get(name);
    if (given === undefined) {
      config[name] = row.default;
      continue;
    }
    const checked = row.kind.check(given.value);
    if ("value" in checked) config[name] = checked.value ?? row.default;
    else problems.push(`${name}: ${show(given.shown)} (from ${given.source}) is not allowed; it must be ${checked.allowed}`);
  }
  if (problems.length === 0) problems.push(...contradictions(config as Config));
  if (problems.length > 0) throw new ConfigError(problems.join("\n"));
  return config as Config;
}

interface Given { value: unknown; shown: unknown; source: string }

function contextKnobs(sources: ConfigSources, problems: string[]): Map<string, Given> {
  const { context, contextName } = sources;
  const found = new Map<string, Given>();
  if (context === undefined || context === null) return found;
  if (typeof context !== "object" || Array.isArray(context)) {
    problems.push(`${contextName} is ${show(context)}; it must be an object whose keys are knobs, such as {"name": "spotproof"}`);
    return found;
  }
  for (const [name, value] of Object.entries(context)) {
    if (!(name in KNOBS)) problems.push(`${name}: there is no such knob (from ${contextName})${suggestion(name, Object.keys(KNOBS))}`);
    else found.set(name, { value, shown: value, source: contextName });
  }
  return found;
}

function environmentKnobs(sources: ConfigSources, problems: string[]): Map<string, Given> {
  const byVariable = new Map((Object.keys(KNOBS) as KnobName[]).map((name) => [environmentName(name), name]));
  const found = new Map<string, Given>();
  for (const [variable, text] of Object.entries(sources.environment)) {
    if (!variable.startsWith("SPOTPROOF_") || OTHER_VARIABLES.has(variable) || text === undefined || text === "") continue;
    const name = byVariable.get(variable);
    if (name === undefined) problems.push(`${variable}: there is no such knob (from the environment)${suggestion(variable, [...byVariable.keys()])}`);
    else found.set(name, { value: KNOBS[name].kind.fromText(text), shown: text, source: `the environment, ${variable}` });
  }
  return found;
}

/** What no single knob can see. */
function contradictions(config: Config): string[] {
  const problems: string[] = [];
  const hasVpc = config.vpcId !== undefined;
  const hasSubnets = config.subnetIds.length > 0;
  if (hasVpc && !hasSubnets) problems.push(`subnetIds: none given, but vpcId is ${config.vpcId}; give both, or neither for the default VPC`);
  if (hasSubnets && !hasVpc) problems.push(`vpcId: none given, but subnetIds is ${show(config.subnetIds)}; give both, or neither for the default VPC`);
  if (hasSubnets && config.zones.length > 0) problems.push(`zones: ${show(config.zones)} given beside subnetIds; subnets have their zones, give one of the two`);
  for (const zone of config.zones) {
    if (!zone.startsWith(config.region)) problems.push(`zones: ${zone} is not in region ${config.region}`);
  }
  if (config.jobArtifact !== undefined && config.jobCommand === undefined) {
    problems.push(`jobCommand: none given, but jobArtifact is ${config.jobArtifact}; say which command to run in the unpacked folder`);
  }
  if (config.noCapacityMaxWaitSeconds < config.noCapacityWaitSeconds) {
    problems.push(
      `noCapacityMaxWaitSeconds: ${config.noCapacityMaxWaitSeconds} is less than noCapacityWaitSeconds, ${config.noCapacityWaitSeconds}; it must be at least as much`,
    );
  }
  const waits = Math.ceil((config.noCapacityLimitMinutes * 60) / config.noCapacityMaxWaitSeconds);
  if (waits > MOST_FAILED_LAUNCHES) {
    problems.push(
      `noCapacityLimitMinutes: ${config.noCapacityLimitMinutes} is more than ${MOST_FAILED_LAUNCHES} waits of noCapacityMaxWaitSeconds, ${config.noCapacityMaxWaitSeconds}, ` +
        `and an execution has no room for more; give at most ${Math.floor((MOST_FAILED_LAUNCHES * config.noCapacityMaxWaitSeconds) / 60)}, or longer waits`,
    );
  }
  if (config.onDemandAfterMinutes !== undefined && config.onDemandAfterMinutes >= config.noCapacityLimitMinutes) {
    problems.push(`onDemandAfterMinutes: ${config.onDemandAfterMinutes} must be less than noCapacityLimitMinutes, ${config.noCapacityLimitMinutes}`);
  }
  if (config.attemptTimeoutSeconds !== undefined && config.attemptTimeoutSeconds <= config.heartbeatSeconds) {
    problems.push(`attemptTimeoutSeconds: ${config.attemptTimeoutSeconds} must be more than heartbeatSeconds, ${config.heartbeatSeconds}`);
  }
  return problems;
}

function show(value: unknown): string {
  return JSON.stringify(value) ?? String(value);
}

/** The knob that was probably meant: the one that differs in the fewest letters, if there are few of them. */
function suggestion(given: string, names: string[]): string {
  const nearest = names.map((name) => ({ name, distance: editDistance(given.toLowerCase(), name.toLowerCase()) })).sort((a, b) => a.distance - b.distance)[0];
  return nearest !== undefined && nearest.distance <= 3 ? `; did you mean ${nearest.name}?` : `; knobs are ${names.join(", ")}`;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length]!;
}
