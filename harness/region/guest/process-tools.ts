/**
 * The guest's own `pgrep`, `pkill`, `killall` and `kill`: they see the guest's processes alone, and signal them in its turns.
 * https://man7.org/linux/man-pages/man1/pgrep.1.html, https://man7.org/linux/man-pages/man1/killall.1.html
 */
import { constants } from "node:os";
import { basename } from "node:path";
import type { HelperAnswer } from "./helper-answer";

/** A process as the guest sees it. */
export interface ProcessEntry {
  pid: number;
  /** At most 15 characters, as the kernel keeps it. */
  name: string;
  commandLine: string;
}

/** A process from its command line as the guest knows it; its name is the program's, unless the kernel tells another. */
export const entryOf = (pid: number, commandLine: string, name = basename(commandLine.split(" ")[0] ?? "")): ProcessEntry => ({ pid, name: name.slice(0, 15), commandLine });

export interface ProcessTable {
  list(): ProcessEntry[];
  /** Whether there is such a process. */
  signal(pid: number, signal: number): Promise<boolean>;
}

const SIGNALS = constants.signals as Readonly<Record<string, number>>;

/** `9`, `KILL`, `SIGKILL`; undefined when there is no such signal. */
function signalNumber(text: string): number | undefined {
  if (/^\d+$/.test(text)) return Number(text) <= 64 ? Number(text) : undefined;
  return SIGNALS[text.startsWith("SIG") ? text : `SIG${text}`];
}

interface Options {
  signal: number;
  flags: Set<string>;
  operands: string[];
}

/** Options as these programs share them: a signal in several forms, flags of one letter, operands. What went wrong, as a text. */
function parse(words: readonly string[], known: string): Options | string {
  const options: Options = { signal: SIGNALS["SIGTERM"]!, flags: new Set(), operands: [] };
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    const long = /^--signal(?:=(.*))?$/.exec(word);
    if (long || word === "-s") {
      const named = signalNumber(long?.[1] ?? words[++at] ?? "");
      if (named === undefined) return `unknown signal in "${words.join(" ")}"`;
      options.signal = named;
    } else if (word === "--") {
      options.operands.push(...words.slice(at + 1));
      break;
    } else if (/^-./.test(word)) {
      const named = signalNumber(word.slice(1));
      if (named !== undefined) options.signal = named;
      else {
        const unknown = [...word.slice(1)].find((flag) => !known.includes(flag));
        if (unknown !== undefined) return `the option ${word} is not supported in a guest`;
        for (const flag of word.slice(1)) options.flags.add(flag);
      }
    } else options.operands.push(word);
  }
  return options;
}

const print = (code: number, ...lines: string[]): HelperAnswer => ({ say: `print ${code}${lines.length === 0 ? "" : ` ${lines.map(escaped).join("\\n")}`}` });
const escaped = (line: string): string => line.replaceAll("\\", "\\\\");

function matching({ flags, operands }: Options, table: ProcessTable, self: number): ProcessEntry[] | string {
  if (operands.length === 0) return "no matching criteria specified";
  let pattern: RegExp;
  try {
    pattern = new RegExp(flags.has("x") ? `^(?:${operands.join(" ")})$` : operands.join(" "), flags.has("i") ? "i" : "");
  } catch {
    return `the pattern "${operands.join(" ")}" is not valid`;
  }
  const found = table.list().filter(({ pid, name, commandLine }) => pid !== self && pattern.test(flags.has("f") ? commandLine : name)).sort((a, b) => a.pid - b.pid);
  return flags.has("o") ? found.slice(0, 1) : flags.has("n") ? found.slice(-1) : found;
}

export function pgrep(words: readonly string[], table: ProcessTable, self: number): HelperAnswer {
  const options = parse(words, "fxilaon");
  if (typeof options === "string") return { refused: options };
  const found = matching(options, table, self);
  if (typeof found === "string") return { say: `no ${found}` };
  return print(found.length > 0 ? 0 : 1, ...found.map(({ pid, name, commandLine }) => (options.flags.has("a") ? `${pid} ${commandLine}` : options.flags.has("l") ? `${pid} ${name}` : String(pid))));
}

export async function pkill(words: readonly string[], table: ProcessTable, self: number): Promise<HelperAnswer> {
  const options = parse(words, "fxion");
  if (typeof options === "string") return { refused: options };
  const found = matching(options, table, self);
  if (typeof found === "string") return { say: `no ${found}` };
  for (const { pid } of found) await table.signal(pid, options.signal);
  return print(found.length > 0 ? 0 : 1);
}

/** By the process's whole name. */
export async function killall(words: readonly string[], table: ProcessTable, self: number): Promise<HelperAnswer> {
  const options = parse(words, "qev");
  if (typeof options === "string") return { refused: options };
  const missing: string[] = [];
  for (const name of options.operands) {
    const found = table.list().filter((entry) => entry.pid !== self && entry.name === name.slice(0, 15));
    for (const { pid } of found) await table.signal(pid, options.signal);
    if (found.length === 0) missing.push(name);
  }
  if (missing.length === 0) return print(0);
  return options.flags.has("q") ? print(1) : { say: `no ${missing.map((name) => `${name}: no process found`).join(", ")}` };
}

export async function kill(words: readonly string[], table: ProcessTable): Promise<HelperAnswer> {
  const options = parse(words, "");
  if (typeof options === "string") return { refused: options };
  for (const operand of options.operands) {
    if (!/^\d+$/.test(operand)) return { refused: `"kill ${operand}" is not supported in a guest, only process ids` };
    const isThere = options.signal === 0 ? table.list().some(({ pid }) => pid === Number(operand)) : await table.signal(Number(operand), options.signal);
    if (!isThere) return { say: `no (${operand}) - No such process` };
  }
  return print(0);
}
