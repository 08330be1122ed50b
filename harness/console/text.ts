/** Text for a console: colours only where they are wanted, nothing in it that could move the cursor. */

/** Colours and cursor movements. */
// eslint-disable-next-line no-control-regex
const ESCAPES = /\u001b\[[0-9;?]*[A-Za-z]/g;

/** How many columns a text takes; every character of ours is one wide. */
export const width = (text: string): number => [...text.replace(ESCAPES, "")].length;

/** Control characters out (a line break stays): what comes from logs and errors may hold anything. */
// eslint-disable-next-line no-control-regex
export const clean = (text: string): string => text.replace(ESCAPES, "").replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g, " ");

/** Cut to so many columns. Only for text without colours. */
export function cut(text: string, columns: number): string {
  const characters = [...text];
  return characters.length <= columns ? text : columns < 2 ? "" : `${characters.slice(0, columns - 1).join("")}…`;
}

export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
}

const sgr = (on: number, off: number) => (text: string): string => `\u001b[${on}m${text}\u001b[${off}m`;
const plain = (text: string): string => text;

export const style = (colours: boolean): Style =>
  colours ? { bold: sgr(1, 22), dim: sgr(2, 22), red: sgr(31, 39), green: sgr(32, 39), yellow: sgr(33, 39) } : { bold: plain, dim: plain, red: plain, green: plain, yellow: plain };

/** 754.2 -> "12:34"; 4530 -> "1:15:30". */
export function clockTime(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds + 1e-9));
  const two = (value: number): string => String(value).padStart(2, "0");
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** 0 -> "0 s"; 93.25 -> "93.3 s"; 4530 -> "75.5 min". */
export function duration(seconds: number): string {
  if (seconds >= 7200) return `${(seconds / 3600).toFixed(1)} h`;
  if (seconds >= 600) return `${(seconds / 60).toFixed(1)} min`;
  return `${Number(seconds.toFixed(1))} s`;
}

export const percent = (value: number): string => `${Number(value.toFixed(1))}%`;

/** Columns side by side, aligned; `right` says which are numbers. The first row is the heading. */
export function table(rows: readonly (readonly string[])[], right: readonly boolean[]): string[] {
  const widths = right.map((_, column) => Math.max(...rows.map((row) => width(row[column] ?? ""))));
  return rows.map((row) => row.map((cell, column) => {
    const space = " ".repeat(widths[column]! - width(cell));
    return right[column] ? space + cell : cell + space;
  }).join("  ").trimEnd());
}
