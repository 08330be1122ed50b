import fc from "fast-check";
import { listKeys } from "../../../../../harness/region/services/s3/listing";
import { compareKeys } from "../../../../../harness/region/services/s3/versions";

const key = fc.array(fc.constantFrom("a", "b", "/", "é", "😀", "\uffee"), { minLength: 1, maxLength: 6 }).map((parts) => parts.join(""));

/** What a list holds, by the definition: keys below the prefix, rolled up after it at the delimiter, in order of bytes. */
function model(keys: readonly string[], prefix: string, delimiter: string): string[] {
  const names = keys.filter((name) => name.startsWith(prefix)).map((name) => {
    const end = delimiter === "" ? -1 : name.indexOf(delimiter, prefix.length);
    return end < 0 ? name : name.slice(0, end + delimiter.length);
  });
  return [...new Set(names)].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

test("a list, taken page by page, has each key and each common prefix once and in order", () => {
  fc.assert(fc.property(fc.uniqueArray(key, { maxLength: 15 }), fc.constantFrom("", "a", "a/", "/"), fc.constantFrom("", "/", "b"), fc.integer({ min: 1, max: 5 }), (unsorted, prefix, delimiter, maxKeys) => {
    const keys = [...unsorted].sort(compareKeys);
    const seen: string[] = [];
    for (let after = "", more = true; more;) {
      const page = listKeys(keys, { prefix, delimiter, maxKeys, after }, (name) => [name]);
      expect(page.items.length + page.prefixes.length).toBeLessThanOrEqual(maxKeys);
      seen.push(...[...page.items, ...page.prefixes].sort(compareKeys));
      more = page.isTruncated;
      after = page.last;
    }
    expect(seen).toEqual(model(keys, prefix, delimiter));
  }));
});

test("keys are in the order of their UTF-8 bytes", () => {
  fc.assert(fc.property(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" }), (a, b) => {
    expect(Math.sign(compareKeys(a, b))).toBe(Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b))));
  }));
});
