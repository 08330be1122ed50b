/** What the functions log: one object a line. With Lambda's JSON log format it becomes the line's `message`. */

export interface LogEntry {
  level: "info" | "warn";
  event: string;
  [field: string]: unknown;
}

export const logToConsole = (entry: LogEntry): void => (entry.level === "warn" ? console.warn(entry) : console.info(entry));
