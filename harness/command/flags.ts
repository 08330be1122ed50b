/** Flags of a command, as a table: parsed from the command line, and shown in its help. */
import { UsageError } from "../model/errors";
import { didYouMean } from "../model/nearest";

export interface Flag<L> {
  /** The value's name in the help; absent: the flag takes none. */
  value?: string;
  text: string;
  /** Throws UsageError for a value that cannot be. */
  set(line: L, value: string): void;
}

export type Flags<L> = Readonly<Record<string, Flag<L>>>;

/**
 * Sets what the words say; those that are no flags are given to `word`.
 * Throws UsageError, with the nearest flag for one that does not exist.
 */
export function parseFlags<L>(line: L, flags: Flags<L>, given: readonly string[], word: (line: L, word: string) => void): L {
  const rest = [...given];
  for (let next = rest.shift(); next !== undefined; next = rest.shift()) {
    if (next === "-h") next = "--help";
    if (!next.startsWith("-")) {
      word(line, next);
      continue;
    }
    const at = next.indexOf("=");
    const name = at < 0 ? next : next.slice(0, at);
    const flag = Object.hasOwn(flags, name) ? flags[name] : undefined;
    if (flag === undefined) throw new UsageError(`There is no flag ${name}${didYouMean(name, Object.keys(flags))}`, "--help shows all of them.");
    if (flag.value === undefined) {
      if (at >= 0) throw new UsageError(`${name} takes no value.`);
      flag.set(line, "");
      continue;
    }
    const value = at < 0 ? rest.shift() : next.slice(at + 1);
    if (value === undefined || value === "" || (at < 0 && value.startsWith("--"))) throw new UsageError(`${name} needs a value: ${name} ${flag.value}`);
    flag.set(line, value);
  }
  return line;
}

/** A line a flag, what each does in a column of its own. */
export function flagLines<L>(flags: Flags<L>): string[] {
  const shown = Object.entries(flags).map(([name, flag]) => [flag.value === undefined ? name : `${name} ${flag.value}`, flag.text] as const);
  const column = Math.max(...shown.map(([name]) => name.length));
  return shown.map(([name, text]) => `  ${name.padEnd(column)}  ${text}`);
}
