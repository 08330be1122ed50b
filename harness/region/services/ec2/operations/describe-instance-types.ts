/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstanceTypes.html */
import { INSTANCE_TYPES } from "../catalog";
import { ec2Error } from "../errors";
import { filtered } from "../filters";
import { texts } from "../input";
import { paged } from "../paging";
import type { Ec2Operation } from "./operation";

export const describeInstanceTypes: Ec2Operation = () => (input) => {
  const names = texts(input, "InstanceType");
  const unknown = names.filter((name) => !INSTANCE_TYPES.has(name));
  if (unknown.length > 0) throw ec2Error("InvalidInstanceType", `The following supplied instance types do not exist: [${unknown.join(", ")}]`);
  const asked = names.length > 0 ? names.map((name) => INSTANCE_TYPES.get(name)!) : [...INSTANCE_TYPES.values()];
  const matching = filtered(asked, input, {
    "bare-metal": () => false, "burstable-performance-supported": ({ burstable }) => burstable, "current-generation": () => true, "instance-type": ({ name }) => name,
    "memory-info.size-in-mib": ({ memoryMib }) => memoryMib, "processor-info.supported-architecture": ({ architecture }) => architecture,
    "supported-usage-class": () => ["on-demand", "spot"], "vcpu-info.default-vcpus": ({ vcpus }) => vcpus,
  });
  const { items, nextToken } = paged(matching, input, ({ name }) => name, { least: 5, most: 100 });
  return {
    instanceTypeSet: items.map((type) => ({
      instanceType: type.name, currentGeneration: true, freeTierEligible: type.name === "t3.micro", supportedUsageClasses: ["on-demand", "spot"], supportedRootDeviceTypes: ["ebs"],
      supportedVirtualizationTypes: ["hvm"], bareMetal: false, hypervisor: "nitro", processorInfo: { supportedArchitectures: [type.architecture] },
      vCpuInfo: { defaultVCpus: type.vcpus, defaultCores: Math.max(1, type.vcpus / 2), defaultThreadsPerCore: type.architecture === "arm64" ? 1 : 2 },
      memoryInfo: { sizeInMiB: type.memoryMib }, instanceStorageSupported: false, burstablePerformanceSupported: type.burstable,
    })),
    nextToken,
  };
};
