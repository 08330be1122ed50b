/**
 * Rules with a schedule: an actor for each, while the rule is enabled. It sends a "Scheduled Event" to the rule's own
 * targets. These actors are of the background: they wait for ever, so a clock must not count them among what is still
 * to be done (see spawnBackground).
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-rule-schedule.html
 */
import type { Actor, Clock, Gate } from "../../../time/clock";
import type { Deliveries } from "./delivery";
import { envelope } from "./envelope";
import type { EventsStore, Rule } from "./store";
import type { Random } from "../../../time/clock";

export class Scheduler {
  readonly #running = new Map<Rule, { stop: Gate; stopped: boolean }>();

  constructor(readonly store: EventsStore, readonly deliveries: Deliveries, readonly random: Random) {}

  /** Takes note of a rule that was put, enabled or disabled. */
  update(rule: Rule): void {
    this.remove(rule);
    const { schedule } = rule;
    if (!schedule || rule.state === "DISABLED") return;
    const { clock } = this.store.region;
    const run = { stop: clock.gate(`schedule of ${rule.name}`), stopped: false };
    this.#running.set(rule, run);
    spawnBackground(clock, `eventbridge schedule ${rule.name}`, async () => {
      let due = schedule.next(clock.now());
      while (due !== undefined && !run.stopped) {
        if (await run.stop.wait(due - clock.now()) || run.stopped) return;
        this.deliveries.sendTo(rule, envelope(this.store.region, this.random, { source: "aws.events", "detail-type": "Scheduled Event", resources: [rule.arn], detail: {} }));
        due = schedule.next(due);
      }
    });
  }

  /** Ends the rule's schedule, if it has one. */
  remove(rule: Rule): void {
    const run = this.#running.get(rule);
    if (!run) return;
    this.#running.delete(rule);
    run.stopped = true;
    run.stop.open();
  }
}

/** A clock that knows actors which may wait for ever without anything being left to do. */
interface BackgroundClock extends Clock { spawnBackground?(name: string, body: () => Promise<void>): Actor }

const spawnBackground = (clock: BackgroundClock, name: string, body: () => Promise<void>): Actor => clock.spawnBackground?.(name, body) ?? clock.spawn(name, body);
