/** The attributes of an instance that can be read and, some of them, modified, by their API names. */
import type { Instance } from "../instance";

export interface InstanceAttribute {
  read(instance: Instance): string | boolean | undefined;
  /** @returns false when the value is not allowed. Absent: it cannot be modified while the machine runs. */
  write?(instance: Instance, value: string): boolean;
}

export const INSTANCE_ATTRIBUTES: Readonly<Record<string, InstanceAttribute>> = {
  disableApiTermination: {
    read: ({ terminationProtected }) => terminationProtected,
    write(instance, value) {
      if (!/^(true|false)$/i.test(value)) return false;
      instance.terminationProtected = value.toLowerCase() === "true";
      return true;
    },
  },
  instanceInitiatedShutdownBehavior: {
    read: ({ shutdownBehavior }) => shutdownBehavior,
    write(instance, value) {
      if (value !== "stop" && value !== "terminate") return false;
      instance.shutdownBehavior = value;
      return true;
    },
  },
  ebsOptimized: { read: ({ plan }) => plan.ebsOptimized },
  instanceType: { read: ({ plan }) => plan.type.name },
  userData: { read: ({ plan }) => (plan.userDataBytes.length === 0 ? undefined : plan.userDataBytes.toString("base64")) },
};
