/** Faults within an instance, on machines that only record what is done to them. */
import { killProcessInjector, networkCutInjector } from "../../../harness/targets/injectors/within-instance";
import type { InjectionContext } from "../../../harness/targets/target";
import type { Machine } from "../../../harness/region/services/ec2";
import { toSeconds } from "../../../harness/time/clock";
import { createVirtualClock } from "../../../harness/time/virtual-clock";

const clock = createVirtualClock({ startMicroseconds: 0, watchdogSeconds: 0 });
const done: string[] = [];
beforeEach(() => void done.splice(0));

const machine = (code: number): Machine => ({
  instanceId: "i-1", instanceArn: "arn", subnetId: "subnet-1", name: "", privateIp: "", hostname: "", tags: new Map(), isAlive: true,
  system: { runScript: ({ text }: { text: string }) => { done.push(text); return { code, ended: async () => true, kill: async () => undefined, output: () => ({ stdout: "", stderr: "" }) }; } } as unknown as Machine["system"],
});
const inject = (injector: ReturnType<typeof killProcessInjector>, fault: object, more: Partial<InjectionContext> = {}) =>
  clock.run("test", () => injector.inject({ instanceId: "i-1", fault, clock, struck: () => done.push(`struck @${toSeconds(clock.now())}`), over: () => false, ...more } as unknown as InjectionContext));

describe("a killed process", () => {
  it("is the agent's, by SIGKILL", async () => {
    expect(await inject(killProcessInjector(() => [machine(0)], 1), { kind: "kill-process" })).toEqual({ status: "completed" });
    expect(done).toEqual(["pkill -KILL -f /opt/spotproof/loader.py", "struck @0"]);
  });

  it("that is not there makes the fault fail", async () => {
    expect(await inject(killProcessInjector(() => [machine(1)], 1), { kind: "kill-process" })).toEqual({ status: "failed", reason: "there was no process of the agent to kill (exit code 1)" });
  });

  it("needs an instance that runs", async () => {
    expect(await inject(killProcessInjector(() => [], 1), { kind: "kill-process" })).toMatchObject({ status: "missed" });
  });
});

describe("a cut network", () => {
  const cutter = networkCutInjector({
    machines: () => [machine(0)],
    disruptConnectivity(subnetIds, scope) {
      done.push(`${scope} of ${subnetIds.join()} @${toSeconds(clock.now())}`);
      return () => done.push(`lifted @${toSeconds(clock.now())}`);
    },
  }, 1);

  it("is that of the instance's subnet, for as long as was said", async () => {
    const start = toSeconds(clock.now());
    expect(await inject(cutter, { kind: "network-cut", durationSeconds: 30, scope: "s3" })).toEqual({ status: "completed" });
    expect(done).toEqual([`s3 of subnet-1 @${start}`, `struck @${start}`, `lifted @${start + 30}`]);
  });

  it("is mended when the run is over before", async () => {
    const start = toSeconds(clock.now());
    await inject(cutter, { kind: "network-cut", durationSeconds: 30 }, { over: () => toSeconds(clock.now()) >= start + 5 });
    expect(done.at(-1)).toBe(`lifted @${start + 5}`);
  });
});
