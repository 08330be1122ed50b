/** Measured figures, and how they are printed. */
export const sorted = (values: readonly number[]): number[] => [...values].sort((left, right) => left - right);
export const median = (values: readonly number[]): number => sorted(values)[Math.floor(values.length / 2)] as number;
export const number = (value: number): string => value.toLocaleString("en-US", { maximumFractionDigits: value < 10 ? 1 : 0 });

/** Seconds that each of so many runs took, after one that warms up. */
export async function timed(runs: number, body: () => Promise<void>, warm = true): Promise<number[]> {
  if (warm) await body();
  const times: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const started = performance.now();
    await body();
    times.push((performance.now() - started) / 1000);
  }
  return times;
}

/** `1,234 a second (1,100 to 1,300)`, from the seconds that so many took. */
export function rate(seconds: readonly number[], count: number): string {
  const rates = sorted(seconds.map((each) => count / each));
  return `${number(median(rates))} a second (${number(rates[0]!)} to ${number(rates.at(-1)!)})`;
}
