/**
 * Faults within an instance: a process of it killed, and its network cut. The deployed roles grant no Run Command, and an experiment on
 * a job's subnets would strike every instance in them, so on AWS these are for experiments of one's own; here they strike alone.
 */
import { seconds } from "../../time/clock";
import type { CutScope, KilledProcess } from "../../model/scenario";
import type { Ec2Service } from "../../region/services/ec2";
import type { Injector } from "../target";

const KILL: Readonly<Record<KilledProcess, string>> = { agent: "pkill -KILL -f /opt/spotproof/loader.py", job: "pkill -KILL -f workload.py" };

export function killProcessInjector(machines: Ec2Service["machines"], resolutionSeconds: number): Injector {
  return {
    resolutionSeconds,
    async inject({ instanceId, fault, clock, struck }) {
      const machine = machines().find((each) => each.instanceId === instanceId);
      if (machine === undefined) return { status: "missed", reason: "there was no instance whose operating system ran" };
      const { process = "agent" } = fault;
      const unit = `kill-${process}-${clock.now()}`;
      const script = machine.system.runScript({ unit, folder: `/var/lib/faults/${unit}`, text: KILL[process] });
      struck();
      await script.ended();
      return script.code === 0 ? { status: "completed" } : { status: "failed", reason: `there was no process of the ${process} to kill (${script.output().stderr.trim() || `exit code ${script.code}`})` };
    },
  };
}

export function networkCutInjector(ec2: Pick<Ec2Service, "machines" | "disruptConnectivity">, resolutionSeconds: number): Injector {
  return {
    resolutionSeconds,
    async inject({ instanceId, fault, clock, struck, over }) {
      const machine = ec2.machines().find((each) => each.instanceId === instanceId);
      if (machine === undefined) return { status: "missed", reason: "there was no instance whose operating system ran" };
      const scope: CutScope = fault.scope ?? "all";
      const lift = ec2.disruptConnectivity([machine.subnetId], scope);
      struck();
      const end = clock.now() + seconds(fault.durationSeconds ?? 0);
      while (clock.now() < end && !over()) await clock.sleep(Math.min(seconds(1), end - clock.now()));
      lift();
      return { status: "completed" };
    },
  };
}
