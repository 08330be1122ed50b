/** The pool that took an instance comes last: its successor is in another zone, or, where there is only the one, of another type. */
import { eventsOf, type EventOf } from "../model/history";
import { fail, pass, unknown, worst, type Check, type Verdict } from "./check";

export const elsewhere: Check = {
  name: "elsewhere",
  run(history) {
    const { elsewhere: wanted } = history.run.expect;
    if (wanted === undefined) return undefined;
    const pairs = eventsOf(history, "fault-injected").flatMap((fault) => {
      const launches = eventsOf(history, "instance-launched", fault.job).toSorted((a, b) => a.launch - b.launch);
      const index = launches.findIndex(({ instanceId }) => instanceId === fault.instanceId);
      const [struck, next] = [launches[index], launches[index + 1]];
      return struck === undefined || next === undefined ? [] : [{ struck, next }];
    });
    if (pairs.length === 0) return unknown("no instance that was struck had a successor");
    const [what, preposition] = wanted === "type" ? (["type", "of"] as const) : (["zone", "in"] as const);
    const of = (instance: EventOf<"instance-launched">): string => (what === "type" ? instance.instanceType : instance.zone);
    return worst(pairs.map(({ struck, next }): Verdict => (of(struck) !== of(next) ? pass("") : fail(`${next.instanceId} ${preposition} another ${what} than ${struck.instanceId}`, `both ${preposition} ${of(next)}`, next.atSeconds))),
      pairs.map(({ struck, next }) => `${of(struck)} -> ${of(next)}`).join(", "));
  },
};
