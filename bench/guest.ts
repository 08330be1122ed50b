/**
 * What a guest costs in real time: a process of its own (a fork of the pre-imported parent), a wait on the clock, and a poll of
 * the metadata service with the agent's own client. One instance runs a script that does each many times.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CreateLaunchTemplateCommand, EC2Client, RunInstancesCommand } from "@aws-sdk/client-ec2";
import { createRegion } from "../harness/region/region";
import type { Ec2Service } from "../harness/region/services/ec2";
import { seconds } from "../harness/time/clock";
import { createRandom } from "../harness/time/prng";
import { createVirtualClock } from "../harness/time/virtual-clock";
import { median } from "./figures";
import { programUserData } from "./user-data";

interface GuestFigures { processMilliseconds: number; waitMicroseconds: number; pollMicroseconds: number }

const PROCESSES = 10;
const WAITS = 10_000;
const POLLS = 5_000;

/** Its time is virtual: the host times the spans between the lines that it prints. */
const SCRIPT = `
import os, subprocess, sys, time
from metadata import Metadata
def mark(name):
    print(name, flush=True)
    time.sleep(1)
mark("processes")
for _ in range(${PROCESSES}):
    subprocess.run([sys.executable, os.path.join(os.path.dirname(os.path.abspath(__file__)), "nothing.py")], check=True)
mark("waits")
for _ in range(${WAITS}):
    time.sleep(0.001)
mark("polls")
metadata = Metadata(os.environ["AWS_EC2_METADATA_SERVICE_ENDPOINT"])
for _ in range(${POLLS}):
    metadata.get("spot/instance-action")
mark("done")
time.sleep(100000)
`;

const userData = (): string => programUserData(SCRIPT, {
  "metadata.py": readFileSync(join(__dirname, "..", "userdata", "agent", "metadata.py"), "utf8"),
  "nothing.py": "pass",
});

/** One measurement of all three. */
async function measureGuest(): Promise<GuestFigures> {
  const clock = createVirtualClock({ startMicroseconds: seconds(1767225600) });
  const region = await createRegion({ clock, random: createRandom("bench") });
  const client = new EC2Client(region.sdkConfig());
  try {
    return await clock.run("bench", async () => {
      await client.send(new CreateLaunchTemplateCommand({
        LaunchTemplateName: "bench", LaunchTemplateData: { ImageId: "ami-0123456789abcdef0", InstanceType: "m6i.large", UserData: Buffer.from(userData()).toString("base64") },
      }));
      const { Instances } = await client.send(new RunInstancesCommand({ MinCount: 1, MaxCount: 1, LaunchTemplate: { LaunchTemplateName: "bench" } }));
      const id = Instances![0]!.InstanceId!;
      const ec2 = region.service<Ec2Service>("ec2");
      const at: Record<string, number> = {};
      const marks = ["processes", "waits", "polls", "done"];
      for (let look = 0; look < 100_000 && at["done"] === undefined; look += 1) {
        const said = ec2.guestConsole(id) ?? "";
        for (const mark of marks) if (at[mark] === undefined && said.includes(mark)) at[mark] = performance.now();
        if (region.failures[0]) throw region.failures[0];
        await clock.sleep(seconds(0.5));
      }
      const span = (from: string, to: string): number => {
        const [start, end] = [at[from], at[to]];
        if (start === undefined || end === undefined) throw new Error(`the guest never came to "${to}": ${ec2.guestConsole(id)}`);
        return end - start;
      };
      return {
        processMilliseconds: span("processes", "waits") / PROCESSES,
        waitMicroseconds: (span("waits", "polls") * 1000) / WAITS,
        pollMicroseconds: (span("polls", "done") * 1000) / POLLS,
      };
    });
  } finally {
    client.destroy();
    await region.close();
  }
}

export async function benchGuest(runs: number): Promise<string[]> {
  const guests: GuestFigures[] = [];
  for (let run = 0; run < runs; run += 1) guests.push(await measureGuest());
  const middle = (of: (figures: GuestFigures) => number): number => median(guests.map(of));
  return [`a guest's process: ${middle((each) => each.processMilliseconds).toFixed(1)} ms; a wait on the clock: ${middle((each) => each.waitMicroseconds).toFixed(0)} us; a metadata poll: ${middle((each) => each.pollMicroseconds).toFixed(0)} us`];
}
