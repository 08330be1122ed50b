/** An instance as what runs in its operating system knows it: the seam between ec2 and Systems Manager's agent. */
import type { Guest } from "../../guest/types";
import type { Ec2Core } from "./core";
import type { Instance } from "./instance";

export interface Machine {
  instanceId: string;
  instanceArn: string;
  subnetId: string;
  name: string;
  system: Guest;
  privateIp: string;
  hostname: string;
  /** The ARN of its profile's role. */
  roleArn?: string;
  tags: ReadonlyMap<string, string>;
  /** Whether it can be reached: a machine that stands still answers nobody, nor does one whose subnet lets nothing through. */
  isAlive: boolean;
}

/** The machines whose operating system runs now, in order of their launch. */
export const machines = (core: Ec2Core): Machine[] => [...core.instances.values()].flatMap((instance) => machineOf(core, instance) ?? []);

function machineOf(core: Ec2Core, instance: Instance): Machine | undefined {
  const { system, plan } = instance;
  const tags = core.tags.of(instance.id);
  return system && {
    instanceId: instance.id, instanceArn: core.arn(`instance/${instance.id}`), subnetId: instance.subnet.subnetId, name: tags.get("Name") ?? "", system, privateIp: instance.privateIp, hostname: instance.hostname, tags, isAlive: !instance.suspended && !core.disruptions.drops(instance.subnet.subnetId, "other"),
    ...(plan.profile?.role ? { roleArn: plan.profile.role.arn } : {}),
  };
}
