/** How the metadata service writes times and documents. */
import { toDate, type Microseconds } from "../../../time/clock";

/** `2017-09-18T08:22:00Z`: whole seconds, as all of the metadata's times are. */
export const isoSeconds = (time: Microseconds): string => `${toDate(time).toISOString().slice(0, 19)}Z`;

/** JSON as the service writes its documents: a member a line, a space before each colon. */
export const spaced = (document: Record<string, string | null>): string =>
  `{\n${Object.entries(document).map(([name, value]) => `  ${JSON.stringify(name)} : ${JSON.stringify(value)}`).join(",\n")}\n}`;
