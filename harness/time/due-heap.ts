/**
 * What is due, earliest first: a binary heap ordered by (due, sequence). Entries know their own place in it, so that
 * one whose wait has ended early is taken out at once.
 */
import type { Microseconds } from "./clock";

export interface DueEntry {
  due: Microseconds;
  /** Order of arrival: decides between entries due at one time. */
  sequence: number;
  /** The entry's place in the heap; -1 when it is not in it. */
  place: number;
}

const before = (a: DueEntry, b: DueEntry): boolean => a.due < b.due || (a.due === b.due && a.sequence < b.sequence);

export class DueHeap<T extends DueEntry> {
  private readonly entries: T[] = [];

  get size(): number {
    return this.entries.length;
  }

  peek(): T | undefined {
    return this.entries[0];
  }

  push(entry: T): void {
    this.rise(entry, this.entries.length);
  }

  pop(): T | undefined {
    const first = this.entries[0];
    if (first) this.remove(first);
    return first;
  }

  /** Takes the entry out, wherever it stands; no effect when it is not in the heap. */
  remove(entry: T): void {
    const place = entry.place;
    if (place < 0) return;
    entry.place = -1;
    const last = this.entries.pop()!;
    if (last === entry) return;
    const parent = this.entries[(place - 1) >> 1];
    if (place > 0 && before(last, parent!)) this.rise(last, place);
    else this.sink(last, place);
  }

  private rise(entry: T, from: number): void {
    let place = from;
    while (place > 0) {
      const above = (place - 1) >> 1;
      const parent = this.entries[above]!;
      if (!before(entry, parent)) break;
      this.put(parent, place);
      place = above;
    }
    this.put(entry, place);
  }

  private sink(entry: T, from: number): void {
    let place = from;
    const count = this.entries.length;
    for (;;) {
      let below = 2 * place + 1;
      if (below >= count) break;
      if (below + 1 < count && before(this.entries[below + 1]!, this.entries[below]!)) below++;
      const child = this.entries[below]!;
      if (!before(child, entry)) break;
      this.put(child, place);
      place = below;
    }
    this.put(entry, place);
  }

  private put(entry: T, place: number): void {
    this.entries[place] = entry;
    entry.place = place;
  }
}
