/** Linux's out-of-memory killer, for one guest: while its processes hold more memory than there is, one after the other ends. */
import { readFileSync } from "node:fs";
import { killedLine, victimOf, type Memory } from "./memory";

/** What bounds a guest's memory, and who is told when it is spent. */
export interface MemoryBound {
  bytes: number;
  /** OOMScoreAdjust= of a unit. */
  unitScore(unit: string): number;
  /** The oom_score_adj that a process was given, by itself or another; undefined: it has its parent's. */
  givenScore(pid: number): number | undefined;
  /** The kernel ends a process of that unit; the line is its own. */
  killing(unit: string, line: string): void;
  /** A process has gone, however. */
  gone(pid: number): void;
}

/** A process that may be ended. */
export interface Candidate {
  unit: string;
  name: string;
  oomScoreAdjust: number;
}

export interface Victims {
  /** Undefined: it is none of the guest's, or not any more. */
  candidate(pid: number): Candidate | undefined;
  /** Resolves when it has gone. */
  end(pid: number): Promise<unknown>;
  /** Nothing may be ended: a real kernel panics. */
  panic(text: string): void;
}

export class OomKiller {
  private ending: Promise<void> | undefined;
  /** A real kernel would have panicked: what is spent stays so. */
  private hasPanicked = false;

  constructor(
    private readonly memory: Pick<Memory, "bytes" | "spentBy" | "forget">,
    private readonly bound: MemoryBound,
    private readonly victims: Victims,
  ) {}

  /** Ends what must be, should these processes hold more than there is; undefined when they do not, or nothing helps any more. Does not reject. */
  relieve(pids: () => Iterable<number>): Promise<void> | undefined {
    if (this.ending) return this.ending;
    if (this.hasPanicked || this.memory.spentBy(pids()) === undefined) return undefined;
    const failed = (error: Error): void => this.panic(`its processes hold more than its memory of ${this.memory.bytes} bytes, and one of them could not be ended: ${error.message}`);
    return (this.ending = this.end(pids).catch(failed).finally(() => (this.ending = undefined)));
  }

  private async end(pids: () => Iterable<number>): Promise<void> {
    for (let held = this.memory.spentBy(pids()); held !== undefined; held = this.memory.spentBy(pids())) {
      const victim = victimOf(held.flatMap((each) => {
        const candidate = this.victims.candidate(each.pid);
        return candidate ? [{ ...each, ...candidate }] : [];
      }), this.memory.bytes);
      if (victim === undefined) return this.panic(`its processes hold more than its memory of ${this.memory.bytes} bytes, and none of them may be ended: a kernel would panic, and a guest has none`);
      this.bound.killing(victim.unit, killedLine(victim.name, victim, victim.oomScoreAdjust));
      await this.victims.end(victim.pid);
      this.memory.forget(victim.pid);
    }
  }

  private panic(text: string): void {
    this.hasPanicked = true;
    this.victims.panic(text);
  }
}

/**
 * The oom_score_adj of a process: what was given to it, or to the nearest above it that was given one; undefined: to none of these.
 * @param above the process that has started one, as far up as is to be looked
 * @param zygote the pre-imported parent: who has its score was given none
 */
export function inheritedScore(pid: number | undefined, above: (pid: number) => number | undefined, zygote: number | undefined, bound: Pick<MemoryBound, "givenScore">): number | undefined {
  const common = zygote === undefined ? undefined : realScore(zygote);
  for (let each = pid; each !== undefined && each > 1; each = above(each)) {
    const real = realScore(each);
    const given = bound.givenScore(each) ?? (real === common ? undefined : real);
    if (given !== undefined) return given;
  }
  return undefined;
}

/** The oom_score_adj that this machine's kernel has for a process; undefined when there is no such process. */
function realScore(pid: number): number | undefined {
  try {
    return Number(readFileSync(`/proc/${pid}/oom_score_adj`, "utf8"));
  } catch {
    return undefined;
  }
}
