/**
 * An instance's memory, and what Linux does when it is spent: it ends the process with the highest badness, which is what that holds, and so
 * many thousandths of all memory more as its oom_score_adj says; from -1000 on it ends none. Counted is what cannot be given back to
 * a file: anonymous and shared memory. https://docs.kernel.org/filesystems/proc.html#proc-pid-oom-adj-proc-pid-oom-score-adj-adjust-the-oom-killer-score
 */
import { closeSync, openSync, readFileSync, readSync } from "node:fs";
import { hasProc } from "./proc";

/** How often what runs is looked at within a turn, or where there are no turns, in real milliseconds: so much of this machine's memory is at stake. */
export const LOOK_MILLISECONDS = 25;
/** What may be held within a turn, as a multiple of all memory: where a turn ends is the same in every run, where such a look falls is not. */
export const WITHIN_TURN = 1.5;

const KIB = 1024;
/** https://docs.kernel.org/filesystems/proc.html#id10 (statm counts pages), and AT_PAGESZ of getauxval(3). */
const PAGE_BYTES = hasProc ? pageBytes() : 4096;

function pageBytes(): number {
  const vector = readFileSync("/proc/self/auxv");
  for (let at = 0; at + 16 <= vector.length; at += 16) if (vector.readBigUInt64LE(at) === 6n) return Number(vector.readBigUInt64LE(at + 8));
  return 4096;
}

/** A process, and what the kernel knows of its memory. */
export interface Held {
  pid: number;
  /** What it cannot give back to a file. */
  bytes: number;
  /** All that is resident, and its page tables: what badness counts. */
  badBytes: number;
  virtualBytes: number;
  anonBytes: number;
  fileBytes: number;
  sharedBytes: number;
  tablesBytes: number;
}

/** What a process holds, by /proc/PID/status; undefined when there is no such process. */
export function heldBy(pid: number): Held | undefined {
  let status: string;
  try {
    status = readFileSync(`/proc/${pid}/status`, "utf8");
  } catch {
    return undefined;
  }
  const of = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(status)?.[1] ?? 0) * KIB;
  const [anonBytes, fileBytes, sharedBytes, tablesBytes] = [of("RssAnon"), of("RssFile"), of("RssShmem"), of("VmPTE")];
  return { pid, bytes: anonBytes + sharedBytes, badBytes: anonBytes + fileBytes + sharedBytes + tablesBytes, virtualBytes: of("VmSize"), anonBytes, fileBytes, sharedBytes, tablesBytes };
}

/** Whom the kernel ends; undefined when it may end none. */
export function victimOf<T extends { badBytes: number; oomScoreAdjust: number }>(processes: readonly T[], memoryBytes: number): T | undefined {
  const badness = ({ badBytes, oomScoreAdjust }: T): number => badBytes + (oomScoreAdjust * memoryBytes) / 1000;
  return processes.filter(({ oomScoreAdjust }) => oomScoreAdjust > -1000).reduce<T | undefined>((worst, each) => (worst === undefined || badness(each) > badness(worst) ? each : worst), undefined);
}

/** What the kernel says on the console. */
export const killedLine = (name: string, held: Held, oomScoreAdjust: number): string =>
  `Out of memory: Killed process ${held.pid} (${name}) total-vm:${kib(held.virtualBytes)}, anon-rss:${kib(held.anonBytes)}, file-rss:${kib(held.fileBytes)}, ` +
  `shmem-rss:${kib(held.sharedBytes)}, UID:0 pgtables:${kib(held.tablesBytes)} oom_score_adj:${oomScoreAdjust}`;

const kib = (bytes: number): string => `${Math.round(bytes / KIB)}kB`;

/** What processes held when they were last looked at, at so little cost that it can be at each of their turns. */
export class Memory {
  private readonly known = new Map<number, { descriptor: number; resident: number }>();
  private resident = 0;
  private readonly buffer = Buffer.alloc(128);

  constructor(readonly bytes: number) {}

  get pids(): IterableIterator<number> {
    return this.known.keys();
  }

  /** Looks at a process; whether all that are known may hold more than there is. */
  mayBeSpent(pid: number): boolean {
    if (!hasProc) return false;
    let process = this.known.get(pid);
    try {
      process ??= { descriptor: openSync(`/proc/${pid}/statm`, "r"), resident: 0 };
      this.known.set(pid, process);
      const [, pages] = this.buffer.toString("latin1", 0, readSync(process.descriptor, this.buffer, 0, this.buffer.length, 0)).split(" ");
      const resident = Number(pages) * PAGE_BYTES;
      this.resident += resident - process.resident;
      process.resident = resident;
    } catch {
      this.forget(pid);
    }
    return this.resident > this.bytes;
  }

  /** What these processes hold, if that is more than there is, so many times over. */
  spentBy(pids: Iterable<number>, times = 1): Held[] | undefined {
    const held = [...new Set(pids)].flatMap((pid) => heldBy(pid) ?? []);
    return held.reduce((sum, { bytes }) => sum + bytes, 0) > times * this.bytes ? held : undefined;
  }

  /** It has ended. */
  forget(pid: number): void {
    const process = this.known.get(pid);
    if (!process) return;
    this.known.delete(pid);
    this.resident -= process.resident;
    closeSync(process.descriptor);
  }

  close(): void {
    for (const pid of [...this.known.keys()]) this.forget(pid);
  }
}
