/**
 * An event as queries see it: the fields that begin with @, and those that are found in a message that is a JSON object, nested
 * ones by dots. https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_AnalyzeLogData-discoverable-fields.html
 */
import { Time, type Value } from "./values";

/** Fields by their names, in order. */
export type Record_ = Map<string, Value>;

/** So many fields are found in one event. */
const MOST_FIELDS = 200;

export interface Source {
  id: string;
  timestamp: number;
  ingestionTime: number;
  message: string;
  stream: string;
  /** ACCOUNT:GROUP */
  log: string;
}

export function recordOf(source: Source): Record_ {
  const record: Record_ = new Map<string, Value>([
    ["@timestamp", new Time(source.timestamp)], ["@message", source.message], ["@ingestionTime", new Time(source.ingestionTime)],
    ["@logStream", source.stream], ["@log", source.log], ["@ptr", Buffer.from(source.id).toString("base64")],
  ]);
  const own = record.size;
  const add = (name: string, value: unknown): void => {
    if (record.size >= own + MOST_FIELDS || value === null) return;
    if (typeof value === "object") for (const [key, inner] of Object.entries(value as object)) add(name === "" ? key : `${name}.${key}`, inner);
    else record.set(name, typeof value === "boolean" ? Number(value) : (value as string | number));
  };
  const message = source.message.trim();
  if (message.startsWith("{")) {
    try {
      add("", JSON.parse(message));
    } catch {
      // No JSON after all.
    }
  }
  return record;
}
