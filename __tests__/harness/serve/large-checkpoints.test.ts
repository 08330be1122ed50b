/** A large checkpoint on its way from the agent's own code into the region and back: the memory of neither grows with its size. */
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { resolvePython } from "../../../harness/region/guest/python";
import { begin, PROJECT, type Running } from "./running";

/** Stores a save of so many megabytes, every other 32 of which are a hole; restores it; prints its own peak in megabytes. */
const PROGRAM = `
import filecmp, os, resource, sys
sys.path.insert(0, "userdata/agent")
from calls import clients
from checkpoints import Checkpoints
folder, megabytes = sys.argv[1], int(sys.argv[2])
s3 = clients("us-east-1")["s3"]
s3.create_bucket(Bucket="checkpoints")
save, restored = os.path.join(folder, "save"), os.path.join(folder, "restored")
os.mkdir(save)
dense = os.urandom(1 << 20)
with open(os.path.join(save, "file"), "wb") as file:
    for at in range(megabytes):
        if at // 32 % 2:
            file.seek(at << 20)
            file.write(at.to_bytes(8, "big") + dense[8:])
    file.truncate(megabytes << 20)
checkpoints = Checkpoints(s3, "checkpoints", "job-%d" % megabytes, lambda: None)
record = checkpoints.store(save, 1, 1, lambda call: call())
checkpoints.restore(record, restored, lambda call: call())
assert filecmp.cmp(os.path.join(save, "file"), os.path.join(restored, "file"), shallow=False)
assert record["sizeBytes"] > megabytes << 20, record
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
`;

const MEGABYTES = { small: 64, large: 320 };
/** What comes and goes with garbage in the meantime; a quarter of what either would hold if it held a checkpoint. */
const GROWTH_MEGABYTES = (MEGABYTES.large - MEGABYTES.small) / 4;

let region: Running;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "large-"));
  region = await begin(folder);
});
afterAll(async () => {
  region.child.kill("SIGTERM");
  await region.ended;
  rmSync(folder, { recursive: true, force: true });
});

const peakOfRegion = (): number => Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${region.child.pid!}/status`, "utf8"))![1]) / 1024;

async function peaks(megabytes: number): Promise<{ agent: number; region: number }> {
  const own = mkdtempSync(join(folder, "program-"));
  const { stdout } = await promisify(execFile)(await resolvePython(PROJECT), ["-c", PROGRAM, own, String(megabytes)], { cwd: PROJECT, env: { ...process.env, ...region.environment, PYTHONDONTWRITEBYTECODE: "1" } });
  rmSync(own, { recursive: true });
  return { agent: Number(stdout), region: peakOfRegion() };
}

it("is never whole in memory, on neither side", async () => {
  const small = await peaks(MEGABYTES.small);
  const large = await peaks(MEGABYTES.large);
  expect(large.agent - small.agent).toBeLessThan(GROWTH_MEGABYTES);
  expect(large.region - small.region).toBeLessThan(GROWTH_MEGABYTES);
});
