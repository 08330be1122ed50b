/**
 * Faults of the Spot market, which no API of AWS injects: a price that rises above what a request pays at most, and pools that
 * run dry. EC2 takes back what it has lent, as it does on AWS: a notice, two minutes, the end; the request's status says why.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-interruptions.html
 */
import { DescribeInstancesCommand, DescribeSpotInstanceRequestsCommand } from "@aws-sdk/client-ec2";
import type { Fault } from "../../model/scenario";
import { seconds } from "../../time/clock";
import type { InjectionContext, InjectionOutcome, Injector } from "../target";

/** Spot pools by what they have in common; absent: any. */
export interface Pools { instanceType?: string; zone?: string }
export interface PoolFigures { spotPrice?: number; spotLimit?: number }
/** Changes pools; the function returned takes the change back. */
export type ConfigurePools = (pools: Pools, figures: PoolFigures) => () => void;

/** Between looks at whether the run is over. */
const LOOK_SECONDS = 5;

/** The instance that the fault strikes, with what its request pays at most. */
interface Struck { instanceId: string; instanceType: string; zone: string; maxPrice: number }

export function priceRiseInjector(configure: ConfigurePools, resolutionSeconds: number): Injector {
  return {
    resolutionSeconds,
    async inject(context) {
      const { fault } = context;
      const struck = await find(context);
      if ("missed" in struck) return { status: "missed", reason: struck.missed };
      if (struck.instance === undefined) return hold(context, configure({}, { spotPrice: fault.toDollarsPerHour! }));
      const { instanceId, maxPrice } = struck.instance;
      // To a hundredth of a cent, as Spot prices are.
      const price = fault.toDollarsPerHour ?? Math.ceil(maxPrice * fault.toTimesMaximum! * 1e4) / 1e4;
      if (price <= maxPrice) return { status: "failed", reason: `a price of ${price} dollars an hour is not above the ${maxPrice} that the request of ${instanceId} pays at most; give more, or toTimesMaximum` };
      return hold(context, configure(poolsOf(fault, struck.instance), { spotPrice: price }));
    },
  };
}

export function reclaimInjector(configure: ConfigurePools, resolutionSeconds: number): Injector {
  return {
    resolutionSeconds,
    async inject(context) {
      const struck = await find(context);
      if ("missed" in struck) return { status: "missed", reason: struck.missed };
      return hold(context, configure(struck.instance === undefined ? {} : poolsOf(context.fault, struck.instance), { spotLimit: 0 }));
    },
  };
}

/** Says that the fault has struck, and takes it back after its time. */
async function hold(context: InjectionContext, lift: () => void): Promise<InjectionOutcome> {
  const { clock, fault, over, struck } = context;
  struck();
  if (fault.durationSeconds === undefined) return { status: "completed" };
  const end = clock.now() + seconds(fault.durationSeconds);
  while (clock.now() < end && !over()) await clock.sleep(Math.min(seconds(LOOK_SECONDS), end - clock.now()));
  lift();
  return { status: "completed" };
}

/** The instance to strike (none before the start), or why it cannot be struck. */
async function find({ clients, instanceId, fault }: InjectionContext): Promise<{ instance?: Struck } | { missed: string }> {
  if (fault.at.beforeStart) return {};
  if (instanceId === undefined) return { missed: "there was no instance" };
  const { Reservations } = await clients.ec2.send(new DescribeInstancesCommand({ InstanceIds: [instanceId] }));
  const instance = Reservations?.[0]?.Instances?.[0];
  const state = instance?.State?.Name;
  if (state !== "running" && state !== "pending") return { missed: `${instanceId} is ${state ?? "gone"}, and was to be struck while it runs` };
  const requestId = instance?.SpotInstanceRequestId;
  if (requestId === undefined) return { missed: `${instanceId} is not a Spot Instance` };
  const { SpotInstanceRequests } = await clients.ec2.send(new DescribeSpotInstanceRequestsCommand({ SpotInstanceRequestIds: [requestId] }));
  return { instance: { instanceId, instanceType: String(instance!.InstanceType), zone: instance!.Placement!.AvailabilityZone!, maxPrice: Number(SpotInstanceRequests![0]!.SpotPrice) } };
}

/** The pools that the fault is meant for. */
function poolsOf({ pools = "own" }: Fault, { instanceType, zone }: Struck): Pools {
  return pools === "all" ? {} : pools === "zone" ? { zone } : { instanceType, zone };
}
