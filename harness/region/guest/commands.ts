/** The commands that user data's runcmd may use: carried out by the guest itself, everything else refused by name. */
import { mkdirSync } from "node:fs";
import { belowRoot } from "./paths";
import { splitWords } from "./words";

/** What a command does to its guest. */
export interface CommandHost {
  readonly root: string;
  /** Throws an Error when there is no such unit, or it is not supported. */
  startUnit(name: string): void;
  checkUnit(name: string): void;
}

type Command = (host: CommandHost, words: string[]) => void;

const withSuffix = (name: string): string => (/\.\w+$/.test(name) ? name : `${name}.service`);

/** Verbs of systemctl. */
export const VERBS: Record<string, (host: CommandHost, units: string[], options: string[]) => void> = {
  "daemon-reload": () => undefined,
  enable(host, units, options) {
    for (const unit of units) {
      host.checkUnit(unit);
      if (options.includes("--now")) host.startUnit(unit);
    }
  },
  start(host, units) {
    for (const unit of units) host.startUnit(unit);
  },
};

export const COMMANDS: Record<string, Command> = {
  systemctl(host, words) {
    const options = words.filter((word) => word.startsWith("-"));
    const [verb = "", ...units] = words.filter((word) => !word.startsWith("-"));
    const carryOut = Object.hasOwn(VERBS, verb) ? VERBS[verb] : undefined;
    if (!carryOut) throw new Error(`"systemctl ${verb}" is not supported (what is: ${Object.keys(VERBS).join(", ")})`);
    const unknown = options.find((option) => !["--now", "--no-block", "--quiet", "-q"].includes(option));
    if (unknown) throw new Error(`systemctl's option ${unknown} is not supported`);
    carryOut(host, units.map(withSuffix), options);
  },
  mkdir(host, words) {
    const unknown = words.find((word) => word.startsWith("-") && word !== "-p");
    if (unknown) throw new Error(`mkdir's option ${unknown} is not supported`);
    for (const word of words) if (!word.startsWith("-")) mkdirSync(belowRoot(host.root, word), { recursive: words.includes("-p") });
  },
};

/** Carries out a command that the guest knows itself. Throws an Error that says what is not supported, or why it fails. */
export function carryOut(host: CommandHost, [name = "", ...words]: readonly string[]): void {
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) throw new Error(`the command is not supported (what is: ${Object.keys(COMMANDS).join(", ")})`);
  command(host, words);
}

/** Carries out one entry of runcmd. Throws an Error that names it when it is not supported or fails. */
export function runCommand(host: CommandHost, entry: string | string[]): void {
  const shown = Array.isArray(entry) ? entry.join(" ") : entry;
  if (!Array.isArray(entry) && /[|&;<>$`()*?]/.test(entry)) throw new Error(`runcmd: "${shown}": the shell's features are not supported, only plain commands`);
  try {
    carryOut(host, Array.isArray(entry) ? entry : splitWords(entry));
  } catch (error) {
    throw new Error(`runcmd: "${shown}": ${(error as Error).message}`, { cause: error });
  }
}
