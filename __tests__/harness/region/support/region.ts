/** A region for tests: virtual time from 2026-01-01, a fixed seed; and the ways to call it. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { createRandom } from "../../../../harness/time/prng";
import { createVirtualClock, startAt, type VirtualClock } from "../../../../harness/time/virtual-clock";
import { createRegion, type CreateRegionOptions, type Region } from "../../../../harness/region/region";

export const START = "2026-01-01T00:00:00Z";

export interface TestRegion { region: Region; clock: VirtualClock }

export async function startRegion(options: Partial<CreateRegionOptions> = {}): Promise<TestRegion> {
  const clock = createVirtualClock({ startMicroseconds: startAt(START), watchdogSeconds: 0 });
  return { clock, region: await createRegion({ clock, random: createRandom("test"), ...options }) };
}

const run = promisify(execFile);

/** Runs Python with boto3 against the region's port; `client(name)` makes a client. Returns what the code assigned to `result`, as JSON. */
export async function boto3(region: Region, code: string): Promise<unknown> {
  const program = [
    "import json, boto3, botocore",
    "from botocore.config import Config",
    `def client(name, **more): return boto3.client(name, region_name=${JSON.stringify(region.regionName)}, endpoint_url=${JSON.stringify(region.endpoint)}, aws_access_key_id=more.pop('key', 'test'), aws_secret_access_key='test', config=Config(retries={'max_attempts': 0}), **more)`,
    "def refused(call, **input):",
    "    try: call(**input)",
    "    except botocore.exceptions.ClientError as error: return [error.response['Error']['Code'], error.response['ResponseMetadata']['HTTPStatusCode'], error.response['Error']['Message']]",
    code,
    "print(json.dumps(result, default=str))",
  ].join("\n");
  const { stdout } = await run("python3", ["-c", program], { env: { PATH: process.env["PATH"], HOME: process.env["HOME"], AWS_EC2_METADATA_DISABLED: "true" } });
  return JSON.parse(stdout);
}
