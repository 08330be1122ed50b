/** Guests where time passes by itself: ordinary processes, whose clocks show the region's time and whose waits pass at its pace. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { endIdleParents } from "../../../../harness/region/guest";
import { pacedAnswer } from "../../../../harness/region/guest/paced-helpers";
import { commandLine, isAlive, treeOf } from "../../../../harness/region/guest/proc";
import { seconds, toSeconds } from "../../../../harness/time/clock";
import type { RootClock } from "../../../../harness/time/root-clock";
import { createScaledWorld, output, START, type World } from "./world";

/** So fast that a wait which passed at the real pace would outlast the test. */
const SCALE = 200;
let world: World<RootClock>;
let earlier: ReadonlySet<number>;
beforeAll(async () => {
  earlier = new Set(treeOf([process.pid]));
  world = await createScaledWorld(SCALE);
  await world.host.prewarm();
});
afterAll(async () => {
  await world.close();
  await endIdleParents();
});

type Guest = ReturnType<World["guest"]>;

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}
const says = (guest: Guest, text: string): Promise<void> => until(() => output(guest).some((line) => line.includes(text)));
const processes = (): number[] => treeOf([process.pid]).filter((pid) => pid !== process.pid && !earlier.has(pid) && isAlive(pid) && !commandLine(pid).includes("zygote.py"));

/** Boots a guest and lets it live until it says "done"; its output. */
async function live(script: string, options: Parameters<World["guest"]>[1] = {}): Promise<string[]> {
  const guest = world.guest(script, options);
  await guest.boot();
  await says(guest, "done");
  await guest.kill();
  return output(guest);
}

describe("Python", () => {
  it("has the region's time on every clock", async () => {
    const before = toSeconds(world.clock.now());
    const [line] = await live(`
import datetime, json, time
utc = datetime.timezone.utc
print(json.dumps([time.time(), time.time_ns() / 1e9, datetime.datetime.now(utc).timestamp(), datetime.datetime.utcnow().replace(tzinfo=utc).timestamp(),
    time.clock_gettime(time.CLOCK_REALTIME), time.monotonic(), time.strftime("%Y")]))
print("done")
`);
    const after = toSeconds(world.clock.now());
    const [year, monotonic, ...times] = (JSON.parse(line!) as unknown[]).reverse();
    for (const time of times as number[]) expect(time).toBeGreaterThanOrEqual(before);
    for (const time of times as number[]) expect(time).toBeLessThanOrEqual(after);
    expect(year).toBe("2026");
    expect(monotonic).toBeLessThanOrEqual(after - toSeconds(START));
  });

  it.each([
    ["time.sleep(100)"],
    ["threading.Event().wait(100)"],
    ["lock = threading.Lock(); lock.acquire(); lock.acquire(timeout=100)"],
    ["lock = threading.RLock(); threading.Thread(target=lambda: (lock.acquire(), time.sleep(1000)), daemon=True).start(); time.sleep(20); lock.acquire(timeout=100)"],
    ["threading.Semaphore(0).acquire(timeout=100)"],
    ["thread = threading.Thread(target=time.sleep, args=(1000,), daemon=True); thread.start(); thread.join(100)"],
    ["e = threading.Event(); threading.Timer(100, e.set).start(); e.wait()"],
    ["try: queue.Queue().get(timeout=100)\nexcept queue.Empty: pass"],
    ["try: queue.SimpleQueue().get(timeout=100)\nexcept queue.Empty: pass"],
    ["select.select([], [], [], 100)"],
    ["selectors.DefaultSelector().select(100)"],
    ["asyncio.run(asyncio.sleep(100))"],
    ["signal.signal(signal.SIGALRM, lambda *_: None); signal.alarm(100); signal.pause()"],
    ["try: subprocess.run([sys.executable, '-c', 'while True: pass'], timeout=100)\nexcept subprocess.TimeoutExpired: pass"],
    ["subprocess.run([sys.executable, '-c', 'import time; time.sleep(100)'], env={})"],
    ["subprocess.run(['sleep', '100'])"],
    ["subprocess.run(['/bin/sleep', '1m', '40'], env={})"],
    ["subprocess.run('sleep 100', shell=True)"],
    ["os.system('sleep 100')"],
    ["subprocess.run(['timeout', '-k', '10', '100', 'sleep', '1000'])"],
  ])("waits at the region's pace: %s", async (code) => {
    const [line] = await live(`
import asyncio, os, queue, select, selectors, signal, subprocess, sys, threading, time
began = time.time()
${code}
print(time.time() - began >= 99.9 or time.time() - began)
print("done", flush=True)
os._exit(0)
`);
    expect(line).toBe("True");
  });

  it("may compute as long as it likes, and do what virtual time does not have", async () => {
    expect(await live(`
import multiprocessing, os, time
until = time.time() + 50
while time.time() < until: pass
if os.fork() == 0: os._exit(0)
os.wait()
with multiprocessing.get_context("fork").Pool(2) as pool: print(pool.map(abs, [-1, -2]))
print("done", flush=True)
`)).toEqual(["[1, 2]", "done"]);
  });

  it("speaks to the region while others do", async () => {
    const server = createServer((_, response) => void response.end("hello"));
    await once(server.listen(0, "127.0.0.1"), "listening");
    expect(await live(`
import os, urllib.request
print(urllib.request.urlopen(os.environ["AT"], timeout=2).read().decode())
print("done")
`, { environment: { AT: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` } })).toEqual(["hello", "done"]);
    server.close();
  });
});

describe("other programs", () => {
  it("have a sleep, a date and a timeout of the region's time", async () => {
    const [before, late, sum, after] = await live("#!/bin/sh\ndate +%s\ntimeout 100 sleep 1000 || echo $?\nsleep 1m 40s\necho slept\ndate +%s\necho done\n");
    expect([late, sum]).toEqual(["124", "slept"]);
    expect(Number(before)).toBeGreaterThanOrEqual(toSeconds(START));
    expect(Number(after) - Number(before)).toBeGreaterThanOrEqual(200);
  });

  it("do not reach the machine's own power switch, and power the guest off", async () => {
    const guest = world.guest("#!/bin/sh\nsystemctl restart sshd || echo refused\nsystemctl poweroff\nsleep 1000000\n");
    await guest.boot();
    await until(() => guest.poweredOff());
    await until(() => processes().length === 0);
    expect(output(guest).filter((line) => line === "refused")).toHaveLength(1);
  });

  it.each([
    ["sleep", ["1m", "30s"], "as-is 0=9.000000 1=0"],
    ["sleep", ["0.000001"], "as-is 0=0.000000"],
    ["sleep", ["infinity"], "as-is 0=infinity"],
    ["sleep", ["x"], "no invalid time interval 'x'"],
    ["timeout", ["100", "sleep", "7"], "as-is 0=10.000000"],
    ["timeout", ["-s", "KILL", "--kill-after=10s", "1h", "job", "5"], "as-is 2=--kill-after=1.000000 3=360.000000"],
    ["timeout", ["-k", "5", "--foreground", "0.5", "job"], "as-is 1=0.500000 3=0.050000"],
    ["timeout", ["-k5", "x", "job"], "as-is 0=-k0.500000"],
    ["date", ["+%s"], "now 1767225600"],
    ["date", ["-d", "tomorrow"], "no -d is not supported in a guest, whose time is the region's (give -d @SECONDS, or no date)"],
    ["poweroff", [], { powerOff: true }],
    ["systemctl", ["start", "x"], { command: ["systemctl", "start", "x"] }],
  ])("%s %j at ten times the pace: %s", async (name, words, answer) => expect(await pacedAnswer(name, words, START, 10, { list: () => [], signal: async () => false }, 1)).toEqual(answer));
});

describe("a guest", () => {
  it("is shut down by SIGTERM, what does not end by SIGKILL, and by a power cut with no signal", async () => {
    const script = `
import signal, subprocess, sys, time
def stop(*_):
    print("terminated", flush=True)
    if len(sys.argv) > 1: sys.exit(0)
signal.signal(signal.SIGTERM, stop)
subprocess.Popen(["/bin/sh", "-c", "(trap '' TERM; while true; do sleep 1000; done) & sleep 1000000"], start_new_session=True)
print("up", flush=True)
while True: time.sleep(1000)
`;
    const [polite, stubborn, cut] = [world.guest(script, { command: "/usr/bin/python3 /opt/work/script polite" }), world.guest(script), world.guest(script)];
    for (const guest of [polite, stubborn, cut]) await guest.boot();
    for (const guest of [polite, stubborn, cut]) await says(guest, "up");
    const began = world.clock.now();
    await Promise.all([polite.shutdown(50), stubborn.shutdown(50), cut.kill()]);
    expect(toSeconds(world.clock.now() - began)).toBeGreaterThanOrEqual(50);
    expect([polite, stubborn, cut].map(output)).toEqual([["up", "terminated"], ["up", "terminated"], ["up"]]);
    expect(processes()).toEqual([]);
  });

  it("stands still while it is suspended, children included, and goes on afterwards", async () => {
    const guest = world.guest(`
import subprocess, sys, time
subprocess.Popen([sys.executable, "-c", "import time\\nwhile True: time.sleep(1); print('child', flush=True)"])
while True: time.sleep(1); print("tick", flush=True)
`);
    await guest.boot();
    await says(guest, "tick");
    await says(guest, "child");
    guest.suspend();
    await world.clock.sleep(seconds(5));
    const before = output(guest).length;
    await world.clock.sleep(seconds(200));
    expect(output(guest).length).toBe(before);
    guest.resume();
    await until(() => output(guest).slice(before).includes("tick") && output(guest).slice(before).includes("child"));
    await guest.kill();
    expect(processes()).toEqual([]);
  });

  it("has its unit started again when it fails", async () => {
    expect(await live(`
import os, sys
path = os.path.join(os.environ["STATE_DIRECTORY"], "count")
count = int(open(path).read()) if os.path.exists(path) else 0
open(path, "w").write(str(count + 1))
print(["first", "second", "done"][count])
sys.exit([1, 75, 0][count])
`, { service: ["Restart=on-failure", "RestartSec=5"] })).toEqual(["first", "second", "done"]);
  });
});
