/**
 * Seeded pseudo-randomness: xoshiro128** (Blackman and Vigna, https://prng.di.unimi.it/) whose state is the SHA-256
 * of the seed. Not for secrets: only so that the same seed gives the same run.
 */
import { createHash } from "node:crypto";
import type { Random } from "./clock";

const rotateLeft = (value: number, by: number): number => (value << by) | (value >>> (32 - by));

/**
 * A generator for that seed. `fork(label)` depends on the seed and the label only, never on what was drawn before,
 * so that a draw more in one place shifts nothing in another.
 */
export function createRandom(seed: string): Random {
  const digest = createHash("sha256").update(seed).digest();
  let s0 = digest.readUInt32LE(0) | 0;
  let s1 = digest.readUInt32LE(4) | 0;
  let s2 = digest.readUInt32LE(8) | 0;
  let s3 = (digest.readUInt32LE(12) | 0) || 1; // all zeros would be the one state that never leaves itself

  /** 32 random bits, unsigned. */
  const draw = (): number => {
    const result = Math.imul(rotateLeft(Math.imul(s1, 5), 7), 9) >>> 0;
    const shifted = s1 << 9;
    s2 ^= s0;
    s3 ^= s1;
    s1 ^= s2;
    s0 ^= s3;
    s2 ^= shifted;
    s3 = rotateLeft(s3, 11);
    return result;
  };
  const next = (): number => ((draw() >>> 5) * 0x4000000 + (draw() >>> 6)) / 0x20000000000000;
  const bytes = (length: number): Buffer => {
    const out = Buffer.alloc(length);
    for (let at = 0; at < length; at += 4) {
      const word = draw();
      for (let i = 0; i < 4 && at + i < length; i++) out[at + i] = (word >>> (8 * i)) & 0xff;
    }
    return out;
  };

  return {
    next,
    integer(bound) {
      if (!Number.isSafeInteger(bound) || bound < 1) throw new RangeError(`integer(bound) needs a whole number from 1, was given ${bound}`);
      return Math.floor(next() * bound);
    },
    bytes,
    uuid() {
      const raw = bytes(16);
      raw[6] = (raw[6]! & 0x0f) | 0x40;
      raw[8] = (raw[8]! & 0x3f) | 0x80;
      const text = raw.toString("hex");
      return `${text.slice(0, 8)}-${text.slice(8, 12)}-${text.slice(12, 16)}-${text.slice(16, 20)}-${text.slice(20)}`;
    },
    hex: (length) => bytes(Math.ceil(length / 2)).toString("hex").slice(0, length),
    fork: (label) => createRandom(`${seed}/${label}`),
  };
}
