/**
 * How far a job is at any moment: reports are seconds apart, so that its course between them is reckoned from the rate at which
 * it works. A report replaces the reckoning where the two differ.
 */
import type { JobSpec } from "../model/scenario";
import { percentAfter, secondsUntil, workPercent, workSeconds, type Standing } from "../model/work";
import { seconds, type Microseconds } from "../time/clock";
import type { LedgerItem } from "./ledger";

/** A moment of the job's work from which its course is reckoned. */
interface Anchor extends Standing { at: Microseconds; epoch: number }

/** A report that agrees with the reckoning to so many seconds of work does not replace it. */
const AGREEMENT_SECONDS = 1.5;

/** States of an owner that works: also when its successor is on its way. */
const WORKING = new Set(["working", "handing-over"]);

/** Progress in whole units of work, as the default workload counts it. */
const wholeSeconds = (job: JobSpec, percent: number): number => Math.round(workPercent(job, Math.floor(workSeconds(job, percent) + 1e-6)) * 1e4) / 1e4;

export class Reckoning {
  private anchor: Anchor | undefined;
  private last: { epoch: number; percent: number; at: number } = { epoch: 0, percent: 0, at: 0 };
  private stoppedAtPercent = 0;

  constructor(private readonly spec: JobSpec) {}

  /** Progress at that time in percent, committed or not: not above the truth, and at most two seconds of work below it. */
  percentAt(time: Microseconds, ledger: LedgerItem | undefined): number {
    if (ledger?.finished === true) return 100;
    if (this.anchor !== undefined) return wholeSeconds(this.spec, percentAfter(this.spec, this.anchor, (time - this.anchor.at) / 1e6));
    const committed = ledger?.last?.percent ?? 0;
    return ledger?.ownerState === "saving" ? Math.max(this.stoppedAtPercent, committed) : committed;
  }

  /** When the work will have reached so much; undefined while nobody works. */
  timeOfPercent(percent: number): Microseconds | undefined {
    return this.anchor === undefined ? undefined : this.anchor.at + seconds(secondsUntil(this.spec, this.anchor, percent));
  }

  /** Another owner, or another run of the job, begins from what is committed. */
  beginAnew(): void {
    this.anchor = undefined;
  }

  /** Takes what the ledger says now. Returns the percentage that the owner has reported anew, if any. */
  take(item: LedgerItem, now: Microseconds): number | undefined {
    const epoch = item.ownerEpoch ?? 0;
    const percent = item.progressPercent ?? 0;
    const at = item.progressAt ?? 0;
    const { last } = this;
    const reported = epoch === last.epoch && (percent !== last.percent || at !== last.at);
    this.last = { epoch, percent, at };
    this.reckon(item, reported, now);
    return reported && percent !== last.percent ? percent : undefined;
  }

  private reckon(item: LedgerItem, reported: boolean, now: Microseconds): void {
    const { epoch, percent, at } = this.last;
    if (!WORKING.has(item.ownerState ?? "")) {
      if (this.anchor !== undefined) this.stoppedAtPercent = Math.max(percent, this.percentAt(now, item));
      this.anchor = undefined;
      return;
    }
    const savedPercent = item.last?.percent ?? 0;
    if (this.anchor?.epoch !== epoch) this.anchor = { percent: savedPercent, savedPercent, at: now, epoch };
    if (!reported) return;
    const reckoned = percentAfter(this.spec, this.anchor, at - this.anchor.at / 1e6);
    // Times in the item are whole seconds, rounded down.
    if (Math.abs(workSeconds(this.spec, reckoned - percent)) > AGREEMENT_SECONDS) this.anchor = { percent, savedPercent, at: Math.min(now, seconds(at + 1)), epoch };
  }
}
