/** What comes out: one entry a run, as `results.json` holds it. */
import type { Cost } from "./cost";
import type { FaultKind } from "./scenario";

export type CheckStatus = "pass" | "fail" | "unknown";

export interface CheckResult {
  name: string;
  status: CheckStatus;
  /** One sentence: for a failure, what was expected and what was seen. */
  detail: string;
  /** Where in the history a failure shows, for the lines around it; seconds since the run began. */
  atSeconds?: number;
}

export interface Interruption {
  kind: FaultKind;
  /** Seconds since the run began. */
  atSeconds: number;
  job: string;
  /** The job's progress when it struck. */
  atPercent: number;
  /** Longest gap in work from the interruption until the first work of the run of the job that follows; null when none followed. */
  pauseSeconds: number | null;
  /** Work thrown away by it, in seconds of work. */
  lostWorkSeconds: number;
  limits: Limits;
}

/** What an interruption of its kind may cost, under the conditions of the run; null where nothing can be asked. */
export interface Limits {
  pauseSeconds: number | null;
  lostWorkSeconds: number | null;
  /** What the limits are made of, in words. */
  because: string;
}

export type RunStatus = "passed" | "failed" | "error" | "unsupported";

export interface ScenarioResult {
  name: string;
  status: RunStatus;
  /** Committed, at the end; the lowest of the scenario's jobs. */
  percent: number;
  attempts: number;
  lostWorkSeconds: number;
  virtualSeconds: number;
  wallSeconds: number;
  /** What its instances cost, and would have cost On-Demand; absent when nothing ran. */
  costDollars?: Cost;
  checks: CheckResult[];
  interruptions: Interruption[];
  /** Why it could not run, or was not supported. */
  reason?: string;
  /** The command that runs it again. */
  rerun: string;
}

export interface Results { scenarios: ScenarioResult[] }
