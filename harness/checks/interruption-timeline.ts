/**
 * Every interruption went by AWS's timeline, as announced in 2015 (https://aws.amazon.com/blogs/aws/new-ec2-spot-instance-termination-notices/):
 * +0:00 the Spot request is marked and the metadata name a time two minutes ahead; by +0:05 the agent, which looks every five
 * seconds, knows; until +2:00 it saves and uploads its final log; at +2:00, unless it has left before, the machine is shut down,
 * and the request says why. Where the region keeps the notice back, the agent learns of it by the shutdown's signal at +2:00.
 */
import { eventsOf, finalOf, type EventOf, type History } from "../model/history";
import { NOTICE_SECONDS, POLL_SECONDS } from "../model/limits";
import { fail, pass, unknown, worst, type Check, type Verdict } from "./check";

/** The metadata's times, S3's and those of Spot requests on AWS are whole seconds. */
const WHOLE_SECONDS = 1;
/** From the strike until the request is marked: an experiment takes some seconds to act on AWS. */
const MARKED_WITHIN_SECONDS = { local: 1, aws: 30 };
/** From +2:00 until the machine is seen to be gone: its shutdown, and the time between two looks. */
const GONE_WITHIN_SECONDS = { local: 20, aws: 180 };

/** What an interrupted request says at the notice. */
const MARKS = new Set(["marked-for-termination", "instance-terminated-no-capacity"]);
/** Kinds of faults that give a notice. */
const WITH_NOTICE = new Set(["interrupt", "price-rise", "reclaim"]);
const GONE = new Set(["shutting-down", "terminated"]);

export const interruptionTimeline: Check = {
  name: "interruption-timeline",
  run(history) {
    if (history.run.expect.interruptionTimeline === undefined) return undefined;
    const struck = eventsOf(history, "fault-injected").filter((event) => event.instanceId !== undefined && WITH_NOTICE.has(event.kind));
    if (struck.length === 0) return unknown("no fault that gives a notice struck an instance");
    const verdicts = struck.map((fault) => timelineOf(history, fault));
    return worst(verdicts, verdicts.map(({ detail }) => detail).join("; "));
  },
};

function timelineOf(history: History, fault: EventOf<"fault-injected">): Verdict {
  const { job } = fault;
  const instanceId = fault.instanceId!;
  const launch = eventsOf(history, "instance-launched", job).find((event) => event.instanceId === instanceId);
  const statuses = eventsOf(history, "spot-request-status", job).filter((event) => event.spotRequestId === launch?.spotRequestId);
  const marked = statuses.find((event) => MARKS.has(event.code));
  if (marked === undefined) return fail(`the Spot request of ${instanceId} to be marked for termination`, statuses.map(({ code }) => code).join(" -> ") || "no status at all", fault.atSeconds);
  const zero = marked.atSeconds;
  const steps: string[] = [];
  const late = (what: string, atSeconds: number, within: number): Verdict | undefined => {
    steps.push(`${after(zero, atSeconds)} ${what}`);
    return atSeconds - zero > within + WHOLE_SECONDS ? fail(`${what} of ${instanceId} by ${after(0, within)}`, after(zero, atSeconds), atSeconds) : undefined;
  };

  const delay = MARKED_WITHIN_SECONDS[history.target];
  if (zero - fault.atSeconds > delay) return fail(`${marked.code} within ${delay} s of the fault`, `${zero - fault.atSeconds} s after it`, zero);
  steps.push(`${after(zero, zero)} ${marked.code}`);

  const told = history.run.region?.noticeInMetadata === false ? "terminate" : "notice";
  const notice = eventsOf(history, "agent-log", job).find((event) => event.instanceId === instanceId && event.message === told);
  if (notice === undefined) return fail(`the agent of ${instanceId} to log ${told}`, "no such line in its final log", zero);
  const ends = NOTICE_SECONDS + GONE_WITHIN_SECONDS[history.target];
  if (told === "terminate") {
    if (notice.atSeconds - zero < NOTICE_SECONDS - WHOLE_SECONDS) return fail(`the shutdown's signal at ${after(0, NOTICE_SECONDS)}`, after(zero, notice.atSeconds), notice.atSeconds);
    return late("the shutdown's signal", notice.atSeconds, NOTICE_SECONDS) ?? saved(ends) ?? over();
  }
  const announced = (Date.parse(String(notice.fields["at"])) - Date.parse(history.startedAt)) / 1000;
  if (Math.abs(announced - zero - NOTICE_SECONDS) > WHOLE_SECONDS) return fail(`the notice to name a time ${NOTICE_SECONDS} s ahead`, `${String(notice.fields["at"])}, which is ${after(zero, announced)}`, notice.atSeconds);
  return late("the agent has seen it", notice.atSeconds, POLL_SECONDS) ?? saved(NOTICE_SECONDS) ?? over();

  function saved(within: number): Verdict | undefined {
    const save = eventsOf(history, "agent-log", job).filter((event) => event.instanceId === instanceId && event.message === "committed" && event.atSeconds >= notice!.atSeconds).at(-1);
    if (save === undefined) return fail(`${instanceId} to commit a checkpoint after the notice`, "none", notice!.atSeconds);
    const log = finalOf(history, job)?.finalLogs.find((each) => each.instanceId === instanceId);
    if (log?.uploadedSeconds === undefined) return fail(`the final log of ${instanceId} in the bucket`, "none", notice!.atSeconds);
    return late("its save is committed", save.atSeconds, within) ?? late("its final log is uploaded", log.uploadedSeconds, within);
  }

  function over(): Verdict {
    const last = statuses.at(-1)!;
    const gone = eventsOf(history, "instance-state", job).find((event) => event.instanceId === instanceId && GONE.has(event.state));
    const ended = last.code !== marked!.code && last.code.startsWith("instance-terminated") ? last.atSeconds : gone?.atSeconds;
    if (ended === undefined || !last.code.startsWith("instance-terminated")) return fail(`${instanceId} to be gone, and its request to say why`, `${gone?.state ?? "it never went"}, ${last.code}`, zero + NOTICE_SECONDS);
    return late(last.code, ended, ends) ?? pass(steps.join(", "));
  }
}

/** "+1:03.5": so long after. */
function after(zero: number, atSeconds: number): string {
  const tenths = Math.round((atSeconds - zero) * 10);
  const [minutes, rest] = [Math.floor(Math.abs(tenths) / 600), Math.abs(tenths) % 600];
  return `${tenths < 0 ? "-" : "+"}${minutes}:${String(Math.floor(rest / 10)).padStart(2, "0")}${rest % 10 === 0 ? "" : `.${rest % 10}`}`;
}
