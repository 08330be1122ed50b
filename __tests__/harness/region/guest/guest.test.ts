/** Guests as whole machines: real processes on the virtual clock. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { minutes, seconds, toSeconds } from "../../../../harness/time/clock";
import { endIdleParents } from "../../../../harness/region/guest";
import { commandLine, isAlive, treeOf } from "../../../../harness/region/guest/proc";
import { createWorld, output, START, type World } from "./world";

let world: World;
beforeAll(async () => (world = await createWorld()));
afterAll(async () => {
  await world.close();
  await endIdleParents();
});

/** Boots a guest, lets it live for so many seconds, cuts its power; its output. */
async function live(script: string, forSeconds: number, options: Parameters<World["guest"]>[1] = {}): Promise<string[]> {
  const guest = world.guest(script, options);
  await world.clock.run("test", async () => {
    await guest.boot();
    await world.clock.sleep(seconds(forSeconds));
    await guest.kill();
  });
  return output(guest);
}

/** What earlier test files left to this process: esbuild's service, say. */
const earlier = new Set(treeOf([process.pid]));

/** What this process's guests still run, the pre-imported parent left out: those of a guest that has just ended must be gone.
 * One without a command line has given its memory back: it is past doing anything, and a moment from being gone. */
const leftOver = (): string[] => treeOf([process.pid]).filter((pid) => !earlier.has(pid) && isAlive(pid) && !isParent(pid)).map(commandLine).filter((line) => line !== "");
const isParent = (pid: number): boolean => commandLine(pid).includes("zygote.py") && readFileSync(`/proc/${pid}/stat`, "utf8").includes(` ${process.pid} `);

describe("boot", () => {
  it("writes files below the root, and starts the unit with systemd's variables and those of the unit", async () => {
    const guest = world.guestOf(
      `#cloud-config
packages: [python3-boto3]
write_files:
  - {path: /opt/x/main.py, content: "import os, helper; print(helper.WHO, os.getcwd()[-6:], *(os.environ.get(n) for n in ('STATE_DIRECTORY', 'A', 'FROM', 'ENDPOINT', 'HOME', 'AWS_CONFIG_FILE', 'TZ', 'SECRET')))"}
  - {path: /opt/x/helper.py, content: "WHO = 'main'"}
  - {path: /opt/x/run.sh, content: "true", permissions: "0755"}
  - {path: /etc/x.env, content: "FROM='/opt/x/run.sh file'"}
  - path: /etc/systemd/system/x.service
    content: |
      [Service]
      Environment=A=1
      EnvironmentFile=/etc/x.env
      StateDirectory=x
      WorkingDirectory=/opt/x
      ExecStart=/usr/bin/python3 /opt/x/main.py
runcmd: [systemctl daemon-reload, "mkdir -p /data/deep", [systemctl, enable, --now, x.service]]
`,
      { ENDPOINT: "http://127.0.0.1:1" },
    );
    process.env.SECRET = "the developer's own";
    await world.clock.run("test", async () => {
      await guest.boot();
      await world.clock.sleep(seconds(1));
      await guest.kill();
    });
    delete process.env.SECRET;
    const { root } = guest;
    expect(output(guest)[1]).toBe(`main /opt/x ${root}/var/lib/x 1 ${root}/opt/x/run.sh file http://127.0.0.1:1 ${root}/root ${root}/root/.aws/config UTC None`);
    expect(existsSync(join(root, "data/deep"))).toBe(true);
    expect(existsSync(join(root, "var/lib/x"))).toBe(true);
    expect(statSync(join(root, "opt/x/run.sh")).mode & 0o777).toBe(0o755);
  });

  it.each([
    ["packages: [docker]", /the package "docker"/],
    ["runcmd: [apt-get install x]", /runcmd: "apt-get install x": the command is not supported \(what is: systemctl, mkdir\)/],
    ["runcmd: ['systemctl start a && systemctl start b']", /the shell's features/],
    ["runcmd: [systemctl mask x]", /"systemctl mask" is not supported/],
    ["runcmd: [systemctl start x]", /Unit x\.service not found/],
    ["runcmd: [mkdir /../../up]", /leads out of the instance's root/],
    ["write_files: [{path: /../up, content: x}]", /leads out of the instance's root/],
    ["write_files: [{path: up, content: x}]", /not an absolute path/],
  ])("refuses by name what it does not support: %s", async (body, message) => {
    const guest = world.guestOf(`#cloud-config\n${body}\n`);
    await expect(world.clock.run("test", () => guest.boot())).rejects.toThrow(message);
    await guest.kill();
  });
});

describe("Python in a guest", () => {
  it("has its children in its process group, unless they have one of their own", async () => {
    const middle = `
import os, subprocess, sys, time
if len(sys.argv) == 1:
    subprocess.Popen([sys.executable, sys.argv[0], "in the group"])
    subprocess.Popen([sys.executable, sys.argv[0], "on its own"], start_new_session=True)
    time.sleep(100)
time.sleep(1)
print(*sys.argv[1:], os.getpgrp() == os.getpid(), flush=True)
time.sleep(2)
print(*sys.argv[1:], "is left", flush=True)`;
    expect(await live(`
import os, signal, subprocess, sys, time
job = subprocess.Popen([sys.executable, "/opt/work/middle.py".replace("/opt", os.path.dirname(os.path.dirname(sys.argv[0])), 1)], start_new_session=True)
time.sleep(2)
os.killpg(job.pid, signal.SIGKILL)
print("ended by", job.wait(), flush=True)
time.sleep(5)`, 10, { files: { "/opt/work/middle.py": middle } })).toEqual(["in the group False", "on its own True", "ended by -9", "on its own is left"]);
  });

  it("tells of an exception with the script's own frames alone", async () => {
    const lines = await live("def f(): open('/none/such', 'w')\nf()", 1);
    expect(lines.filter((line) => line.startsWith("  File")).map((line) => line.replace(/"[^"]*\//, '"'))).toEqual(['  File "script", line 2, in <module>', '  File "script", line 1, in f']);
    expect(lines).toContain("FileNotFoundError: [Errno 2] No such file or directory: '/none/such'");
  });

  it("lives on the clock's time", async () => {
    expect(
      await live(
        `
import time, datetime, logging, threading, sched
started = time.monotonic()
time.sleep(0.25)
print(datetime.datetime.now(datetime.timezone.utc).isoformat() >= "2026-01-01", isinstance(datetime.datetime.now(), datetime.datetime))
print(time.time_ns() == int(time.time() * 1e6) * 1000, time.strftime("%Y"), time.gmtime().tm_year, datetime.date.today().year)
print(round(time.monotonic() - started, 6), round(time.clock_gettime(time.CLOCK_MONOTONIC) - time.monotonic(), 6))
fired = []
timer = threading.Timer(5, lambda: fired.append(time.monotonic() - started)); timer.start(); timer.join()
print([round(f, 6) for f in fired])
`,
        10,
      ),
    ).toEqual(["True True", "True 2026 2026 2026", "0.25 0.0", "[5.25]"]);
  });

  it("ends waits for a time that is no whole number of microseconds", async () => {
    expect(await live(`
import queue, time
began = time.monotonic()
try: queue.SimpleQueue().get(timeout=4 / 3)
except queue.Empty: print("empty", round(time.monotonic() - began, 3))
until = time.monotonic() + 1 / 3
while time.monotonic() < until: time.sleep(until - time.monotonic())
print("slept", round(time.monotonic() - began, 3), flush=True)
`, 5)).toEqual(["empty 1.333", "slept 1.667"]);
  });

  it("has threads, events, queues, conditions, executors and locks held across a sleep", async () => {
    expect(
      await live(
        `
import time, threading, queue, concurrent.futures
zero = time.monotonic()
at = lambda: round(time.monotonic() - zero, 6)
event, box, lock, condition = threading.Event(), queue.SimpleQueue(), threading.Lock(), threading.Condition()
def holder():
    with lock:
        time.sleep(3)
def listener():
    with condition:
        print("notified", condition.wait_for(lambda: bool(ready), timeout=60), at())
ready = []
threads = [threading.Thread(target=holder), threading.Thread(target=listener)]
for thread in threads: thread.start()
print("event", event.wait(2), at())
print("taken", lock.acquire(timeout=0.5), at())
with lock: print("released", at())
with condition:
    ready.append(1); condition.notify_all()
try: box.get(timeout=1.5)
except queue.Empty: print("empty", at())
with concurrent.futures.ThreadPoolExecutor(2) as pool:
    print(list(pool.map(lambda n: (time.sleep(n), n)[1], [3, 1, 2])), at())
semaphore = threading.Semaphore(1)
print(semaphore.acquire(), semaphore.acquire(timeout=1), at())
for thread in threads: thread.join()
print([thread.is_alive() for thread in threads], at())
def late():
    time.sleep(1); print("the process ends with its last thread", at())
threading.Thread(target=late).start()
`,
        30,
      ),
    ).toEqual([
      "event False 2.0", "taken False 2.5", "released 3.0", "notified True 3.0", "empty 4.5", "[3, 1, 2] 7.5", "True False 8.5",
      "[False, False] 8.5", "the process ends with its last thread 9.5",
    ]);
  });

  it("has children, with pipes, time-outs, codes and signals", async () => {
    expect(
      await live(
        `
import subprocess, sys, time, signal, os
zero = time.monotonic()
at = lambda: round(time.monotonic() - zero, 6)
child = subprocess.Popen([sys.executable, os.environ["CHILD"], "x"], stdout=subprocess.PIPE, text=True)
print(child.stdout.readline().strip(), at())
try: child.wait(timeout=2)
except subprocess.TimeoutExpired: print("time-out", at(), child.poll())
child.send_signal(signal.SIGTERM)
print(child.stdout.read().strip(), child.wait(), at())
child = subprocess.Popen([sys.executable, os.environ["CHILD"], "y"], stdout=subprocess.DEVNULL)
time.sleep(1)
child.kill()
print(child.wait(), at())
child = subprocess.Popen([sys.executable, os.environ["CHILD"], "z"], stdout=subprocess.DEVNULL)
time.sleep(1)
os.kill(child.pid, signal.SIGTERM)
print(os.waitstatus_to_exitcode(os.waitpid(child.pid, 0)[1]), at())
print(subprocess.run([sys.executable, "-c", "import time; time.sleep(4); raise SystemExit(3)"]).returncode, at())
print(subprocess.run("cat; sleep 1; echo err >&2; exit 5", shell=True, input="in", capture_output=True, text=True), at())
print(subprocess.run(["date", "-u", "+%Y"], capture_output=True).stdout)
try: subprocess.run(["/nonexistent"])
except FileNotFoundError: print("no such program")
try: os.kill(1, 15)
except ProcessLookupError: print("out of reach")
try: subprocess.run(["sleep", "100"], timeout=2)
except subprocess.TimeoutExpired: print("killed", at())
`,
        60,
        {
          service: ["Environment=CHILD=/opt/work/child.py"],
          files: {
            "/opt/work/child.py": `
import signal, sys, time
def stop(*_):
    time.sleep(0.5)
    print("stopping", flush=True)
    sys.exit(75)
signal.signal(signal.SIGTERM, stop)
print("up", sys.argv[1], flush=True)
while True: time.sleep(1)
`,
          },
        },
      ),
    ).toEqual([
      "up x 0.0", "time-out 2.0 None", "stopping 75 2.5", "-9 3.5", "75 5.0", "3 9.0",
      "CompletedProcess(args='cat; sleep 1; echo err >&2; exit 5', returncode=5, stdout='in', stderr='err\\n') 10.0",
      "b'2026\\n'", "no such program", "out of reach", "killed 12.0",
    ]);
  });

  it("has signal handlers that run in a turn, and go on with what they interrupted", async () => {
    expect(
      await live(
        `
import os, signal, threading, time
zero = time.monotonic()
at = lambda: round(time.monotonic() - zero, 6)
signal.signal(signal.SIGUSR1, lambda *_: print("signal", at()))
main = os.getpid()
os.kill(main, signal.SIGUSR1)
import subprocess
child = subprocess.Popen(["/bin/sh", "-c", "sleep 1; kill -USR1 $PPID"])
time.sleep(3)
print("slept", at(), child.wait(), signal.getsignal(signal.SIGUSR1) is not None)
signal.signal(signal.SIGUSR2, lambda *_: print("woken", at()))
subprocess.Popen(["/bin/sh", "-c", "sleep 2; kill -USR2 $PPID"])
signal.pause()
print("paused", at())
`,
        30,
      ),
    ).toEqual(["signal 0.0", "signal 1.0", "slept 3.0 0 True", "woken 5.0", "paused 5.0"]);
  });

  it("draws the same at random in every run, and otherwise in every process", async () => {
    const script = `
import os, random, secrets, tempfile, uuid
print(random.random(), os.urandom(4).hex(), uuid.uuid4(), secrets.token_hex(4), random.Random().random(), next(tempfile._get_candidate_names()), hash("x"))
`;
    const lines: string[] = [];
    for (const seed of ["a", "a", "b"]) {
      const other = await createWorld(seed);
      const guests = [other.guest(script), other.guest(script)];
      await other.clock.run("test", async () => {
        for (const guest of guests) await guest.boot();
        await other.clock.sleep(seconds(1));
      });
      lines.push(guests.map(output).join());
      expect(output(guests[0]!)).not.toEqual(output(guests[1]!));
      await other.close();
    }
    expect(lines[0]).toBe(lines[1]);
    expect(lines[0]).not.toBe(lines[2]);
  });

  it.each([
    ["os.fork()", "os.fork"],
    ["os.system('true')", "os.system"],
    ["signal.alarm(1)", "signal.alarm"],
    ["signal.sigwait([2])", "signal.sigwait"],
    ["asyncio.run(asyncio.sleep(1))", "an asyncio event loop"],
    ["multiprocessing.Process(target=print).start()", "multiprocessing"],
  ])("is refused by name what virtual time does not have: %s", async (line, name) => {
    const before = world.refused.length;
    const lines = await live(`import asyncio, multiprocessing, os, signal\n${line}\n`, 5);
    expect(lines.join("\n")).toContain(`${name} is not supported in a guest on virtual time`);
    expect(lines.join("\n")).toMatch(/NotSupported: .*not supported/);
    expect(world.refused.slice(before).join()).toContain(name);
  });

  it("speaks to the host in its own turn, and waits on the clock when the host's handler does", async () => {
    const { clock } = world;
    const server = createServer((request, response) => {
      void (async () => {
        if (request.url === "/slow") await clock.sleep(seconds(7));
        response.end(String(toSeconds(clock.now() - START)));
      })();
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const lines = await live(
      `
import os, threading, time, urllib.request
get = lambda path: float(urllib.request.urlopen(os.environ["URL"] + path).read())
zero = get("/")
def other():
    time.sleep(2); print("meanwhile", get("/") - zero, time.monotonic())
threading.Thread(target=other).start()
print("slow", get("/slow") - zero, time.monotonic())
`,
      20,
      { environment: { URL: url } },
    );
    server.close();
    expect(lines).toEqual(["meanwhile 2.0 2.0", "slow 7.0 7.0"]);
  });
});

describe("programs that are not Python", () => {
  const job = `#!/usr/bin/env bash
trap 'echo "stop at $(( $(date +%s) - zero ))"; stopped=1' TERM
zero=$(date +%s)
n=0
while [ $n -lt 5 ] && [ -z "$stopped" ]; do
  sleep 2
  n=$((n + 1))
  echo "$n" > "$STATE_DIRECTORY/new" && mv "$STATE_DIRECTORY/new" "$STATE_DIRECTORY/now"
  echo "step $(cat "$STATE_DIRECTORY/now") at $(( $(date +%s) - zero ))"
done
[ -z "$stopped" ] || exit 75
`;

  it("work on the clock: a shell script with sleep, mv, cat and date", async () => {
    expect(await live(job, 20)).toEqual(["step 1 at 2", "step 2 at 4", "step 3 at 6", "step 4 at 8", "step 5 at 10"]);
  });

  it("run a trap once the sleep in the foreground is over", async () => {
    const guest = world.guest(job, { service: ["KillMode=mixed", "SuccessExitStatus=75"] });
    await world.clock.run("test", async () => {
      await guest.boot();
      await world.clock.sleep(seconds(5));
      await guest.shutdown(10);
    });
    expect(output(guest)).toEqual(["step 1 at 2", "step 2 at 4", "stop at 6", "step 3 at 6"]);
  });

  it("run a trap at once while they wait for a sleep in the background", async () => {
    const guest = world.guest(
      `#!/usr/bin/env bash
trap 'echo "stop at $(( $(date +%s) - zero ))"; kill $!; exit 75' TERM
zero=$(date +%s)
sleep 100 & wait $!
echo never
`,
      { service: ["KillMode=mixed"] },
    );
    await world.clock.run("test", async () => {
      await guest.boot();
      await world.clock.sleep(seconds(5));
      await guest.shutdown(10);
      expect(guest.console()).toContain("2026-01-01");
    });
    expect(output(guest)).toEqual(["stop at 5"]);
  });

  it("may run Python, which is on the clock by itself", async () => {
    expect(
      await live(
        `#!/bin/sh
zero=$(date +%s)
python3 -c 'import time; time.sleep(3); print("python")'
echo "after $(( $(date +%s) - zero ))"
printf 'a\\nb\\n' | { while read -r line; do sleep 1; echo "$line"; done; }
echo "end $(( $(date +%s) - zero ))"
`,
        20,
      ),
    ).toEqual(["python", "after 3", "a", "b", "end 5"]);
  });

  it("are refused by name when they wait on the real clock", async () => {
    const before = world.refused.length;
    const lines = await live("#!/bin/sh\nperl -e 'select(undef, undef, undef, 100)'\necho went on\n", 5);
    expect(lines.join()).toMatch(/"perl -e select.*" waits on the real clock/);
    expect(lines.join()).toMatch(/scaled clock/);
    expect(world.refused.length).toBe(before + 1);
  });

  it("do not reach the machine's own power switch", async () => {
    const lines = await live("#!/bin/sh\nsystemctl restart sshd || echo refused\ntimeout 5 true || echo refused\n", 5);
    expect(lines.filter((line) => line === "refused")).toHaveLength(2);
  });
});

describe("a unit", () => {
  it("is started again when it fails, after RestartSec=, and not when it succeeds", async () => {
    const guest = world.guest(
      `
import os, sys
path = os.path.join(os.environ["STATE_DIRECTORY"], "count")
count = int(open(path).read()) if os.path.exists(path) else 0
open(path, "w").write(str(count + 1))
print("run", count)
sys.exit([1, 75, 0][count])
`,
      { service: ["Restart=on-failure", "RestartSec=5"] },
    );
    let seen = 0;
    await world.clock.run("test", async () => {
      const from = world.clock.now();
      await guest.boot();
      await world.clock.sleep(seconds(60));
      seen = toSeconds(world.clock.now() - from);
      await guest.kill();
    });
    expect(seen).toBe(60);
    expect(output(guest)).toEqual(["run 0", "run 1", "run 2"]);
    expect(guest.console()).toMatch(/Main process exited, code=exited, status=1\/FAILURE/);
    expect(guest.console()).toMatch(/restart counter is at 2/);
    const times = [...guest.console().matchAll(/^\S+:(\S+)Z work\.service: run/gm)].map((match) => Number(match[1]));
    expect(times.map((time) => (time - times[0]! + 60) % 60)).toEqual([0, 5, 10]);
  });

  it("is given up when it is started too often", async () => {
    const guest = world.guest("raise SystemExit(1)", { service: ["Restart=always", "RestartSec=1"] });
    await world.clock.run("test", async () => {
      await guest.boot();
      await world.clock.sleep(minutes(1));
      await guest.kill();
    });
    expect(guest.console().match(/Started the work/g)).toHaveLength(5);
    expect(guest.console()).toContain("start-limit-hit");
  });

  it("is asked to end by SIGTERM, and killed when it does not within the grace", async () => {
    const stubborn = `
import signal, time
signal.signal(signal.SIGTERM, lambda *_: print("no", flush=True))
while True: time.sleep(1)
`;
    const guest = world.guest(stubborn, { service: ["TimeoutStopSec=60"] });
    await world.clock.run("test", async () => {
      await guest.boot();
      await world.clock.sleep(seconds(3));
      const from = world.clock.now();
      await guest.shutdown(10);
      expect(toSeconds(world.clock.now() - from)).toBe(10);
    });
    expect(output(guest)).toEqual(["no"]);
    expect(guest.console()).toContain("State 'stop-sigterm' timed out. Killing.");
    expect(leftOver()).toEqual([]);
  });

  it("has a clean end when it dies of SIGTERM, in no time", async () => {
    const guest = world.guest("import time\nwhile True: time.sleep(5)");
    await world.clock.run("test", async () => {
      await guest.boot();
      await world.clock.sleep(seconds(3));
      const from = world.clock.now();
      await guest.shutdown(10);
      expect(world.clock.now()).toBe(from);
    });
    expect(guest.console()).toMatch(/Deactivated successfully/);
  });

  it("has its SIGTERM go to the first process or to all, as KillMode= says", async () => {
    const parent = `
import os, signal, subprocess, sys, time
child = subprocess.Popen([sys.executable, os.environ["CHILD"]])
def stop(*_):
    print("parent stops", flush=True); time.sleep(2); print("child", child.poll(), flush=True); sys.exit(0)
signal.signal(signal.SIGTERM, stop)
while True: time.sleep(1)
`;
    const child = `
import signal, sys, time
def stop(*_): print("child stops", flush=True); sys.exit(3)
signal.signal(signal.SIGTERM, stop)
while True: time.sleep(1)
`;
    for (const [mode, lines] of [["mixed", ["parent stops", "child None"]], ["control-group", ["parent stops", "child stops", "child 3"]]] as const) {
      const guest = world.guest(parent, { service: [`KillMode=${mode}`, "Environment=CHILD=/opt/work/child.py"], files: { "/opt/work/child.py": child } });
      await world.clock.run("test", async () => {
        await guest.boot();
        await world.clock.sleep(seconds(3.5));
        await guest.shutdown(10);
      });
      expect(output(guest)).toEqual(lines);
      expect(leftOver()).toEqual([]);
    }
  });
});

describe("a guest", () => {
  it("powers off when one of its processes asks for it, however", async () => {
    for (const how of ['["systemctl", "poweroff"]', '["/usr/sbin/shutdown", "-h", "now"]', '["sudo", "x"], check=False) if False else subprocess.run(["poweroff"]']) {
      const guest = world.guest(`
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, lambda *_: (print("terminated", flush=True), sys.exit(0)))
time.sleep(2)
print(subprocess.run(${how}).returncode, flush=True)
while True: time.sleep(1)
`);
      await world.clock.run("test", async () => {
        await guest.boot();
        await world.clock.sleep(seconds(30));
      });
      expect(guest.poweredOff()).toBe(true);
      expect(output(guest)).toEqual(["Power off requested.", "0", "terminated"]);
      expect(leftOver()).toEqual([]);
    }
  });

  it("stands still while it is suspended, and is late afterwards", async () => {
    const guest = world.guest("import time\nfor _ in range(6): time.sleep(10); print(round(time.monotonic()), flush=True)");
    await world.clock.run("test", async () => {
      await guest.boot();
      await world.clock.sleep(seconds(25));
      guest.suspend();
      await world.clock.sleep(seconds(1000));
      expect(output(guest)).toEqual(["10", "20"]);
      guest.resume();
      await world.clock.sleep(seconds(100));
      await guest.kill();
    });
    expect(output(guest)).toEqual(["10", "20", "1025", "1035", "1045", "1055"]);
  });

  const busy = `
import os, subprocess, sys, threading, time
print("up", flush=True)
def beat():
    while True: time.sleep(0.7); print("beat", flush=True)
threading.Thread(target=beat, daemon=True).start()
subprocess.Popen(["/bin/sh", "-c", "while true; do sleep 0.9; echo shell; done"])
while True:
    subprocess.run([sys.executable, "-c", "import time; time.sleep(0.4); print('child', flush=True)"])
    subprocess.run([sys.executable, os.environ["FORKED"]])
    time.sleep(0.3)
`;
  const busyOptions = { service: ["Environment=FORKED=/opt/work/forked.py"], files: { "/opt/work/forked.py": "import time; time.sleep(0.2); print('forked', flush=True)" } };

  it("is gone at the very moment its power is cut, whatever it was at", async () => {
    for (const at of [0, 0.000001, 0.3, 0.4, 0.65, 0.9, 1.3, 2.0]) {
      const guest = world.guest(busy, busyOptions);
      await world.clock.run("test", async () => {
        await guest.boot();
        await world.clock.sleep(seconds(at));
        const now = world.clock.now();
        await guest.kill();
        expect(world.clock.now()).toBe(now);
        expect(leftOver()).toEqual([]);
        const text = guest.console();
        await world.clock.sleep(seconds(10));
        expect(guest.console()).toBe(text);
      });
    }
  });

  it("writes the same, byte for byte, in every run of a seed, with other load on the machine", async () => {
    const consoles = new Set<string>();
    let stop = false;
    for (let run = 0; run < 5; run++) {
      const other = await createWorld("same");
      const load = (async () => {
        const { spawn } = await import("node:child_process");
        const burner = spawn(process.execPath, ["-e", "for (const end = Date.now() + 20000; Date.now() < end;);"]);
        while (!stop) await new Promise((resolve) => setTimeout(resolve, 20));
        burner.kill();
      })();
      const guests = [other.guest(busy, busyOptions), other.guest(busy, busyOptions)];
      await other.clock.run("test", async () => {
        for (const guest of guests) await guest.boot();
        await other.clock.sleep(seconds(3));
        await guests[0]!.kill();
        await other.clock.sleep(seconds(1.5));
        await guests[1]!.shutdown(5);
      });
      consoles.add(guests.map((guest) => guest.console()).join("\n"));
      stop = true;
      await load;
      stop = false;
      await other.close();
    }
    expect(consoles.size).toBe(1);
    expect([...consoles][0]).toMatch(/(beat|child|forked|shell)/);
  });
});
