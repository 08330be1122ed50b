/** Durations as FIS's parameters have them: ISO 8601, `PT2M`. https://docs.aws.amazon.com/fis/latest/userguide/action-sequence.html#action-parameters */

/** A duration in seconds; undefined when the text is none. Years and months, whose length varies, are none. */
export function durationSeconds(text: string): number | undefined {
  const match = /^P(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(text);
  if (!match || text === "P") return undefined;
  const [days, hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0)) as [number, number, number, number];
  return ((days * 24 + hours) * 60 + minutes) * 60 + seconds;
}
