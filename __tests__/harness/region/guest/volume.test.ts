/** A guest's root volume: what is written beyond its end finds no room. */
import { endIdleParents } from "../../../../harness/region/guest";
import { seconds } from "../../../../harness/time/clock";
import { createScaledWorld, createWorld, output, type World } from "./world";

const MIB = 1 << 20;
let world: World;
beforeAll(async () => (world = await createWorld()));
afterAll(async () => {
  await world.close();
  await endIdleParents();
});

const PREAMBLE = `
import errno, os, shutil, subprocess, sys, time
place = os.environ["STATE_DIRECTORY"]
def path(name): return os.path.join(place, name)
def fill(name, write, piece):
    "How many bytes went in until there was no room."
    written = 0
    while True:
        try:
            written += write(piece)
        except OSError as error:
            assert error.errno == errno.ENOSPC, error
            return written
`;

/** Lives for a second on a volume of 8 MiB; its output. */
async function live(script: string, options: Parameters<World["guest"]>[1] = {}): Promise<string[]> {
  const guest = world.guest(PREAMBLE + script, { volumeBytes: 8 * MIB, ...options });
  await world.clock.run("test", async () => {
    await guest.boot();
    await world.clock.sleep(seconds(5));
    await guest.kill();
  });
  return output(guest);
}

describe("a full volume", () => {
  it.each([
    ["open", `fill("a", open(path("a"), "wb", 0).write, bytes(100_000))`],
    ["a buffered file", `fill("a", open(path("a"), "wb", 5_000).write, bytes(100_001))`],
    ["os.write", `fill("a", lambda piece: os.write(a, piece), bytes(100_000)) if (a := os.open(path("a"), os.O_CREAT | os.O_WRONLY)) else 0`],
    ["os.posix_fallocate", `fill("a", lambda size: os.posix_fallocate(a, os.fstat(a).st_size, size) or size, 100_000) if (a := os.open(path("a"), os.O_CREAT | os.O_WRONLY)) else 0`],
  ])("is met by %s, to the block", async (_, fill) => {
    const [line] = await live(`
free = shutil.disk_usage(place).free
written = ${fill}
print(free > 7 << 20, 0 <= free - written <= 110_000, os.path.getsize(path("a")) <= free + 4096)
`);
    expect(line).toBe("True True True");
  });

  it("has in use what user data wrote, too", async () => {
    const lines = await live(`
with open(path("big"), "wb", 0) as big: print(fill("big", big.write, bytes(1 << 20)) < 5 << 20)
`, { files: { "/opt/work/data": "x".repeat(3 << 20) } });
    expect(lines).toEqual(["True"]);
  });

  it("takes part of what is written last, and then what a file's last block has left", async () => {
    const lines = await live(`
note = open(path("note"), "ab", 0)
note.write(b"begun\\n")
free = os.statvfs(place).f_bavail * 4096
big = open(path("big"), "wb", 0)
print(0 <= big.write(bytes(16 << 20)) - free <= 16384)
try: big.write(b"x")
except OSError as error: print(error)
print(os.statvfs("/").f_bavail, note.write(b"the last words\\n"))
try: os.mkdir(path("folder"))
except OSError as error: print(str(error).replace(place, ""))
os.remove(path("big"))
print(os.mkdir(path("folder")), open(path("new"), "w").write("room again"))
`);
    expect(lines).toEqual(["True", "[Errno 28] No space left on device", "0 15", "[Errno 28] No space left on device: '/folder'", "None 10"]);
  });

  it("is the same for all processes, and is met by what a job prints", async () => {
    const lines = await live(`
with open(path("big"), "wb", 0) as big: fill("big", big.write, bytes(1 << 20))
with open(path("output"), "ab") as out:
    child = subprocess.run([sys.executable, "-c", "import sys\\nprint('x' * 10000, flush=True)"], stdout=out, stderr=subprocess.PIPE)
print(child.returncode != 0, b"No space left on device" in child.stderr, os.path.getsize(path("output")))
child = subprocess.run([sys.executable, os.path.join(os.path.dirname(sys.argv[0]), "child.py"), path("other")], stderr=subprocess.PIPE)
print(child.returncode, b"No space left on device" in child.stderr)
`, { files: { "/opt/work/child.py": `import sys; open(sys.argv[1], "w").write("x" * 10000)` } });
    expect(lines).toEqual(["True True 0", "1 True"]);
  });

  it("leaves sparse files, pipes and files elsewhere alone", async () => {
    const lines = await live(`
open(path("sparse"), "wb").truncate(1 << 30)
with open(path("big"), "wb", 0) as big: fill("big", big.write, bytes(1 << 20))
read, write = os.pipe()
print(os.write(write, b"x" * 5000), len(os.read(read, 5000)), open(os.devnull, "w").write("x" * 50000))
print(os.path.getsize(path("sparse")) == 1 << 30)
`);
    expect(lines).toEqual(["5000 5000 50000", "True"]);
  });

  it("that other programs write beyond is refused by name", async () => {
    await live("print('unused')", { command: "/bin/sh -c 'head -c 10000000 /dev/zero > $STATE_DIRECTORY/big; sleep 1'" });
    expect(world.refused.splice(0)).toEqual([expect.stringMatching(/^programs have written 10\d+ bytes onto a root volume of 8388608: only what Python writes/)]);
  });

  it("has no bound where the instance has none", async () => {
    const guest = world.guest(`${PREAMBLE}print(shutil.disk_usage("/") == shutil.disk_usage("/dev/..") , fill.__name__)`);
    await world.clock.run("test", async () => {
      await guest.boot();
      await world.clock.sleep(seconds(1));
      await guest.kill();
    });
    expect(output(guest)).toEqual(["True fill"]);
  });

  it("is one where time passes by itself, too", async () => {
    const scaled = await createScaledWorld(200);
    const guest = scaled.guest(`${PREAMBLE}
with open(path("big"), "wb", 0) as big: print(fill("big", big.write, bytes(1 << 20)) < 8 << 20, "done", flush=True)
time.sleep(1000)`, { volumeBytes: 8 * MIB });
    await guest.boot();
    while (!guest.console().includes("done")) await new Promise((resolve) => setTimeout(resolve, 5));
    await guest.kill();
    expect(output(guest)).toEqual(["True done"]);
    await scaled.close();
  });
});
