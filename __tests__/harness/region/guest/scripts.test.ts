/** User data that is a script, run for real in a guest. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { seconds } from "../../../../harness/time/clock";
import { createWorld, type World } from "./world";

let world: World;
beforeAll(async () => { world = await createWorld(); });
afterAll(() => world.close());

type Booted = ReturnType<World["guestOf"]>;

/** Boots it, and lets so many seconds pass. */
async function boot(userData: string, lasting: number, then: (guest: Booted) => Promise<void> | void = () => undefined): Promise<Booted> {
  const guest = world.guestOf(userData, { AWS_EC2_METADATA_SERVICE_ENDPOINT: "http://127.0.0.1:1" });
  await world.clock.run("test", async () => {
    const booting = world.clock.spawn("boot", () => guest.boot());
    await world.clock.sleep(seconds(lasting));
    await then(guest);
    await guest.kill();
    await world.clock.join(booting);
  });
  return guest;
}

/** Lines of the console without their times. */
const lines = (guest: Booted): string[] => guest.console().split("\n").filter(Boolean).map((line) => line.replace(/^\S+Z /, ""));

describe("a shell script", () => {
  it("runs once as root's, with its output on the console in the order of virtual time", async () => {
    const guest = await boot("#!/bin/bash\necho \"begun $(date +%s)\"\nsleep 90\necho \"slept $(date +%s)\" >&2\necho $HOME $USER\n", 100);
    expect(guest.console()).toMatch(/^2026-01-01T00:00:00\.\d+Z cloud-init: begun 1767225600\n2026-01-01T00:01:30\.\d+Z cloud-init: slept 1767225690\n/);
    expect(lines(guest)[2]).toBe(`cloud-init: ${guest.root}/root root`);
    expect(readFileSync(join(guest.root, "var/log/cloud-init-output.log"), "utf8")).toContain("slept");
  });

  it("sees the guest's files below /, and leaves this machine's alone", async () => {
    const guest = await boot(`#!/usr/bin/bash -e
cat > /home/ec2-user/job.sh <<EOT
#!/bin/bash
echo from "/var/lib/state" >> '/var/log/job.log'
EOT
DIR=/opt/work; mkdir -p $DIR /srv/data; cd "$DIR"; pwd
chmod 755 /home/ec2-user/job.sh; chown -R ec2-user:ec2-user /home/ec2-user
/home/ec2-user/job.sh
cat "/var/log/job.log"; echo https://host/etc/x $DIR/etc "$DIR"/var
`, 5);
    expect(lines(guest)).toEqual([`${guest.root}/opt/work`, `from ${guest.root}/var/lib/state`, `https://host/etc/x ${guest.root}/opt/work/etc ${guest.root}/opt/work/var`].map((line) => `cloud-init: ${line}`));
    expect(existsSync("/home/ec2-user/job.sh")).toBe(false);
  });

  it("starts Python in the background, which outlives it and is told of the shutdown", async () => {
    const guest = await boot(`#!/bin/bash -x
cat >/opt/work.py <<'EOT'
import signal, sys, time
def stop(*_):
    print("stopped at", time.time() - began, flush=True)
    sys.exit(0)
signal.signal(signal.SIGTERM, stop)
began = time.time()
while True:
    time.sleep(60)
EOT
yum install -y jq
pip3 install boto3
nohup /usr/bin/python3 -u /opt/work.py 0<&- &>>/var/log/work.log &
echo left
`, 200, (running) => running.shutdown(10));
    expect(lines(guest)).toContain("cloud-init: left");
    expect(readFileSync(join(guest.root, "var/log/work.log"), "utf8")).toMatch(/stopped at 200\.0/);
  });

  it("is followed where a process has lost its parent", async () => {
    const guest = await boot("#!/bin/bash\n( (sleep 50; date +late%S) & )\nsleep 1\ndate +first%S\n", 100);
    const seconds = (text: string): number => Number(new RegExp(`${text}(\\d\\d)`).exec(guest.console())![1]);
    expect((seconds("late") - seconds("first") + 60) % 60).toBe(49);
  });

  it("writes and starts a unit, also one that forks", async () => {
    const guest = await boot(`#!/bin/bash
cat >/home/ec2-user/start <<EOT
#!/usr/bin/bash
nohup sleep 1000 &
echo forked
EOT
cat >/lib/systemd/system/job.service <<EOT
[Unit]
Description=the job
[Service]
Type=forking
ExecStart=/usr/bin/bash /home/ec2-user/start
EOT
systemctl daemon-reload
systemctl enable job
systemctl start job
`, 60, (running) => running.shutdown(10));
    expect(lines(guest)).toEqual(["job.service: Started the job.", "job.service: forked", "job.service: Stopped the job."]);
  });

  it("ends the machine", async () => {
    const guest = await boot("#!/bin/sh\nsleep 5\nshutdown -h now\n", 10);
    expect(guest.poweredOff()).toBe(true);
  });

  it("that fails is told as cloud-init tells it", async () => {
    const guest = await boot("#!/bin/sh\nno-such-program\n", 5);
    expect(lines(guest)).toEqual([
      expect.stringContaining("no-such-program: not found"), "cloud-init: Failed running /var/lib/cloud/instance/scripts/part-001 [127]",
      "cloud-init: Failed to run module scripts_user (scripts in /var/lib/cloud/instance/scripts)",
    ]);
  });

  it.each([
    ["yum install -y nginx", "the package \"nginx\" is not one"], ["dnf remove jq", "\"dnf remove jq\" is not supported"], ["pip install requests", "the Python package \"requests\" is not one"],
    ["/usr/sbin/useradd me", "useradd: it would act on this machine"], ["systemctl mask job", "\"systemctl mask\" is not supported"], ["chown nobody /tmp/x", "the owner \"nobody\" is not supported"],
  ])("is refused by name what a guest cannot do: %s", async (command, message) => {
    const before = world.refused.length;
    const guest = await boot(`#!/bin/bash\n${command}\n`, 5);
    expect(world.refused.slice(before).join()).toContain(message);
    expect(guest.console()).toContain(message);
  });
});

describe("a Python script", () => {
  it("runs on the clock", async () => {
    const guest = await boot("#!/usr/bin/env python3\nimport time, sys, os\nzero = time.monotonic()\ntime.sleep(3600)\nopen('/var/lib/done', 'w').write('x')\nprint(round(time.monotonic() - zero), os.getcwd())\nsys.exit(3)\n", 4000);
    expect(lines(guest).slice(0, 2)).toEqual([`cloud-init: 3600 ${guest.root}`, "cloud-init: Failed running /var/lib/cloud/instance/scripts/part-001 [3]"]);
    expect(existsSync(join(guest.root, "var/lib/done"))).toBe(true);
  });
});

describe("a multi-part archive", () => {
  const part = (type: string, content: string, more = ""): string => `--//\nContent-Type: ${type}; charset="us-ascii"\nMIME-Version: 1.0\n${more}\n${content}\n`;
  const archive = (...parts: string[]): string => `Content-Type: multipart/mixed; boundary="//"\nMIME-Version: 1.0\n\n${parts.join("")}--//--\n`;

  it("writes files, runs scripts in the order of their names, then runcmd", async () => {
    const guest = await boot(archive(
      part("text/x-shellscript", "#!/bin/bash\necho b $(cat /opt/file)", "Content-Disposition: attachment; filename=\"b.sh\"\n"),
      part("text/x-shellscript", Buffer.from("#!/bin/sh\necho a; sleep 7").toString("base64"), "Content-Transfer-Encoding: base64\nContent-Disposition: attachment; filename=\"a.sh\"\n"),
      part("text/cloud-config", `#cloud-config\n${JSON.stringify({
        write_files: [{ path: "/opt/file", content: "written" }, { path: "/etc/systemd/system/late.service", content: "[Service]\nExecStart=/bin/echo late\n" }], runcmd: ["systemctl start late"],
      })}`),
    ), 20);
    expect(lines(guest).filter((line) => !/Deactivated|Started/.test(line))).toEqual(["cloud-init: a", "cloud-init: b written", "late.service: late"]);
  });
});

it("a script that is interrupted by its machine's end starts no further one", async () => {
  const guest = await boot(`Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/x-shellscript\n\n#!/bin/sh\ntrap 'echo term; exit 0' TERM\nsleep 100 & wait\n--x\nContent-Type: text/x-shellscript\n\n#!/bin/sh\necho second\n--x--\n`, 20, (running) => running.shutdown(10));
  expect(lines(guest)).toEqual(["cloud-init: term"]);
});
