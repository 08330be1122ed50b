/** The account's lever in the Region: engaged, it stops all experiments and lets none start. https://docs.aws.amazon.com/fis/latest/userguide/safety-lever.html */
import { conflict } from "./errors";
import type { ExperimentRun } from "./experiment";

export const SAFETY_LEVER_ID = "default";

export class SafetyLever {
  private engaged = false;
  reason = "";

  constructor(private readonly experiments: () => Iterable<ExperimentRun>) {}

  /** Engaging until the last experiment has stopped. */
  get status(): "disengaged" | "engaging" | "engaged" {
    if (!this.engaged) return "disengaged";
    return [...this.experiments()].some(({ isActive }) => isActive) ? "engaging" : "engaged";
  }

  /** @throws AwsError ConflictException, while it is engaging */
  set(engaged: boolean, reason: string): void {
    if (this.status === "engaging") throw conflict("The safety lever cannot be changed while it is engaging.");
    this.engaged = engaged;
    this.reason = reason;
    if (engaged) for (const run of this.experiments()) run.stop("Experiment stopped by safety lever.");
  }
}
