/**
 * Lists of keys: prefixes rolled up at a delimiter, a page at a time.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-prefixes.html
 */
import { firstNotBefore } from "../../core/sorted";
import { invalidArgument } from "./errors";
import { compareKeys } from "./versions";

const MOST_KEYS = 1000;

export interface ListOptions { prefix: string; delimiter: string; maxKeys: number; /** Keys and prefixes up to this one are passed over. */ after: string }

/** @throws AwsError InvalidArgument */
export function maxKeysOf(query: URLSearchParams, name = "max-keys"): number {
  const text = query.get(name);
  if (text === null || text === "") return MOST_KEYS;
  const value = Number(text);
  if (!/^-?\d+$/.test(text)) throw invalidArgument("Provided max-keys not an integer or within integer range", name, text);
  if (value < 0) throw invalidArgument(`Argument ${name} must be an integer between 0 and 2147483647`, name, text);
  return Math.min(value, MOST_KEYS);
}

export interface Listed<T> { items: T[]; prefixes: string[]; isTruncated: boolean; /** The last key or prefix of this page. */ last: string }

/**
 * A page of keys in order.
 * @param itemsOf what there is to list of a key: nothing, or several (versions)
 */
export function listKeys<T>(keys: readonly string[], options: ListOptions, itemsOf: (key: string) => T[]): Listed<T> {
  const { prefix, delimiter, maxKeys, after } = options;
  const page: Listed<T> = { items: [], prefixes: [], isTruncated: false, last: "" };
  let start = from(keys, prefix);
  if (after > prefix || compareKeys(after, prefix) > 0) start = Math.max(start, from(keys, after));
  for (let index = start; index < keys.length; index++) {
    const key = keys[index]!;
    if (!key.startsWith(prefix)) {
      if (compareKeys(key, prefix) > 0) break;
      continue;
    }
    if (after !== "" && compareKeys(key, after) <= 0) continue;
    const end = delimiter === "" ? -1 : key.indexOf(delimiter, prefix.length);
    const rolled = end < 0 ? undefined : key.slice(0, end + delimiter.length);
    // A prefix of the page before, or one already on this page.
    if (rolled !== undefined && (rolled === page.prefixes[page.prefixes.length - 1] || (after !== "" && (rolled === after || after.startsWith(rolled))))) continue;
    const items = itemsOf(key);
    if (items.length === 0) continue;
    if (page.items.length + page.prefixes.length >= maxKeys) {
      page.isTruncated = maxKeys > 0;
      break;
    }
    if (rolled !== undefined) page.prefixes.push(rolled);
    else page.items.push(...items);
    page.last = rolled ?? key;
  }
  return page;
}

/** The index of the first key that is not before that text. */
const from = (keys: readonly string[], text: string): number => firstNotBefore(keys, (key) => compareKeys(key, text) < 0);

/** How names are written: percent-encoded when the request asks for `encoding-type=url`. @throws AwsError InvalidArgument */
export function nameWriter(query: URLSearchParams): (name: string) => string {
  const type = query.get("encoding-type");
  if (type === null) return (name) => name;
  if (type !== "url") throw invalidArgument("Invalid Encoding Method specified in Request", "encoding-type", type);
  return (name) => encodeURIComponent(name).replace(/%2F/g, "/").replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}
