import { createRandom } from "../../../harness/time/prng";

describe("seeded randomness", () => {
  it("gives the same values for the same seed, others for another", () => {
    const draw = (seed: string) => {
      const random = createRandom(seed);
      return [random.next(), random.integer(1000), random.uuid(), random.hex(17), random.bytes(5).toString("hex")];
    };
    expect(draw("a")).toEqual(draw("a"));
    expect(draw("a")).not.toEqual(draw("b"));
  });

  it("forks by label, whatever was drawn before", () => {
    const random = createRandom("a");
    const early = random.fork("x").hex(32);
    random.bytes(100);
    expect(random.fork("x").hex(32)).toBe(early);
    expect(random.fork("y").hex(32)).not.toBe(early);
  });

  it("spreads over its range", () => {
    const random = createRandom("spread");
    const counts = new Array<number>(10).fill(0);
    for (let i = 0; i < 10_000; i++) counts[random.integer(10)]!++;
    for (const count of counts) {
      expect(count).toBeGreaterThan(850);
      expect(count).toBeLessThan(1150);
    }
    for (let i = 0; i < 1000; i++) {
      const value = random.next();
      expect(value >= 0 && value < 1).toBe(true);
    }
  });

  it("writes version 4 UUIDs and hexadecimal of the length asked for", () => {
    const random = createRandom("ids");
    expect(random.uuid()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(random.hex(17)).toMatch(/^[0-9a-f]{17}$/);
    expect(random.bytes(7)).toHaveLength(7);
  });

  it("refuses a bound that is no whole number from 1", () => {
    for (const bound of [0, -1, 1.5, NaN]) expect(() => createRandom("a").integer(bound)).toThrow(RangeError);
  });
});
