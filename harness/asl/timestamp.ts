/**
 * Timestamps as the States Language has them: RFC 3339, with a capital T between date and time, and a capital Z where
 * there is no offset. https://states-language.net/#timestamps
 */
import type { Microseconds } from "../time/clock";

const PATTERN = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(Z|[+-]\d{2}:\d{2})$/;

export const isoTime = (time: Microseconds): string => new Date(time / 1000).toISOString();

/** Microseconds since the epoch, or undefined for what is no such timestamp. */
export function parseTimestamp(text: string): Microseconds | undefined {
  const found = PATTERN.exec(text);
  if (found === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction = "", offset = "Z"] = found;
  const milliseconds = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}${offset}`);
  if (Number.isNaN(milliseconds)) return undefined;
  return milliseconds * 1000 + Math.floor(Number(`0.${fraction || "0"}`) * 1_000_000);
}
