/**
 * What Linux tells of processes under /proc (https://man7.org/linux/man-pages/man5/proc.5.html): enough to see whether a program that knows
 * nothing of the region's clock is waiting, and for what. Empty answers where there is no /proc.
 */
import { readdirSync, readFileSync, readlinkSync, statSync } from "node:fs";

export const hasProc = process.platform === "linux";

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

function list(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

/** Whether there is such a process, not counting one that has ended and only waits to be collected. */
export function isAlive(pid: number): boolean {
  if (!hasProc) {
    try {
      process.kill(pid, 0);
      return true;
    } catch {
      return false;
    }
  }
  const stat = read(`/proc/${pid}/stat`);
  return stat !== undefined && !/^[ZX]/.test(stat.slice(stat.lastIndexOf(")") + 2));
}

/** A field of the process's status, counted from its state; undefined when there is no such process. */
function statField(pid: number, index: number): number | undefined {
  const stat = read(`/proc/${pid}/stat`);
  return stat === undefined ? undefined : Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[index]);
}

/** The process group; undefined when there is no such process. */
export const processGroup = (pid: number): number | undefined => statField(pid, 2);

/** Its parent; undefined when there is no such process. */
export const parentOf = (pid: number): number | undefined => statField(pid, 1);

/** The session; undefined when there is no such process. */
export const sessionOf = (pid: number): number | undefined => statField(pid, 3);

export function childrenOf(pid: number): number[] {
  const children: number[] = [];
  for (const task of list(`/proc/${pid}/task`)) {
    for (const child of (read(`/proc/${pid}/task/${task}/children`) ?? "").split(" ")) if (child) children.push(Number(child));
  }
  return children;
}

/** All below these processes, themselves included, parents before children; those in `except` are left out with what is below them. */
export function treeOf(roots: Iterable<number>, except: { has(pid: number): boolean } = new Set()): number[] {
  const found = new Set<number>();
  const stack = [...roots].reverse();
  for (let pid = stack.pop(); pid !== undefined; pid = stack.pop()) {
    if (found.has(pid) || except.has(pid)) continue;
    found.add(pid);
    stack.push(...childrenOf(pid));
  }
  return [...found];
}

/** A process's name, as the kernel keeps it: at most 15 characters. */
export const processName = (pid: number): string => (read(`/proc/${pid}/comm`) ?? "").trim();

/** A process's command line, words separated by spaces. */
export const commandLine = (pid: number): string => (read(`/proc/${pid}/cmdline`) ?? "").replace(/\0/g, " ").trim();

/** The variables with which a process was started, or undefined when they cannot be read. */
export const environmentOf = (pid: number): string[] | undefined => read(`/proc/${pid}/environ`)?.split("\0");

/** What a thread waits in: how a system call of that number shows whether time or data would end the wait. */
type Wait =
  | { kind: "children" | "data" }
  /** Read from the descriptor in argument 0. */
  | { kind: "read" }
  /** Ends at a time of the real clock. */
  | { kind: "sleep" }
  /** Ends at a time of the real clock when that argument is not "none": a pointer, or milliseconds. */
  | { kind: "poll"; timeout: number; form: "pointer" | "milliseconds" }
  | { kind: "futex" };

const children = { kind: "children" } as const;
const data = { kind: "data" } as const;
const sleep = { kind: "sleep" } as const;
const pointer = (timeout: number): Wait => ({ kind: "poll", timeout, form: "pointer" });
const milliseconds = (timeout: number): Wait => ({ kind: "poll", timeout, form: "milliseconds" });

/** System calls in which a process waits, by number, for each kind of processor. */
const WAITS: Record<string, Record<number, Wait>> = {
  // https://github.com/torvalds/linux/blob/master/arch/x86/entry/syscalls/syscall_64.tbl
  x64: {
    0: { kind: "read" }, 19: { kind: "read" }, 45: { kind: "read" }, 47: { kind: "read" }, 43: data, 288: data, 72: data, 73: data,
    61: children, 247: children, 34: children, 130: children, 128: pointer(2),
    35: sleep, 230: sleep, 7: milliseconds(2), 232: milliseconds(3), 281: milliseconds(3), 23: pointer(4), 270: pointer(4), 271: pointer(2),
    202: { kind: "futex" },
  },
  // https://github.com/torvalds/linux/blob/master/include/uapi/asm-generic/unistd.h
  arm64: {
    63: { kind: "read" }, 65: { kind: "read" }, 207: { kind: "read" }, 212: { kind: "read" }, 202: data, 242: data, 25: data, 32: data,
    260: children, 95: children, 133: children, 137: pointer(2),
    101: sleep, 115: sleep, 22: milliseconds(3), 72: pointer(4), 73: pointer(2),
    98: { kind: "futex" },
  },
};

export interface TreeState {
  pids: number[];
  /** `busy`: something runs, or waits for the network or a disk. `waiting`: everything waits for children, data or signals.
   * `timed`: everything waits, and something for a time of the real clock. */
  state: "busy" | "waiting" | "timed";
  /** Equal in two looks with nothing between them: nothing has run meanwhile. */
  signature: string;
  /** Whether anything waits for data, so that others can make it go on. */
  waitsForData: boolean;
  /** A process that waits for a time of the real clock. */
  timedPid?: number;
  /** A process that runs, and whose state cannot be read. */
  hiddenPid?: number;
}

/**
 * Looks at all processes below the roots once. Those in `except` (and what is below them) are on the clock by themselves;
 * those in `sleepers` wait for the clock, as long as they wait at all.
 */
export function lookAt(roots: Iterable<number>, except: { has(pid: number): boolean }, sleepers: { has(pid: number): boolean }): TreeState {
  const pids = treeOf(roots, except);
  const result: TreeState = { pids, state: "waiting", signature: "", waitsForData: false };
  const signature = [pids.join()];
  for (const pid of pids) {
    for (const task of list(`/proc/${pid}/task`)) {
      const call = read(`/proc/${pid}/task/${task}/syscall`)?.trim().split(" ");
      const status = read(`/proc/${pid}/task/${task}/status`);
      if (!call || !status) {
        if (isAlive(pid)) {
          result.state = "busy";
          result.hiddenPid = pid;
        }
        continue;
      }
      signature.push(`${task}:${call[0]}:${switchesOf(status)}`);
      if (/^State:\t[ZX]/m.test(status)) continue;
      const wait = WAITS[process.arch]?.[Number(call[0])];
      const argument = (index: number): bigint => BigInt(call[index + 1] ?? "0");
      const effect = !wait ? "busy" : sleepers.has(pid) ? "children" : effectOf(wait, pid, argument);
      if (effect === "busy") result.state = "busy";
      else if (effect === "timed") {
        if (result.state !== "busy") result.state = "timed";
        result.timedPid = pid;
      } else if (effect === "data") result.waitsForData = true;
    }
  }
  result.signature = signature.join(" ");
  return result;
}

/** What changes whenever any of these processes runs, or undefined when one runs now. */
export function restingSignature(pids: Iterable<number>): string | undefined {
  const signature: string[] = [];
  for (const pid of pids) {
    for (const task of list(`/proc/${pid}/task`)) {
      const call = read(`/proc/${pid}/task/${task}/syscall`)?.trim() ?? "";
      if (call === "running") return undefined;
      signature.push(`${task}:${switchesOf(read(`/proc/${pid}/task/${task}/status`) ?? "")}`);
    }
  }
  return signature.join(" ");
}

/** How often a thread has been scheduled, from its status. */
const switchesOf = (status: string): string => [...status.matchAll(/ctxt_switches:\t(\d+)/g)].map((match) => match[1]).join();

function effectOf(wait: Wait, pid: number, argument: (index: number) => bigint): "busy" | "timed" | "data" | "children" {
  switch (wait.kind) {
    case "children":
      return "children";
    case "data":
      return "data";
    case "read":
      // A file's data comes from a disk, however slow: nobody else has to run first.
      return isSocket(pid, Number(argument(0))) || isFile(pid, Number(argument(0))) ? "busy" : "data";
    case "sleep":
      return "timed";
    case "poll":
      // With a socket it talks to the region, whose answer comes while time stands still.
      if (hasSocket(pid)) return "busy";
      if (wait.form === "pointer") return argument(wait.timeout) === 0n ? "data" : "timed";
      return BigInt.asIntN(32, argument(wait.timeout)) < 0n ? "data" : "timed";
    case "futex": {
      const operation = Number(argument(1) & 127n);
      return (operation === 0 || operation === 9) && argument(3) !== 0n ? "timed" : "children";
    }
  }
}

function isSocket(pid: number, descriptor: number): boolean {
  try {
    return readlinkSync(`/proc/${pid}/fd/${descriptor}`).startsWith("socket:");
  } catch {
    return false;
  }
}

function isFile(pid: number, descriptor: number): boolean {
  try {
    return statSync(`/proc/${pid}/fd/${descriptor}`).isFile();
  } catch {
    return false;
  }
}

const hasSocket = (pid: number): boolean => list(`/proc/${pid}/fd`).some((descriptor) => Number(descriptor) > 2 && isSocket(pid, Number(descriptor)));
