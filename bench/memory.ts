/**
 * What waiting costs in memory: an execution in a Wait state, and an instance whose guest sleeps. Differences over many, after
 * the garbage has been collected; a guest's processes are counted by their proportional share of memory (PSS), since they
 * share most of it with the process that they were forked from. https://docs.kernel.org/filesystems/proc.html
 */
import { readdirSync, readFileSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { CreateLaunchTemplateCommand, EC2Client, RunInstancesCommand } from "@aws-sdk/client-ec2";
import { CreateStateMachineCommand, SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { createRegion, type Region } from "../harness/region/region";
import { seconds } from "../harness/time/clock";
import { createRandom } from "../harness/time/prng";
import { createVirtualClock, type VirtualClock } from "../harness/time/virtual-clock";
import { programUserData } from "./user-data";

const EXECUTIONS = 2_000;
const INSTANCES = 20;
const IDLE_MACHINE = { StartAt: "Wait", States: { Wait: { Type: "Wait", Seconds: 86_400, End: true } } };
const USER_DATA = programUserData("import time\ntime.sleep(100000)\n");

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

interface Memory { heap: number; rss: number; processes: number }

function memory(): Memory {
  for (let round = 0; round < 3; round += 1) collect();
  const { heapUsed, rss } = process.memoryUsage();
  return { heap: heapUsed, rss, processes: descendants().reduce((sum, pid) => sum + proportionalBytes(pid), 0) };
}

function descendants(): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync("/proc").filter((entry) => /^\d+$/.test(entry))) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, "utf8");
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]));
    } catch {
      // It has ended meanwhile.
    }
  }
  const isBelow = (pid: number): boolean => {
    const parent = parents.get(pid);
    return parent === process.pid || (parent !== undefined && parent > 1 && isBelow(parent));
  };
  return [...parents.keys()].filter(isBelow);
}

function proportionalBytes(pid: number): number {
  try {
    return Number(/^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

async function inRegion<T>(body: (region: Region, clock: VirtualClock) => Promise<T>): Promise<T> {
  const clock = createVirtualClock({ startMicroseconds: seconds(1767225600), watchdogSeconds: 0 });
  const region = await createRegion({ clock, random: createRandom("bench"), unknownRoles: "administrator" });
  try {
    return await clock.run("bench", () => body(region, clock));
  } finally {
    clock.close();
    await region.close();
  }
}

/** The difference that so many made, each. */
async function each(count: number, settle: () => Promise<void>, make: (index: number) => Promise<void>): Promise<Memory> {
  // The first ones bring what all of them share.
  await make(-1);
  await settle();
  const before = memory();
  for (let index = 0; index < count; index += 1) await make(index);
  await settle();
  const after = memory();
  return { heap: (after.heap - before.heap) / count, rss: (after.rss - before.rss) / count, processes: (after.processes - before.processes) / count };
}

const kib = (bytes: number): string => `${(bytes / 1024).toFixed(bytes < 102_400 ? 1 : 0)} KiB`;

export async function benchMemory(): Promise<string[]> {
  const execution = await inRegion(async (region, clock) => {
    const sfn = new SFNClient(region.sdkConfig());
    const { stateMachineArn } = await sfn.send(new CreateStateMachineCommand({ name: "idle", definition: JSON.stringify(IDLE_MACHINE), roleArn: "arn:aws:iam::123456789012:role/bench" }));
    return each(EXECUTIONS, () => clock.sleep(seconds(1)), async () => { await sfn.send(new StartExecutionCommand({ stateMachineArn })); }).finally(() => sfn.destroy());
  });
  const instance = await inRegion(async (region, clock) => {
    const ec2 = new EC2Client(region.sdkConfig());
    await ec2.send(new CreateLaunchTemplateCommand({
      LaunchTemplateName: "idle", LaunchTemplateData: { ImageId: "ami-0123456789abcdef0", InstanceType: "m6i.large", UserData: Buffer.from(USER_DATA).toString("base64") },
    }));
    const launch = async (): Promise<void> => { await ec2.send(new RunInstancesCommand({ MinCount: 1, MaxCount: 1, LaunchTemplate: { LaunchTemplateName: "idle" } })); };
    return each(INSTANCES, () => clock.sleep(seconds(300)), launch).finally(() => ec2.destroy());
  });
  return [
    `memory of an execution that waits (of ${EXECUTIONS}): ${kib(execution.heap)} of heap, ${kib(execution.rss)} resident, in the region's process`,
    `memory of an instance whose guest sleeps (of ${INSTANCES}): ${kib(instance.heap)} of heap, ${kib(instance.rss)} resident, in the region's process; ${kib(instance.processes)} in the guest's own (PSS)`,
  ];
}
