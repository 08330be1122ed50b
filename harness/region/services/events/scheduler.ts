/**
 * Rules with a schedule: an actor for each, while the rule is enabled. It sends a "Scheduled Event" to the rule's own
 * targets. These actors are of the background: they go on for ever, so time must not move for their sake alone.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-rule-schedule.html
 */
import type { Gate, Random } from "../../../time/clock";
import type { Deliveries } from "./delivery";
import { envelope } from "./envelope";
import type { EventsStore, Rule } from "./store";

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
    clock.spawnBackground(`eventbridge schedule ${rule.name}`, async () => {
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
