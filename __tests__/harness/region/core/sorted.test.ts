import fc from "fast-check";
import { firstNotBefore } from "../../../../harness/region/core/sorted";

it("finds the place that a look at each item finds", () => {
  fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 20 })), fc.integer({ min: -1, max: 21 }), (items, bound) => {
    const sorted = [...items].sort((a, b) => a - b);
    const found = sorted.findIndex((item) => item >= bound);
    expect(firstNotBefore(sorted, (item) => item < bound)).toBe(found < 0 ? sorted.length : found);
  }));
});
