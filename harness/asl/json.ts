/**
 * JSON as the States Language handles it: a state's input, its output, everything in between. Values are never changed
 * once they exist; what makes a new value shares the unchanged parts of the old one, so that neither a transition nor a
 * history event costs a copy.
 */
export type Json = null | boolean | number | string | Json[] | JsonObject;
export interface JsonObject { [key: string]: Json }

/** A value, or the promise of one: JSONata answers later, JSONPath at once. */
export type Maybe<T> = T | Promise<T>;

/** Goes on with a value now, if it is here, and else when it comes. */
export function then<T, U>(value: Maybe<T>, next: (value: T) => Maybe<U>): Maybe<U> {
  return value instanceof Promise ? value.then(next) : next(value);
}

export const isObject = (value: unknown): value is JsonObject => typeof value === "object" && value !== null && !Array.isArray(value);

/** JSON's name of a value's type, as error texts spell it. */
export function typeName(value: unknown): "null" | "array" | "object" | "string" | "number" | "boolean" | "function" | "undefined" {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  return typeof value as "object" | "string" | "number" | "boolean" | "function" | "undefined";
}

/** Sets an own property whatever its name (`__proto__` too). */
export function put(target: JsonObject, key: string, value: Json): void {
  if (key === "__proto__") Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  else target[key] = value;
}

/** An object's own member, or undefined. */
export function member(value: Json, key: string): Json | undefined {
  if (!isObject(value)) return undefined;
  const found = value[key];
  if (found !== undefined && Object.prototype.hasOwnProperty.call(value, key)) return found;
  return undefined;
}

/** How deep arrays and objects may lie in one another: JSON libraries take no more, the service's (Jackson) among them. */
export const MAXIMUM_NESTING = 1_000;

/** Whether a value's JSON text is longer than `limit` bytes (UTF-8), or nests too deep. Only a value near the limit is ever written out. */
export function exceeds(value: Json, limit: number): boolean {
  return upperBound(value, limit, 0) > limit && (isTooDeep(value) || Buffer.byteLength(JSON.stringify(value)) > limit);
}

/** At least the length of the JSON text in bytes; stops counting above the limit. */
function upperBound(value: Json, limit: number, depth: number): number {
  if (typeof value === "string") return value.length * 6 + 2;
  if (typeof value === "number") return 25;
  if (typeof value !== "object" || value === null) return 5;
  if (depth >= MAXIMUM_NESTING) return Infinity;
  let total = 2;
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length && total <= limit; index += 1) total += upperBound(value[index] as Json, limit - total, depth + 1) + 1;
    return total;
  }
  for (const key in value) {
    total += key.length * 6 + 4 + upperBound(value[key] as Json, limit - total, depth + 1);
    if (total > limit) return total;
  }
  return total;
}

export function isTooDeep(value: Json, depth = 0): boolean {
  if (typeof value !== "object" || value === null) return false;
  return depth >= MAXIMUM_NESTING || Object.values(value).some((inner) => isTooDeep(inner as Json, depth + 1));
}

/** Whether two JSON values are the same value. */
export function equal(left: Json, right: Json): boolean {
  if (left === right) return true;
  if (typeof left !== "object" || typeof right !== "object" || left === null || right === null) return false;
  if (Array.isArray(left)) {
    return Array.isArray(right) && left.length === right.length && left.every((item, index) => equal(item, right[index] as Json));
  }
  if (Array.isArray(right)) return false;
  const keys = Object.keys(left);
  return keys.length === Object.keys(right).length && keys.every((key) => member(right, key) !== undefined && equal(left[key] as Json, right[key] as Json));
}
