/** A clock and a guest host for tests, and guests made of one unit. */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createGuestHost, type Guest } from "../../../../harness/region/guest";
import { createRandom } from "../../../../harness/time/prng";
import type { RootClock } from "../../../../harness/time/root-clock";
import { createSystemClock } from "../../../../harness/time/system-clock";
import { createVirtualClock, startAt, type VirtualClock } from "../../../../harness/time/virtual-clock";

export interface World<C extends RootClock = VirtualClock> {
  clock: C;
  folder: string;
  host: ReturnType<typeof createGuestHost>;
  refused: string[];
  /** A guest whose only unit, `work`, runs a script. */
  guest(script: string, options?: UnitOptions): Guest & { root: string; id: string; poweredOff(): boolean };
  guestOf(userData: string, environment?: Record<string, string>, bounds?: Pick<UnitOptions, "memoryBytes" | "volumeBytes">): Guest & { root: string; id: string; poweredOff(): boolean };
  close(): Promise<void>;
}

export interface UnitOptions {
  /** Directives of [Service], a line each. */
  service?: string[];
  environment?: Record<string, string>;
  command?: string;
  /** Further files, by path. */
  files?: Record<string, string>;
  memoryBytes?: number;
  volumeBytes?: number;
}

export const START = startAt("2026-01-01T00:00:00Z");

export async function createWorld(seed = "test"): Promise<World> {
  return worldOn(createVirtualClock({ startMicroseconds: START, watchdogSeconds: 20 }), seed);
}

/** One whose time passes by itself, so many times as fast as the real one. */
export async function createScaledWorld(scale: number): Promise<World<RootClock>> {
  return worldOn(createSystemClock({ scale, startMicroseconds: START }), "test");
}

async function worldOn<C extends RootClock>(clock: C, seed: string): Promise<World<C>> {
  const folder = mkdtempSync(join(tmpdir(), "guest-test-"));
  const refused: string[] = [];
  const host = createGuestHost({
    clock,
    folder,
    random: createRandom(seed),
    onRefused: (_, text) => refused.push(text),
  });
  let count = 0;
  const world: World<C> = {
    clock,
    folder,
    host,
    refused,
    guest(script, { service = [], environment = {}, command, files = {}, ...bounds } = {}) {
      const run = command ?? (script.startsWith("#!") ? "/opt/work/script" : "/usr/bin/python3 /opt/work/script");
      const unit = ["[Unit]", "Description=the work", "[Service]", `ExecStart=${run}`, "StateDirectory=work", ...service].join("\n");
      const all = { "/opt/work/script": script, "/etc/systemd/system/work.service": unit, ...files };
      const config = {
        write_files: Object.entries(all).map(([path, content]) => ({ path, content, permissions: "0755" })),
        runcmd: ["systemctl enable --now work"],
      };
      return world.guestOf(`#cloud-config\n${JSON.stringify(config)}`, environment, bounds);
    },
    guestOf(userData, environment = {}, bounds = {}) {
      const id = `i-${String(++count).padStart(4, "0")}`;
      const root = join(folder, id);
      mkdirSync(root);
      let poweredOff = false;
      const guest: Guest = host.create({
        instanceId: id,
        userData,
        root,
        environment,
        ...bounds,
        onPowerOff() {
          poweredOff = true;
          clock.spawn("power off", () => guest.shutdown(10));
        },
      });
      return Object.assign(guest, { root, id, poweredOff: () => poweredOff });
    },
    async close() {
      await host.close();
      clock.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return world;
}

/** What a unit's process wrote, without the times and what systemd says. */
export const output = (guest: Guest): string[] =>
  guest
    .console()
    .split("\n")
    .filter((line) => line !== "" && !/ work\.service: (Started|Stopp|Deactivated|Main process|Failed with|Scheduled|State 'stop|Start request)/.test(line))
    .map((line) => line.slice(line.indexOf(": ") + 2));
