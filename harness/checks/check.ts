/** What a check is: a pure function from a history to a verdict. */
import type { Figures } from "../model/figures";
import type { History } from "../model/history";
import type { CheckResult } from "../model/result";

export interface Check {
  /** As in results.json. */
  name: string;
  /** The verdict; undefined when the scenario expects nothing that this check could hold it to. */
  run(history: History, figures: Figures): Verdict | undefined;
}

export type Verdict = Omit<CheckResult, "name">;

export const pass = (detail: string): Verdict => ({ status: "pass", detail });
/** `expected` and `seen` are parts of a sentence; `atSeconds` says where in the history it shows. */
export const fail = (expected: string, seen: string, atSeconds?: number): Verdict => ({
  status: "fail",
  detail: `expected ${expected}; seen: ${seen}`,
  ...(atSeconds === undefined ? {} : { atSeconds }),
});
export const unknown = (reason: string): Verdict => ({ status: "unknown", detail: reason });

/** The first failure of several verdicts; else the first unknown; else one pass. */
export function worst(verdicts: readonly Verdict[], passed: string): Verdict {
  return verdicts.find((verdict) => verdict.status === "fail") ?? verdicts.find((verdict) => verdict.status === "unknown") ?? pass(passed);
}

/** 754.2 -> "12:34.2": a moment of a run, as messages and the lines around them show it. */
export function at(seconds: number): string {
  const tenths = Math.round(seconds * 10);
  const two = (value: number): string => String(value).padStart(2, "0");
  const [h, m, s] = [Math.floor(tenths / 36000), Math.floor(tenths / 600) % 60, Math.floor(tenths / 10) % 60];
  const fraction = tenths % 10 === 0 ? "" : `.${tenths % 10}`;
  return h > 0 ? `${h}:${two(m)}:${two(s)}${fraction}` : `${m}:${two(s)}${fraction}`;
}

/** Work and pauses are compared to a tenth of a second: below that the samples' times say nothing. */
export const SECONDS_TOLERANCE = 0.1;
