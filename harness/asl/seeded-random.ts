/**
 * The generator behind `$random(seed)` and `States.MathRandom(start, end, seed)`: a seed must give the same number at each
 * evaluation. AWS does not document its generator; this is the linear congruential one of Java's `java.util.Random`
 * (its documentation specifies it to the bit), the platform on which the service's own errors show that it runs.
 * https://docs.oracle.com/javase/8/docs/api/java/util/Random.html
 */
const MULTIPLIER = 0x5DEECE66Dn;
const MASK = (1n << 48n) - 1n;

export interface SeededRandom {
  /** A float in [0, 1). */
  nextDouble(): number;
  /** An integer in [0, bound). */
  nextInt(bound: number): number;
}

export function seededRandom(seed: number): SeededRandom {
  let state = (BigInt(Math.trunc(seed)) ^ MULTIPLIER) & MASK;
  const next = (bits: number): number => {
    state = (state * MULTIPLIER + 0xBn) & MASK;
    return Number(BigInt.asIntN(32, state >> BigInt(48 - bits)));
  };
  return {
    nextDouble: () => ((next(26) >>> 0) * 2 ** 27 + (next(27) >>> 0)) / 2 ** 53,
    nextInt(bound) {
      if ((bound & -bound) === bound) return Number((BigInt(bound) * BigInt(next(31))) >> 31n);
      for (;;) {
        const bits = next(31);
        const value = bits % bound;
        if (bits - value + (bound - 1) <= 0x7fffffff) return value;
      }
    },
  };
}
