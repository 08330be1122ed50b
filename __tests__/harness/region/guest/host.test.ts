/** What the guests' host leaves behind: nothing, however it ends. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createGuestHost, endIdleParents, prewarmGuests } from "../../../../harness/region/guest";
import { seconds } from "../../../../harness/time/clock";
import { commandLine, isAlive, treeOf } from "../../../../harness/region/guest/proc";
import { createWorld } from "./world";

/** What ran below this process before: idle parents of test files that it has run earlier. */
let earlier: ReadonlySet<number>;
beforeAll(() => { earlier = new Set(treeOf([process.pid])); });

/** Everything else below that process, itself left out. */
const below = (pid: number): number[] => treeOf([pid]).filter((each) => each !== pid && !earlier.has(each));
const parents = (): number[] => below(process.pid).filter((pid) => commandLine(pid).includes("guest/python/zygote.py") && readFileSync(`/proc/${pid}/stat`, "utf8").includes(`) S ${process.pid} `));

afterEach(endIdleParents);

const BUSY = `
import subprocess, sys, threading, time
threading.Thread(target=lambda: time.sleep(1000), daemon=True).start()
subprocess.Popen(["/bin/sh", "-c", "(sleep 1000 & sleep 1000); sleep 1000"], start_new_session=True)
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(1000)"])
time.sleep(1000)
`;

it("closing the host leaves no process and no folder, whatever guests are at, and may be done twice", async () => {
  const world = await createWorld();
  const guests = [world.guest(BUSY), world.guest(BUSY), world.guest("while True: pass")];
  await world.clock.run("test", async () => {
    for (const guest of guests.slice(0, 2)) await guest.boot();
    await world.clock.sleep(seconds(5));
  });
  const started = world.clock.run("burns CPU", async () => {
    await guests[2]!.boot();
    await world.clock.sleep(seconds(5));
  });
  started.catch(() => undefined);
  await new Promise((resolve) => setTimeout(resolve, 300));
  const clockFolder = world.host.clockFolder!;
  expect(below(process.pid).length).toBeGreaterThan(8);
  world.clock.close();
  await Promise.all([world.host.close(), world.host.close()]);
  const [parent] = parents();
  expect(below(process.pid)).toEqual([parent]);
  expect(existsSync(clockFolder)).toBe(false);
  expect(readdirSync(world.folder).filter((name) => name.startsWith("guests-"))).toEqual([]);
  await world.close();
});

it("the pre-imported parent is kept for the next host, and ends when it is told to", async () => {
  expect(parents()).toEqual([]);
  prewarmGuests();
  const pids = new Set<number>();
  for (let run = 0; run < 2; run++) {
    const world = await createWorld();
    const guest = world.guest("print('hello')");
    await world.clock.run("test", async () => {
      await guest.boot();
      await world.clock.sleep(seconds(1));
    });
    expect(guest.console()).toContain("hello");
    await world.close();
    for (const pid of parents()) pids.add(pid);
  }
  expect(pids.size).toBe(1);
  await endIdleParents();
  expect(parents()).toEqual([]);
});

it("a harness that is killed takes its guests with it", async () => {
  const program = `
    const { createWorld } = require(${JSON.stringify(join(__dirname, "world.ts"))});
    createWorld().then(async (world) => {
      const guest = world.guest(${JSON.stringify(BUSY)});
      await world.clock.run("test", async () => { await guest.boot(); await world.clock.sleep(5e6); });
      console.log(world.host.clockFolder);
      setInterval(() => {}, 1000);
    });`;
  const project = join(__dirname, "../../../..");
  const harness = spawn(process.execPath, ["-r", join(project, "harness/register.js"), "-e", program], { cwd: project, stdio: ["ignore", "pipe", "inherit"] });
  const [line] = (await once(harness.stdout, "data")) as [Buffer];
  const folder = String(line).trim();
  const pids = below(harness.pid!);
  expect(pids.length).toBeGreaterThan(5);
  harness.kill("SIGKILL");
  await once(harness, "exit");
  for (let round = 0; round < 500 && (pids.some(isAlive) || existsSync(folder)); round++) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(pids.filter(isAlive)).toEqual([]);
  expect(existsSync(folder)).toBe(false);
});

it("a machine without a fit Python is told so when the first guest boots", async () => {
  const world = await createWorld();
  const host = createGuestHost({ clock: world.clock, folder: world.folder, python: "/nowhere/python" }); // as if it had gone since it was found
  await expect(host.prewarm()).rejects.toThrow(/ENOENT/);
  await host.close();
  await world.close();
});
