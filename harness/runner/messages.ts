/** What the command line and its worker processes say to each other. */
import type { ScenarioRun } from "../model/scenario";
import type { Executed, TargetSpec } from "./execute";
import type { Progress } from "./progress";

export type ToWorker =
  | { type: "run"; run: ScenarioRun; spec: TargetSpec }
  /** Close everything and exit. */
  | { type: "stop" };

export type FromWorker =
  | { type: "ready" }
  | { type: "progress"; progress: Progress }
  | { type: "done"; executed: Executed }
  /** The user's to mend; nothing else need be tried. */
  | { type: "usage"; message: string; hint?: string };
