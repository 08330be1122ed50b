/**
 * The guest's own versions of programs that wait, tell the time or act on the machine: what each answers. `bin/spotproof-helper`
 * runs under their names and asks.
 */
import { seconds, toSeconds, type Microseconds } from "../../time/clock";
import type { HelperAnswer } from "./helper-answer";
import { checkPackage, checkPythonPackage } from "./packages";
import { kill, killall, pgrep, pkill, type ProcessTable } from "./process-tools";

/** `self` is the helper's own process. */
type Helper = (words: string[], now: Microseconds, processes: ProcessTable, self: number) => HelperAnswer | Promise<HelperAnswer>;

const FACTORS: Record<string, number> = { "": 1, s: 1, m: 60, h: 3600, d: 86400 };

/** `1.5m` in seconds; infinity counts, what is no duration does not. https://www.gnu.org/software/coreutils/manual/html_node/sleep-invocation.html */
export function durationSeconds(word: string): number | undefined {
  if (/^inf(inity)?$/i.test(word)) return Infinity;
  const match = /^(\d+\.?\d*|\.\d+)([smhd]?)$/.exec(word);
  return match ? Number(match[1]) * FACTORS[match[2]!]! : undefined;
}

function sleep(words: string[], now: Microseconds): HelperAnswer {
  if (words.length === 0) return { say: "no missing operand" };
  let total = 0;
  for (const word of words) {
    const duration = durationSeconds(word);
    if (duration === undefined) return { say: `no invalid time interval '${word}'` };
    total += duration;
  }
  return { sleepUntil: total === Infinity ? "never" : now + seconds(total) };
}

/** The real `date` formats the clock's time; a date that it would reckon from the real one is refused. */
function date(words: string[], now: Microseconds): HelperAnswer {
  const other = words.find((word) => /^(-[a-zA-Z]*[df]|--date|--file)/.test(word));
  if (other !== undefined && !words.some((word, at) => /^@/.test(word) && /^(-d|--date)$/.test(words[at - 1] ?? "")) && !/^(-d|--date=)@/.test(other)) {
    return { refused: `${other} is not supported in a guest, whose time is the region's (give -d @SECONDS, or no date)` };
  }
  if (words.some((word) => /^(-s|--set)/.test(word))) return { refused: "setting the time is not supported in a guest" };
  if (other !== undefined || words.some((word) => /^(-r|--reference)/.test(word))) return { say: "as-is" };
  return { say: `now ${toSeconds(now)}` };
}

const refused = (why: string): Helper => () => ({ refused: why });

function systemctl(words: string[]): HelperAnswer {
  const [verb, ...more] = words.filter((word) => !word.startsWith("-"));
  return verb === "poweroff" && more.length === 0 ? { powerOff: true } : { command: ["systemctl", ...words] };
}

/** The package is there when a guest can stand in for it; nothing is newer than what there is. https://docs.aws.amazon.com/linux/al2023/ug/package-management.html */
const packageManager = (name: string): Helper => (words) => {
  const [verb = "", ...packages] = words.filter((word) => !word.startsWith("-"));
  if (["update", "upgrade", "makecache", "clean"].includes(verb)) return { say: "over" };
  if (verb !== "install") return { refused: `"${name} ${words.join(" ")}" is not supported, only install, update, upgrade, makecache and clean` };
  return available(packages, checkPackage);
};

function pip(words: string[]): HelperAnswer {
  const [verb = "", ...packages] = words.filter((word) => !word.startsWith("-"));
  if (verb !== "install" || words.includes("-r")) return { refused: `"pip ${words.join(" ")}" is not supported, only "pip install PACKAGE…"` };
  return available(packages, checkPythonPackage);
}

function available(packages: readonly string[], check: (name: string) => void): HelperAnswer {
  try {
    packages.forEach((name) => check(name));
    return { say: "over" };
  } catch (error) {
    return { refused: (error as Error).message };
  }
}

/** A guest's files are all of one user, who may do everything with them. */
function chown(words: string[]): HelperAnswer {
  const [owner = ""] = words.filter((word) => !word.startsWith("-"));
  return /^(root|ec2-user)?([:.](root|ec2-user)?)?$/.test(owner) ? { say: "over" } : { refused: `the owner "${owner}" is not supported, only root and ec2-user` };
}

function shutdown(words: string[]): HelperAnswer {
  const when = words.filter((word) => !word.startsWith("-"));
  const options = words.filter((word) => word.startsWith("-"));
  if (options.every((word) => ["-h", "-P", "--poweroff"].includes(word)) && (when.length === 0 ? false : ["now", "+0"].includes(when[0]!))) return { powerOff: true };
  return { refused: `"shutdown ${words.join(" ")}" is not supported in a guest, only "shutdown -h now"` };
}

export const HELPERS: Record<string, Helper> = {
  sleep,
  date,
  systemctl,
  shutdown,
  poweroff: (words) => (words.length === 0 ? { powerOff: true } : { refused: `"poweroff ${words.join(" ")}" is not supported, only "poweroff"` }),
  reboot: refused("a guest is not started again: an instance that an interruption ends is terminated"),
  halt: refused('only "poweroff" is supported'),
  yum: packageManager("yum"),
  dnf: packageManager("dnf"),
  pip,
  pip3: pip,
  chown,
  ...Object.fromEntries(["apt", "apt-get", "rpm", "snap", "service", "useradd", "usermod", "groupadd", "mount", "umount", "crontab", "hostnamectl", "timedatectl", "sysctl", "iptables"]
    .map((name) => [name, refused("it would act on this machine, not on the instance")])),
  pgrep: (words, _now, processes, self) => pgrep(words, processes, self),
  pkill: (words, _now, processes, self) => pkill(words, processes, self),
  killall: (words, _now, processes, self) => killall(words, processes, self),
  kill: (words, _now, processes) => kill(words, processes),
  ps: refused("use pgrep -a"),
  timeout: refused("it waits on the real clock, which a guest on virtual time does not have: run it on a scaled clock (--clock scaled=N)"),
};
