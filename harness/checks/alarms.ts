/** The deployment's alarms go off when the scenario says so, and never otherwise: one that cries wolf is soon not listened to. */
import { eventsOf } from "../model/history";
import { at, fail, pass, type Check } from "./check";

export const alarms: Check = {
  name: "alarms",
  run(history) {
    const expected = history.run.expect.alarms ?? [];
    const heard = eventsOf(history, "alarm-state").filter((event) => event.state === "ALARM");
    const surprise = heard.find(({ alarm }) => !expected.includes(alarm));
    if (surprise !== undefined) return fail(expected.length === 0 ? "no alarm to go off" : `no alarm but ${expected.join(", ")} to go off`, `${surprise.alarm} at ${at(surprise.atSeconds)}: ${surprise.reason}`, surprise.atSeconds);
    const silent = expected.filter((name) => !heard.some(({ alarm }) => alarm === name));
    if (silent.length > 0) return fail(`the alarm ${silent.join(", ")} to go off`, heard.length === 0 ? "none did" : `only ${[...new Set(heard.map(({ alarm }) => alarm))].join(", ")}`, history.virtualSeconds);
    return pass(expected.length === 0 ? "no alarm went off" : expected.join(", "));
  },
};
