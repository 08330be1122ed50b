/** Large data of nothing but zeros, which sparse files give: recognized faster than it is hashed, and hashed once for each length. */
const BLOCK = Buffer.alloc(8 * 1024 * 1024);
/** What is compared at a time: a processor's cache holds it. */
const COMPARED = BLOCK.subarray(0, 256 * 1024);

/** That many zeros, in pieces that are not to be written to. */
export function* zeros(size: number): Generator<Buffer> {
  for (let left = size; left > 0; left -= BLOCK.length) yield BLOCK.subarray(0, Math.min(left, BLOCK.length));
}

export function isZero(data: Buffer): boolean {
  for (let at = 0; at < data.length; at += COMPARED.length) {
    const piece = data.subarray(at, at + COMPARED.length);
    if (!piece.equals(COMPARED.subarray(0, piece.length))) return false;
  }
  return true;
}

/** Below it, hashing costs no more than looking. */
const SMALLEST_BYTES = 1024 * 1024;
/** Digests by algorithm and length. */
const known = new Map<string, Buffer>();

/** What `hash` makes of the data; of zeros that are as many as once before, what it made then. */
export function digestOnce(algorithm: string, data: Buffer, hash: () => Buffer): Buffer {
  if (data.length < SMALLEST_BYTES || !isZero(data)) return hash();
  const key = `${algorithm} ${data.length}`;
  const digest = known.get(key) ?? hash();
  known.set(key, digest);
  return digest;
}
