/** Shell scripts started in a guest from outside, as Run Command does. */
import { seconds } from "../../../../harness/time/clock";
import { endIdleParents } from "../../../../harness/region/guest";
import { createWorld, output, START, type World } from "./world";

let world: World;
beforeAll(async () => (world = await createWorld()));
afterAll(async () => {
  await world.close();
  await endIdleParents();
});

const FOLDER = "/var/lib/amazon/ssm/one";
const since = (): number => (world.clock.now() - START) / 1e6;

/** A guest whose unit runs that Python program; a script is started in it after five seconds. */
async function script(text: string, options: { program?: string; service?: string[]; then?: (running: ReturnType<ReturnType<World["guest"]>["runScript"]>, guest: ReturnType<World["guest"]>) => Promise<void> } = {}) {
  const guest = world.guest(options.program ?? "import time\nwhile True: time.sleep(1)", { service: options.service ?? [] });
  let result: { code: number | undefined; stdout: string; stderr: string; seconds: number } | undefined;
  await world.clock.run("test", async () => {
    await guest.boot();
    await world.clock.sleep(seconds(5));
    const before = since();
    const running = guest.runScript({ unit: "ssm.service", folder: FOLDER, text });
    if (options.then) await options.then(running, guest);
    else await running.ended();
    result = { code: running.code, ...running.output(), seconds: since() - before };
    await world.clock.sleep(seconds(10));
    await guest.kill();
  });
  return { ...result!, console: output(guest) };
}

describe("a script", () => {
  it("runs on the clock, with its output and its code", async () => {
    expect(await script('echo one; sleep 3; echo two >&2; exit 7')).toMatchObject({ code: 7, stdout: "one\n", stderr: "two\n", seconds: 3 });
  });

  it("knows the guest's paths, and may bring its own interpreter", async () => {
    expect(await script("cat /opt/work/script")).toMatchObject({ code: 0, stdout: "import time\nwhile True: time.sleep(1)" });
    expect(await script("#!/usr/bin/env bash\necho ${BASH_VERSION:+bash}")).toMatchObject({ stdout: "bash\n" });
  });

  it("that is killed ends at once, with all that it started", async () => {
    const ran = await script("sleep 1000 & sleep 2000", { then: async (running) => {
      expect(await running.ended(seconds(4))).toBe(false);
      await running.kill();
      await running.ended();
    } });
    expect(ran).toMatchObject({ code: -9, seconds: 4 });
  });

  it("ends with its guest, and has no code then", async () => {
    const ran = await script("sleep 1000", { then: async (running, guest) => {
      await world.clock.sleep(seconds(2));
      await guest.kill();
      await running.ended();
    } });
    expect(ran).toMatchObject({ code: undefined, seconds: 2 });
  });
});

describe("a script that signals processes", () => {
  const program = `
import os, signal, time
starts = os.environ["STATE_DIRECTORY"] + "/starts"
open(starts, "a").write("x")
print("start", len(open(starts).read()), flush=True)
signal.signal(signal.SIGTERM, lambda *_: print("asked", flush=True))
while True: time.sleep(1)
`;
  const service = ["Restart=on-failure", "RestartSec=2"];

  it.each(["pkill -9 -f /opt/work/script", "killall -s SIGKILL python3", "kill -9 $(pgrep -f work/script)", "pgrep -f work/script | xargs kill -KILL"])("kills them, and their unit starts them again: %s", async (line) => {
    const ran = await script(line, { program, service });
    expect(ran).toMatchObject({ code: 0, seconds: 0 });
    expect(ran.console).toEqual(["start 1", "start 2"]);
  });

  it("asks them in a turn of their own", async () => {
    const ran = await script("pkill -f /opt/work/script; sleep 2", { program, service });
    expect(ran.console).toEqual(["start 1", "asked"]);
  });

  it("sees the guest's processes alone, by the names that they have there", async () => {
    expect(await script("pgrep -a python; pgrep -f jest || echo none")).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+ \/usr\/bin\/python3 \/opt\/work\/script\nnone\n$/) as string });
    expect(await script("killall nothing")).toMatchObject({ code: 1, stderr: "killall: nothing: no process found\n" });
  });
});
