/**
 * systemd's service units, as far as a guest carries them out; a directive that is not in the table is refused by name.
 * https://www.freedesktop.org/software/systemd/man/latest/systemd.service.html (and systemd.unit, systemd.exec, systemd.kill)
 */
import { splitWords } from "./words";

export interface UnitFile {
  name: string;
  description: string;
  /** Words of the command; a leading `-` is taken off into `ignoreFailure`. */
  command: string[];
  ignoreFailure: boolean;
  /** The command leaves the service's processes in the background, and ends. */
  isForking: boolean;
  environment: Record<string, string>;
  /** Paths; `optional` ones (written with a leading `-`) may be missing. */
  environmentFiles: { path: string; optional: boolean }[];
  workingDirectory?: string;
  stateDirectory?: string;
  restart: "no" | "on-failure" | "always";
  restartSeconds: number;
  /** How long a stop waits until it kills; Infinity: for ever. */
  stopSeconds: number;
  killMode: "mixed" | "control-group" | "process";
  /** What becomes of the unit when the kernel, out of memory, kills one of its processes. */
  oomPolicy: "continue" | "stop" | "kill";
  /** How much rather than others the kernel kills its processes then: from -1000, never, to 1000. */
  oomScoreAdjust: number;
  /** Exit codes that count as success besides 0. */
  successCodes: number[];
  startLimitSeconds: number;
  startLimitBurst: number;
}

type Directive = (unit: UnitFile, value: string) => void;
const ignored: Directive = () => undefined;

function oneOf<T extends string>(values: readonly T[], set: (unit: UnitFile, value: T) => void): Directive {
  return (unit, value) => {
    const known = values.find((each) => each === value);
    if (known === undefined) throw new Error(`"${value}" is not supported (what is: ${values.join(", ")})`);
    set(unit, known);
  };
}

/** Every directive that is supported, by section. */
export const DIRECTIVES: Record<string, Record<string, Directive>> = {
  Unit: {
    Description: (unit, value) => { unit.description = value; },
    Documentation: ignored,
    // A guest's network and file systems are there before its units start.
    After: ignored,
    Wants: ignored,
    StartLimitIntervalSec: (unit, value) => { unit.startLimitSeconds = parseTimeSpan(value); },
    StartLimitBurst: (unit, value) => { unit.startLimitBurst = wholeNumber(value); },
  },
  Service: {
    Type: oneOf(["simple", "exec", "forking"], (unit, value) => { unit.isForking = value === "forking"; }),
    ExecStart(unit, value) {
      if (unit.command.length > 0) throw new Error("a second command is not supported");
      const [, prefix, line] = /^([-@:+!]*)(.*)$/s.exec(value)!;
      if (prefix !== "" && prefix !== "-") throw new Error(`the prefix "${prefix}" is not supported, only "-"`);
      if (line!.replaceAll("%%", "").includes("%")) throw new Error("specifiers (%) are not supported");
      unit.ignoreFailure = prefix === "-";
      unit.command = splitWords(line!.replaceAll("%%", "%"));
      if (!unit.command[0]?.startsWith("/")) throw new Error("the command must begin with an absolute path");
    },
    Environment(unit, value) {
      for (const word of splitWords(value)) assign(unit.environment, word);
    },
    EnvironmentFile(unit, value) {
      const optional = value.startsWith("-");
      unit.environmentFiles.push({ path: optional ? value.slice(1) : value, optional });
    },
    WorkingDirectory: (unit, value) => { unit.workingDirectory = value; },
    StateDirectory(unit, value) {
      if (!/^[\w.-]+$/.test(value) || value === "." || value === "..") throw new Error(`"${value}" is not supported: one name, without "/"`);
      unit.stateDirectory = value;
    },
    Restart: oneOf(["no", "on-failure", "always"], (unit, value) => { unit.restart = value; }),
    RestartSec: (unit, value) => { unit.restartSeconds = parseTimeSpan(value); },
    TimeoutStopSec: (unit, value) => { unit.stopSeconds = parseTimeSpan(value); },
    KillMode: oneOf(["mixed", "control-group", "process"], (unit, value) => { unit.killMode = value; }),
    OOMPolicy: oneOf(["continue", "stop", "kill"], (unit, value) => { unit.oomPolicy = value; }),
    OOMScoreAdjust: (unit, value) => { unit.oomScoreAdjust = scoreAdjustment(value); },
    SuccessExitStatus: (unit, value) => { unit.successCodes.push(...value.split(/\s+/).filter(Boolean).map(exitCode)); },
    StandardOutput: oneOf(["journal", "inherit"], () => undefined),
    StandardError: oneOf(["journal", "inherit"], () => undefined),
    User: oneOf(["root"], () => undefined),
  },
  Install: { WantedBy: ignored },
};

/** Reads a unit. Throws an Error that names the unit, the line and what is wrong or not supported. */
export function parseUnit(name: string, text: string): UnitFile {
  const unit: UnitFile = {
    name,
    description: name,
    command: [],
    ignoreFailure: false,
    isForking: false,
    environment: {},
    environmentFiles: [],
    restart: "no",
    restartSeconds: 0.1,
    stopSeconds: 90,
    killMode: "control-group",
    oomPolicy: "stop",
    oomScoreAdjust: 0,
    successCodes: [],
    startLimitSeconds: 10,
    startLimitBurst: 5,
  };
  let section: string | undefined;
  for (const { line, number } of logicalLines(text)) {
    const fail = (problem: string): never => {
      throw new Error(`${name}, line ${number}: ${problem}`);
    };
    const header = /^\[(.+)\]$/.exec(line);
    if (header) {
      section = header[1]!;
      if (!Object.hasOwn(DIRECTIVES, section)) fail(`section [${section}] is not supported (what is: ${Object.keys(DIRECTIVES).join(", ")})`);
      continue;
    }
    const equals = line.indexOf("=");
    if (equals < 0 || section === undefined) return fail(`"${line}" is neither a section nor an assignment in one`);
    const key = line.slice(0, equals).trim();
    const directives = DIRECTIVES[section]!;
    const directive = Object.hasOwn(directives, key) ? directives[key] : undefined;
    if (!directive) return fail(`${key}= is not supported in [${section}] (what is: ${Object.keys(directives).join(", ")})`);
    try {
      directive(unit, line.slice(equals + 1).trim());
    } catch (error) {
      fail(`${key}=: ${(error as Error).message}`);
    }
  }
  if (unit.command.length === 0) throw new Error(`${name}: there is no ExecStart=`);
  if (unit.isForking && unit.restart !== "no") throw new Error(`${name}: Restart= is not supported with Type=forking`);
  return unit;
}

/** Lines that say something, with a trailing backslash's continuation joined. */
function* logicalLines(text: string): Generator<{ line: string; number: number }> {
  let begun: { line: string; number: number } | undefined;
  for (const [index, raw] of text.split("\n").entries()) {
    if (begun === undefined && /^\s*([#;]|$)/.test(raw)) continue;
    begun = { line: (begun === undefined ? "" : begun.line + " ") + raw.trim().replace(/\\$/, "").trim(), number: begun?.number ?? index + 1 };
    if (raw.trimEnd().endsWith("\\")) continue;
    yield begun;
    begun = undefined;
  }
  if (begun) yield begun;
}

/** The variables of an EnvironmentFile. https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#EnvironmentFile= */
export function parseEnvironmentFile(text: string): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const { line } of logicalLines(text)) {
    const equals = line.indexOf("=");
    if (equals > 0) environment[line.slice(0, equals).trim()] = unquote(line.slice(equals + 1).trim());
  }
  return environment;
}

function unquote(value: string): string {
  const quoted = /^"((?:[^"\\]|\\.)*)"$/s.exec(value) ?? /^'([^']*)'$/s.exec(value);
  if (!quoted) return value;
  return value.startsWith('"') ? quoted[1]!.replace(/\\(["\\$`])/g, "$1") : quoted[1]!;
}

function assign(environment: Record<string, string>, word: string): void {
  const equals = word.indexOf("=");
  if (equals < 1) throw new Error(`"${word}" is not NAME=VALUE`);
  environment[word.slice(0, equals)] = word.slice(equals + 1);
}

const SECONDS_IN: Record<string, number> = {
  us: 1e-6, usec: 1e-6, ms: 1e-3, msec: 1e-3, "": 1, s: 1, sec: 1, second: 1, seconds: 1, m: 60, min: 60, minute: 60, minutes: 60,
  h: 3600, hr: 3600, hour: 3600, hours: 3600, d: 86400, day: 86400, days: 86400,
};

/** Seconds in a time span: `5`, `1min 30s`, `infinity`. https://www.freedesktop.org/software/systemd/man/latest/systemd.time.html */
export function parseTimeSpan(text: string): number {
  if (text === "infinity") return Infinity;
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]*)\s*/g)];
  if (parts.length === 0 || parts.map((part) => part[0]).join("") !== text) throw new Error(`"${text}" is no time span`);
  return parts.reduce((sum, [, amount, unit]) => {
    const factor = Object.hasOwn(SECONDS_IN, unit!) ? SECONDS_IN[unit!] : undefined;
    if (factor === undefined) throw new Error(`"${unit}" is no unit of time`);
    return sum + Number(amount) * factor;
  }, 0);
}

function wholeNumber(value: string): number {
  if (!/^\d+$/.test(value)) throw new Error(`"${value}" is no whole number`);
  return Number(value);
}

function scoreAdjustment(value: string): number {
  if (!/^-?\d{1,4}$/.test(value) || Math.abs(Number(value)) > 1000) throw new Error(`"${value}" is no number from -1000 to 1000`);
  return Number(value);
}

function exitCode(word: string): number {
  const code = wholeNumber(word);
  if (code > 255) throw new Error(`"${word}" is no exit code`);
  return code;
}
