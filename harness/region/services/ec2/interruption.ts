/**
 * Spot interruptions and rebalance recommendations, as an instance and EventBridge see them.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-instance-termination-notices.html,
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/rebalance-recommendations.html
 */
import { seconds, toSeconds } from "../../../time/clock";
import type { ServiceEvent } from "../../core/types";
import type { Ec2Core } from "./core";
import { ec2Error } from "./errors";
import type { Instance } from "./instance";
import { setSpotStatus, type SpotStatusCode } from "./spot-request";

export interface InterruptOptions {
  /** Who takes the machine back: the request's status codes tell. */
  by: "experiment" | "price" | "capacity";
  /** From now until the instance is shut down; default: the notice's time. */
  durationBeforeInterruptionSeconds?: number;
  /** From the notice until the instance is shut down; default: the region's setting. */
  noticeSeconds?: number;
  /** A rebalance recommendation at once. */
  rebalance?: boolean;
}

/**
 * What a request's status is from the notice on, and after the end. A reclaim for capacity shows its final code at the notice.
 * The notice decides how the request ends, also when the instance is gone before its time (an agent that has saved powers off):
 * AWS documents that for capacity, and no page says otherwise for the others.
 */
const STATUSES: Readonly<Record<InterruptOptions["by"], { atNotice: SpotStatusCode; atEnd: SpotStatusCode }>> = {
  experiment: { atNotice: "marked-for-termination", atEnd: "instance-terminated-by-experiment" },
  price: { atNotice: "marked-for-termination", atEnd: "instance-terminated-by-price" },
  capacity: { atNotice: "instance-terminated-no-capacity", atEnd: "instance-terminated-no-capacity" },
};

/**
 * Interrupts a Spot Instance: an actor of its own gives the notice and, at its end, shuts the instance down. One that is
 * being interrupted already is left alone.
 * @throws AwsError IncorrectInstanceState, UnsupportedOperation (not a Spot Instance)
 */
export function interrupt(core: Ec2Core, instance: Instance, options: InterruptOptions): void {
  const request = instance.init.spotRequest;
  if (!request) throw ec2Error("UnsupportedOperation", `The instance '${instance.id}' is not a Spot Instance.`);
  if (instance.isEnding) throw ec2Error("IncorrectInstanceState", `The instance '${instance.id}' is not in a state from which it can be interrupted.`);
  if (instance.interrupting) return;
  instance.interrupting = true;
  const { clock, settings } = core.region;
  const noticeSeconds = options.noticeSeconds ?? settings.noticeSeconds;
  const endsAt = core.now() + seconds(Math.max(options.durationBeforeInterruptionSeconds ?? noticeSeconds, noticeSeconds));
  const status = STATUSES[options.by];
  if (options.rebalance && core.settings.notices.recommendations) recommendRebalance(core, instance);
  clock.spawn(`interruption of ${instance.id}`, async () => {
    const untilNoticeSeconds = toSeconds(endsAt - clock.now()) - noticeSeconds;
    if (untilNoticeSeconds > 0 && (await instance.endsWithin(untilNoticeSeconds))) return;
    if (instance.isEnding) return;
    giveNotice(core, instance, endsAt);
    instance.announcedStatus = status.atEnd;
    setSpotStatus(core, request, status.atNotice);
    if (!(await instance.endsWithin(toSeconds(endsAt - clock.now())))) instance.end({ by: "spot", spotStatus: status.atEnd, skipOsShutdown: false });
  });
}

function giveNotice(core: Ec2Core, instance: Instance, endsAt: number): void {
  const { notices } = core.settings;
  if (notices.metadata) instance.interruption = { at: endsAt, visibleFrom: core.now() + seconds(notices.metadataDelaySeconds) };
  announce(core, instance, {
    source: "aws.ec2", "detail-type": "EC2 Spot Instance Interruption Warning", resources: [core.arn(`instance/${instance.id}`)],
    detail: { "instance-id": instance.id, "instance-action": "terminate" },
  });
}

/** A rebalance recommendation: the instance is at an elevated risk of interruption; nothing else happens. @throws AwsError UnsupportedOperation */
export function recommendRebalance(core: Ec2Core, instance: Instance): void {
  if (!instance.init.spotRequest) throw ec2Error("UnsupportedOperation", `The instance '${instance.id}' is not a Spot Instance.`);
  const { notices } = core.settings;
  if (notices.metadata) instance.rebalance ??= { at: core.now(), visibleFrom: core.now() + seconds(notices.metadataDelaySeconds) };
  announce(core, instance, {
    source: "aws.ec2", "detail-type": "EC2 Instance Rebalance Recommendation", resources: [core.arn(`instance/${instance.id}`)], detail: { "instance-id": instance.id },
  });
}

/** Publishes an event as often and as late as notices are set to be. */
function announce(core: Ec2Core, instance: Instance, event: ServiceEvent): void {
  const { events, eventDelaySeconds } = core.settings.notices;
  const publish = (): void => {
    for (let copy = 0; copy < events; copy++) core.region.publish(event);
  };
  if (eventDelaySeconds <= 0) publish();
  else {
    core.region.clock.spawn(`late event of ${instance.id}`, async () => {
      await core.region.clock.sleep(seconds(eventDelaySeconds));
      publish();
    });
  }
}

/**
 * A Spot Instance in a pool that interrupts by chance: for capacity, as most interruptions on AWS are, and at no moment likelier
 * than at another. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-interruptions.html#interruption-reasons
 */
export function exposeToChance(core: Ec2Core, instance: Instance): void {
  const { interruptionsPerHour } = instance.pool;
  if (!instance.init.spotRequest || interruptionsPerHour <= 0) return;
  const hours = -Math.log(1 - core.random.fork(`chance ${instance.id}`).next()) / interruptionsPerHour;
  core.region.clock.spawn(`chance of ${instance.id}`, async () => {
    if (!(await instance.endsWithin(hours * 3600))) interrupt(core, instance, { by: "capacity", rebalance: true });
  });
}

/**
 * What a changed pool takes back: Spot Instances whose maximum is below the price, and the newest ones beyond what the pool
 * still holds. The rebalance recommendation comes along with the notice, since nothing foretold the change.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/rebalance-recommendations.html
 */
export function reclaim(core: Ec2Core): void {
  const running = [...core.instances.values()].filter((instance) => instance.init.spotRequest && !instance.isEnding && !instance.interrupting);
  for (const instance of running) {
    if (instance.pool.spotPrice > instance.init.spotRequest!.maxPrice) interrupt(core, instance, { by: "price", rebalance: true });
  }
  const held = new Map<Instance["pool"], number>();
  for (const instance of core.instances.values()) {
    if (!instance.init.spotRequest || instance.isEnding || instance.interrupting) continue;
    const count = (held.get(instance.pool) ?? 0) + 1;
    held.set(instance.pool, count);
  }
  for (const instance of running.reverse()) {
    const count = held.get(instance.pool) ?? 0;
    if (instance.interrupting || count <= instance.pool.limit.spot) continue;
    held.set(instance.pool, count - 1);
    interrupt(core, instance, { by: "capacity", rebalance: true });
  }
}
