/** A guest's memory: when it is spent, the kernel ends a process, and systemd does what the unit says. */
import { endIdleParents } from "../../../../harness/region/guest";
import { killedLine, victimOf } from "../../../../harness/region/guest/memory";
import { hasProc } from "../../../../harness/region/guest/proc";
import { seconds } from "../../../../harness/time/clock";
import { createScaledWorld, createWorld, type World } from "./world";

const MIB = 1 << 20;
const MEMORY = { memoryBytes: 256 * MIB };
let world: World;
beforeAll(async () => (world = await createWorld()));
afterAll(async () => {
  await world.close();
  await endIdleParents();
});

/** Lives for so many seconds; its console without the times. */
async function live(script: string, options: Parameters<World["guest"]>[1] = {}, forSeconds = 20): Promise<string[]> {
  const guest = world.guest(script, { ...MEMORY, ...options });
  await world.clock.run("test", async () => {
    await guest.boot();
    await world.clock.sleep(seconds(forSeconds));
    await guest.kill();
  });
  return guest.console().split("\n").filter((line) => line !== "").map((line) => line.slice(line.indexOf(" ") + 1));
}

/** Figures and process ids differ from run to run. */
const general = (line: string): string => line.replaceAll(/\d+kB/g, "NkB").replace(/process \d+/, "process N");
const KILLED = "kernel: Out of memory: Killed process N (python3) total-vm:NkB, anon-rss:NkB, file-rss:NkB, shmem-rss:NkB, UID:0 pgtables:NkB";
const TOLD = "work.service: A process of this unit has been killed by the OOM killer.";

const PARENT = `
import os, subprocess, sys, time
child = subprocess.Popen([sys.executable, os.path.join(os.path.dirname(sys.argv[0]), "child.py")])
SCORE
print("the child ended by", child.wait(), flush=True)
group = next(line[3:].strip() for line in open("/proc/self/cgroup"))
print(group, next(line.strip() for line in open("/sys/fs/cgroup%s/memory.events" % group) if line.startswith("oom_kill ")), flush=True)
time.sleep(60)
`;
const EATS = { "/opt/work/child.py": `
import sys, time
held = []
while True:
    held.append(bytearray(64 << 20))
    print("holds", len(held), flush=True)
    time.sleep(1)
` };

const linux = hasProc ? describe : describe.skip;

linux("a guest whose memory is spent", () => {
  it("loses the process that holds most; the others and the unit go on, with OOMPolicy=continue", async () => {
    const lines = await live(PARENT.replace("SCORE", ""), { files: EATS, service: ["OOMPolicy=continue"] });
    const killed = lines.findIndex((line) => line.includes("Out of memory"));
    expect(lines.slice(killed).map(general)).toEqual([`${KILLED} oom_score_adj:0`, TOLD, "work.service: the child ended by -9", "work.service: /system.slice/work.service oom_kill 1"]);
    expect(lines[killed - 1]).toMatch(/^work\.service: holds \d+$/);
    // At the end of the turn in which there was too little for both, not later.
    expect(Number(/anon-rss:(\d+)kB/.exec(lines[killed]!)?.[1])).toBeLessThan(MEMORY.memoryBytes / 1024);
  });

  // What processes hold differs by some megabytes from run to run: a step is larger by far.
  it("loses it at the same moment in every run", async () => {
    const holds = async (): Promise<string[]> => (await live(PARENT.replace("SCORE", ""), { files: EATS, service: ["OOMPolicy=continue"] })).filter((line) => line.includes("holds"));
    expect(await holds()).toEqual(await holds());
  });

  it("loses it when its turn ends, however long that takes on this machine", async () => {
    const lines = await live(`
import time
held = bytearray(260 << 20)
for _ in range(3): sum(range(3_000_000))
print("had its turn", flush=True)
time.sleep(1)
print("had another", flush=True)
`);
    expect(lines.filter((line) => line.includes("had"))).toEqual(["work.service: had its turn"]);
    expect(lines.some((line) => line.includes("Out of memory"))).toBe(true);
  });

  it.each([
    ["of the unit", "", ["OOMPolicy=continue", "OOMScoreAdjust=-300"], -300],
    ["given to the child", `open("/proc/%d/oom_score_adj" % child.pid, "w").write("500")`, ["OOMPolicy=continue", "OOMScoreAdjust=-300"], 500],
  ])("goes by the scores: one %s", async (_, score, service, told) => {
    const lines = await live(PARENT.replace("SCORE", score), { files: EATS, service });
    expect(lines.find((line) => line.includes("Out of memory"))).toMatch(new RegExp(`oom_score_adj:${told}$`));
    expect(lines).toContain("work.service: the child ended by -9");
  });

  it("loses a small process before a large one, when the scores say so", async () => {
    const lines = await live(`
import os, subprocess, sys, time
held = bytearray(64 << 20)
children = []
while True:
    children.append(subprocess.Popen([sys.executable, os.path.join(os.path.dirname(sys.argv[0]), "child.py")]))
    open("/proc/%d/oom_score_adj" % children[-1].pid, "w").write("500")
    time.sleep(1)
    if [child for child in children if child.poll() == -9]: break
print("one of", len(children) > 1, open("/proc/self/oom_score_adj").read().strip(), flush=True)
time.sleep(60)
`, { files: { "/opt/work/child.py": "import time; time.sleep(100)" }, service: ["OOMPolicy=continue", "OOMScoreAdjust=-500"] });
    expect(lines.at(-1)).toBe("work.service: one of True -500");
  });

  it("is stopped and fails with the result oom-kill by default, and is started again where Restart= says so", async () => {
    const lines = await live(PARENT.replace("SCORE", ""), { files: EATS, service: ["Restart=on-failure", "RestartSec=2"] });
    const at = lines.findIndex((line) => line.includes("Out of memory"));
    expect(lines.slice(at + 1, at + 6)).toEqual([
      TOLD, "work.service: Main process exited, code=killed, status=15/TERM", "work.service: Failed with result 'oom-kill'.",
      "work.service: Scheduled restart job, restart counter is at 1.", "work.service: Started the work.",
    ]);
  });

  it("loses the whole unit with OOMPolicy=kill", async () => {
    const lines = await live(PARENT.replace("SCORE", ""), { files: EATS, service: ["OOMPolicy=kill"] });
    const at = lines.findIndex((line) => line.includes("Out of memory"));
    expect(lines.slice(at + 1)).toEqual([TOLD, "work.service: Main process exited, code=killed, status=9/KILL", "work.service: Failed with result 'oom-kill'."]);
  });

  it("ends one that takes it all in one turn, and what a shell has started", async () => {
    const lines = await live("", { command: "/bin/sh -c 'echo begun; python3 /opt/work/child.py; echo \"ended by $?\"; sleep 60'", service: ["OOMPolicy=continue"],
      files: { "/opt/work/child.py": "held = []\nwhile True: held.append(bytearray(1 << 20))" } });
    expect(lines.filter((line) => !line.includes("Started")).map(general)).toEqual(["work.service: begun", expect.stringContaining("kernel: Out of memory: Killed process N"), TOLD, "work.service: Killed", "work.service: ended by 137"]);
  });

  it("that may end no process is refused by name: a kernel would panic", async () => {
    await live("held = []\nimport time\nwhile True:\n    held.append(bytearray(32 << 20)); time.sleep(1)", { service: ["OOMScoreAdjust=-1000"] }, 9);
    expect(world.refused.splice(0)[0]).toMatch(/hold more than its memory of 268435456 bytes, and none of them may be ended/);
  });

  it("is one where time passes by itself, too", async () => {
    const scaled = await createScaledWorld(50);
    const guest = scaled.guest(PARENT.replace("SCORE", `open("/proc/%d/oom_score_adj" % child.pid, "w").write("500")`), { ...MEMORY, files: EATS, service: ["OOMPolicy=continue"] });
    await guest.boot();
    while (!guest.console().includes("oom_kill 1")) await new Promise((resolve) => setTimeout(resolve, 5));
    await guest.kill();
    expect(guest.console()).toMatch(/Out of memory: Killed process .* oom_score_adj:500\n/);
    expect(guest.console()).toContain("the child ended by -9");
    await scaled.close();
  });
});

describe("badness", () => {
  const process = (badBytes: number, oomScoreAdjust: number) => ({ badBytes, oomScoreAdjust });
  it("is what a process holds and thousandths of all memory; -1000 is left alone", () => {
    expect(victimOf([process(300, 0), process(200, 0)], 1000)).toEqual(process(300, 0));
    expect(victimOf([process(300, 0), process(200, 500)], 1000)).toEqual(process(200, 500));
    expect(victimOf([process(300, -500), process(10, -100)], 1000)).toEqual(process(10, -100));
    expect(victimOf([process(900, -1000), process(1, -999)], 1000)).toEqual(process(1, -999));
    expect(victimOf([process(900, -1000)], 1000)).toBeUndefined();
  });

  it("is told of in the kernel's words", () => {
    const held = { pid: 812, bytes: 4096, badBytes: 8192, virtualBytes: 10240, anonBytes: 2048, fileBytes: 1024, sharedBytes: 2048, tablesBytes: 1024 };
    expect(killedLine("python3", held, 500)).toBe("Out of memory: Killed process 812 (python3) total-vm:10kB, anon-rss:2kB, file-rss:1kB, shmem-rss:2kB, UID:0 pgtables:1kB oom_score_adj:500");
  });
});
