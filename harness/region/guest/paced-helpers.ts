/** What the guest's own versions of programs answer where time passes by itself: the real program, with its durations at the clock's pace. */
import { toSeconds, type Microseconds } from "../../time/clock";
import type { ProcessTable } from "./process-tools";
import { durationSeconds, HELPERS } from "./helpers";

/** An answer as helpers take it, or what the machine is to do. */
export type PacedAnswer = string | { powerOff: true } | { command: string[] };

export async function pacedAnswer(name: string, words: readonly string[], now: Microseconds, scale: number, processes: ProcessTable, self: number): Promise<PacedAnswer> {
  if (name === "timeout") return withDurations(timeoutDurations(words), words, scale);
  const answer = await HELPERS[name]!(words.filter((word) => word !== ""), now, processes, self);
  if ("refused" in answer) return `no ${answer.refused}`;
  if ("powerOff" in answer || "command" in answer) return answer;
  if ("say" in answer) return answer.say;
  const seconds = answer.sleepUntil === "never" ? "infinity" : decimal(toSeconds(answer.sleepUntil - now) / scale);
  return `as-is ${words.map((_, index) => `${index}=${index === 0 ? seconds : 0}`).join(" ")}`;
}

/** Places of arguments that are durations, and what stands before the duration there. https://www.gnu.org/software/coreutils/manual/html_node/timeout-invocation.html */
function timeoutDurations(words: readonly string[]): { index: number; before: string }[] {
  const found: { index: number; before: string }[] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index]!;
    if (word === "-k" || word === "--kill-after") found.push({ index: ++index, before: "" });
    else if (word === "-s" || word === "--signal") index++;
    else if (/^(--kill-after=|-k)./.test(word)) found.push({ index, before: word.startsWith("-k") ? "-k" : "--kill-after=" });
    else if (!word.startsWith("-")) {
      found.push({ index, before: "" });
      break;
    }
  }
  return found;
}

/** The real program with these arguments at the clock's pace; what is no duration is for the program itself to refuse. */
function withDurations(places: readonly { index: number; before: string }[], words: readonly string[], scale: number): string {
  const replaced = places.flatMap(({ index, before }) => {
    const seconds = durationSeconds((words[index] ?? "").slice(before.length));
    return seconds === undefined ? [] : [`${index}=${before}${decimal(seconds / scale)}`];
  });
  return ["as-is", ...replaced].join(" ");
}

/** Never as 1e-7, which programs do not read. */
const decimal = (seconds: number): string => seconds.toFixed(6);
