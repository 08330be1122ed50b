/**
 * So many launches gave no instance; they were never asked for in a hot loop, and less and less often while there was none: jobs that
 * wait share EC2's request limits with everyone in the account.
 */
import { boundsText, within } from "../model/figures";
import { eventsOf } from "../model/history";
import { at, fail, pass, SECONDS_TOLERANCE, worst, type Check, type Verdict } from "./check";

/** The least time between two launch calls of a job. */
const LEAST_GAP_SECONDS = 1;
/** After so many refusals in a row the last gap is longer than the first by this factor. */
const MANY = 12;
const FACTOR = 5;

export const launchesRefused: Check = {
  name: "launches-refused",
  run(history) {
    const bounds = history.run.expect.launchesRefused;
    if (bounds === undefined) return undefined;
    const all = history.run.jobs.map(({ name }) => eventsOf(history, "launch-refused", name).map((event) => event.atSeconds));
    const count = all.reduce((sum, times) => sum + times.length, 0);
    if (!within(count, bounds)) return fail(`${boundsText(bounds)} launch(es) without an instance`, String(count), all.flat().at(-1));
    return worst(all.map(paced), `${count} launch(es) gave no instance`);
  },
};

function paced(times: readonly number[]): Verdict {
  const gaps = times.slice(1).map((time, index) => ({ time, seconds: time - times[index]! }));
  const hot = gaps.find(({ seconds }) => seconds < LEAST_GAP_SECONDS - SECONDS_TOLERANCE);
  if (hot !== undefined) return fail(`at least ${LEAST_GAP_SECONDS} s between two launches`, `${hot.seconds} s, at ${at(hot.time)}`, hot.time);
  if (gaps.length < MANY) return pass("");
  const [first, longest] = [gaps[0]!.seconds, Math.max(...gaps.map(({ seconds }) => seconds))];
  if (longest < FACTOR * first) return fail(`waits that grow to ${FACTOR} times the first, ${first} s`, `${longest} s at most`, times.at(-1));
  const late = gaps.slice(-4).map(({ seconds }) => Math.round(seconds * 1000));
  return new Set(late).size > 1 ? pass("") : fail("waits with jitter", `${late[0]! / 1000} s again and again`, times.at(-1));
}
