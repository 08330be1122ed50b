/**
 * What a guest's root volume holds. Its Python programs see to it themselves that they find no room on a full one (python/spotproof_guest/volume.py);
 * here what others have written beyond its end is found out.
 */
import { lstatSync, readdirSync, type Dirent } from "node:fs";
import { join } from "node:path";

const BLOCK_BYTES = 4096;
/** The interpreter itself goes around the files that Python opens, for little: compiled modules, last words. */
const INTERPRETERS_OWN_BYTES = 1 << 20;

/** What is in use below a folder, as volume.py counts it: files by their blocks, without holes; folders by one block each. */
export function usedBytes(root: string): number {
  let total = 0;
  const linked = new Set<number>();
  const folders = [root];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of entriesOf(folder)) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        total += BLOCK_BYTES;
        folders.push(path);
      } else if (entry.isFile()) {
        const found = lstatSync(path, { throwIfNoEntry: false });
        if (found === undefined || linked.has(found.ino)) continue;
        if (found.nlink > 1) linked.add(found.ino);
        total += Math.min(Math.ceil(found.size / BLOCK_BYTES) * BLOCK_BYTES, found.blocks * 512);
      }
    }
  }
  return total;
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return []; // it goes while it is counted
  }
}

/** What is wrong when more is there than the volume has room for; undefined when it is not. */
export function beyondItsEnd(root: string, volumeBytes: number): string | undefined {
  const used = usedBytes(root);
  if (used <= volumeBytes + INTERPRETERS_OWN_BYTES) return undefined;
  return `programs have written ${used} bytes onto a root volume of ${volumeBytes}: only what Python writes with its own files meets a full volume (not sqlite, mmap, C code, or other programs)`;
}
