/**
 * The order in which the service writes the members that it makes of a payload template: first those that stand there as
 * they are, then those that come from paths, in the order of a Java HashMap. Seen in histories that the service wrote; it
 * shows wherever a payload is text.
 */
const INITIAL_CAPACITY = 16;
const LOAD_FACTOR = 0.75;

/** As String.hashCode. */
function hashCode(text: string): number {
  let hash = 0;
  for (let index = 0; index < text.length; index += 1) hash = (Math.imul(hash, 31) + text.charCodeAt(index)) | 0;
  return hash;
}

/** Names in the order in which a HashMap gives them that had them put in one by one. */
export function hashMapOrder(names: readonly string[]): string[] {
  let capacity = INITIAL_CAPACITY;
  while (names.length > capacity * LOAD_FACTOR) capacity *= 2;
  const bucket = (name: string): number => {
    const hash = hashCode(name);
    return (hash ^ (hash >>> 16)) & (capacity - 1);
  };
  return names.map((name) => ({ name, bucket: bucket(name) })).sort((left, right) => left.bucket - right.bucket).map(({ name }) => name);
}
