import fc from "fast-check";
import { DueHeap, type DueEntry } from "../../../harness/time/due-heap";

const entry = (due: number, sequence: number): DueEntry => ({ due, sequence, place: -1 });
const drain = (heap: DueHeap<DueEntry>) => {
  const out: DueEntry[] = [];
  for (let next = heap.pop(); next; next = heap.pop()) out.push(next);
  return out;
};
const inOrder = (a: DueEntry, b: DueEntry) => a.due - b.due || a.sequence - b.sequence;

describe("the heap of what is due", () => {
  it("gives entries by due time, ties by arrival", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20)), (dues) => {
        const entries = dues.map(entry);
        const heap = new DueHeap<DueEntry>();
        for (const each of entries) heap.push(each);
        expect(drain(heap)).toEqual([...entries].sort(inOrder));
      }),
    );
  });

  it("keeps its order when entries are taken out anywhere", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(20), fc.boolean())), (all) => {
        const heap = new DueHeap<DueEntry>();
        const entries = all.map(([due], sequence) => entry(due, sequence));
        for (const each of entries) heap.push(each);
        const gone = new Set(entries.filter((_, i) => all[i]![1]));
        for (const each of gone) {
          heap.remove(each);
          heap.remove(each);
        }
        expect(heap.size).toBe(entries.length - gone.size);
        expect(drain(heap).map((each) => each.sequence)).toEqual(entries.filter((each) => !gone.has(each)).sort(inOrder).map((each) => each.sequence));
      }),
    );
  });
});
