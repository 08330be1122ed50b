/**
 * The folder beside a guest's root that stands for its kernel: the few files of /proc and /sys that an instance has of its own, as its
 * Python programs find them (python/spotproof_guest/files.py), and the figures of its root volume.
 * https://man7.org/linux/man-pages/man5/proc_pid_oom_score_adj.5.html, https://docs.kernel.org/admin-guide/cgroup-v2.html#memory-interface-files
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export class KernelFiles {
  private readonly folder: string;
  /** How many processes of each unit the kernel has ended, out of memory. */
  private readonly kills = new Map<string, number>();

  constructor(root: string) {
    this.folder = `${root}.machine`;
  }

  /** `volumeBytes`: the root volume's size; undefined: it has no bound. */
  create(volumeBytes: number | undefined): void {
    mkdirSync(join(this.folder, "sys/fs/cgroup/system.slice"), { recursive: true });
    if (volumeBytes === undefined) return;
    const figures = Buffer.alloc(16);
    // As if all were in use, so that whoever writes first counts what is.
    for (const at of [0, 8]) figures.writeBigInt64LE(BigInt(Math.floor(volumeBytes)), at);
    writeFileSync(join(this.folder, "volume"), figures);
  }

  /** What a unit's processes find of themselves, unless they have it otherwise. */
  admit(unit: string, oomScoreAdjust: number): void {
    if (this.kills.has(unit)) return;
    const own = join(this.folder, "units", unit);
    mkdirSync(own, { recursive: true });
    writeFileSync(join(own, "cgroup"), `0::/system.slice/${unit}\n`);
    writeFileSync(join(own, "oom_score_adj"), `${oomScoreAdjust}\n`);
    mkdirSync(join(this.folder, "sys/fs/cgroup/system.slice", unit));
    this.count(unit, 0);
  }

  oomKilled(unit: string): void {
    this.count(unit, (this.kills.get(unit) ?? 0) + 1);
  }

  /** What a process has been given by itself or another one; undefined: nothing, or what is no score. */
  oomScoreAdjust(pid: number): number | undefined {
    const path = join(this.folder, "proc", String(pid), "oom_score_adj");
    const text = existsSync(path) ? readFileSync(path, "utf8").trim() : "";
    return /^-?\d{1,4}$/.test(text) && Math.abs(Number(text)) <= 1000 ? Number(text) : undefined;
  }

  /** The process has ended; its number may soon be another's. */
  forget(pid: number): void {
    rmSync(join(this.folder, "proc", String(pid)), { recursive: true, force: true });
  }

  private count(unit: string, kills: number): void {
    this.kills.set(unit, kills);
    writeFileSync(join(this.folder, "sys/fs/cgroup/system.slice", unit, "memory.events"), `low 0\nhigh 0\nmax 0\noom ${kills}\noom_kill ${kills}\noom_group_kill 0\n`);
  }
}
