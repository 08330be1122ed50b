/** Gathers a run's events, with their times counted from its beginning. */
import type { HistoryEvent, RunSeconds } from "../model/history";
import type { Microseconds } from "../time/clock";

/** An event without its time. */
export type Unplaced = HistoryEvent extends infer E ? (E extends HistoryEvent ? Omit<E, "atSeconds"> : never) : never;

export class Recorder {
  private readonly events: HistoryEvent[] = [];

  /** `startedAt` is what counts as zero. */
  constructor(readonly startedAt: Microseconds) {}

  seconds(at: Microseconds): RunSeconds {
    return Math.round(at - this.startedAt) / 1e6;
  }

  add(at: Microseconds, event: Unplaced): void {
    this.events.push({ atSeconds: this.seconds(at), ...event } as HistoryEvent);
  }

  /**
   * Takeovers were seen between two looks; where the instance's own log tells when, that moment is taken, if it lies
   * between them.
   */
  placeTakeovers(): void {
    for (const event of this.events) {
      if (event.type !== "ownership-taken") continue;
      const told = this.events.find((log) => log.type === "agent-log" && log.message === "took-over" && log.instanceId === event.instanceId && log.fields["epoch"] === event.epoch);
      if (told === undefined || told.atSeconds > event.atSeconds || told.atSeconds < (event.notBeforeSeconds ?? event.atSeconds)) continue;
      event.atSeconds = event.notBeforeSeconds = told.atSeconds;
    }
  }

  /** In order of time; ties in the order in which they were added. */
  sorted(): HistoryEvent[] {
    return this.events.toSorted((a, b) => a.atSeconds - b.atSeconds);
  }
}
