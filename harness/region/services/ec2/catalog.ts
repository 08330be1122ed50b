/**
 * Instance types: what each has, and what an hour of it costs On-Demand (Linux, us-east-1, US dollars; prices are data
 * of a day in 2025, good for comparisons and estimates, not for bills).
 * https://aws.amazon.com/ec2/instance-types/, https://aws.amazon.com/ec2/pricing/on-demand/
 */
export type Architecture = "x86_64" | "arm64";

export interface InstanceType {
  name: string;
  architecture: Architecture;
  vcpus: number;
  memoryMib: number;
  onDemandPrice: number;
  burstable: boolean;
}

interface Family {
  architecture: Architecture;
  /** Of the size `large`, which has two vCPUs; other sizes cost in proportion. */
  largePrice: number;
  memoryGibPerVcpu: number;
  sizes: readonly string[];
}

const COMMON = ["large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge", "24xlarge"] as const;
const C5 = ["large", "xlarge", "2xlarge", "4xlarge", "9xlarge", "12xlarge", "18xlarge", "24xlarge"] as const;
const GRAVITON = ["medium", "large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge"] as const;
const FLEX = ["large", "xlarge", "2xlarge", "4xlarge", "8xlarge"] as const;

const x86 = (largePrice: number, memoryGibPerVcpu: number, sizes: readonly string[] = COMMON): Family => ({ architecture: "x86_64", largePrice, memoryGibPerVcpu, sizes });
const arm = (largePrice: number, memoryGibPerVcpu: number): Family => ({ architecture: "arm64", largePrice, memoryGibPerVcpu, sizes: GRAVITON });

const FAMILIES: Readonly<Record<string, Family>> = {
  m5: x86(0.096, 4), m5a: x86(0.086, 4), m5d: x86(0.113, 4), m5n: x86(0.119, 4), m6i: x86(0.096, 4), m6a: x86(0.0864, 4),
  m7i: x86(0.1008, 4), "m7i-flex": x86(0.09576, 4, FLEX), m7a: x86(0.11592, 4), m6g: arm(0.077, 4), m7g: arm(0.0816, 4), m8g: arm(0.08976, 4),
  c5: x86(0.085, 2, C5), c5a: x86(0.077, 2), c5d: x86(0.096, 2, C5), c6i: x86(0.085, 2), c6a: x86(0.0765, 2), c7i: x86(0.08925, 2),
  "c7i-flex": x86(0.08479, 2, FLEX), c7a: x86(0.10264, 2), c6g: arm(0.068, 2), c7g: arm(0.0725, 2), c8g: arm(0.07976, 2),
  r5: x86(0.126, 8), r5a: x86(0.113, 8), r6i: x86(0.126, 8), r6a: x86(0.1134, 8), r7i: x86(0.1323, 8), r7a: x86(0.15215, 8), r6g: arm(0.1008, 8), r7g: arm(0.1071, 8), r8g: arm(0.11782, 8),
};

/** How many vCPUs a size has; `medium` of the Graviton families has one. */
const VCPUS: Readonly<Record<string, number>> = {
  medium: 1, large: 2, xlarge: 4, "2xlarge": 8, "4xlarge": 16, "8xlarge": 32, "9xlarge": 36, "12xlarge": 48, "16xlarge": 64, "18xlarge": 72, "24xlarge": 96,
};

const BURSTABLE: Readonly<Record<string, { architecture: Architecture; largePrice: number }>> = {
  t3: { architecture: "x86_64", largePrice: 0.0832 }, t3a: { architecture: "x86_64", largePrice: 0.0752 }, t4g: { architecture: "arm64", largePrice: 0.0672 },
};
/** vCPUs, memory in GiB. */
const BURSTABLE_SIZES: Readonly<Record<string, readonly [number, number]>> = {
  nano: [2, 0.5], micro: [2, 1], small: [2, 2], medium: [2, 4], large: [2, 8], xlarge: [4, 16], "2xlarge": [8, 32],
};

const round = (price: number): number => Math.round(price * 1e6) / 1e6;

function build(): Map<string, InstanceType> {
  const types = new Map<string, InstanceType>();
  for (const [family, { architecture, largePrice, memoryGibPerVcpu, sizes }] of Object.entries(FAMILIES)) {
    for (const size of sizes) {
      const vcpus = VCPUS[size]!;
      const name = `${family}.${size}`;
      types.set(name, { name, architecture, vcpus, memoryMib: vcpus * memoryGibPerVcpu * 1024, onDemandPrice: round((largePrice * vcpus) / 2), burstable: false });
    }
  }
  for (const [family, { architecture, largePrice }] of Object.entries(BURSTABLE)) {
    for (const [size, [vcpus, memoryGib]] of Object.entries(BURSTABLE_SIZES)) {
      const name = `${family}.${size}`;
      types.set(name, { name, architecture, vcpus, memoryMib: memoryGib * 1024, onDemandPrice: round((largePrice * memoryGib) / 8), burstable: true });
    }
  }
  return types;
}

/** Every instance type that the region offers, by name. */
export const INSTANCE_TYPES: ReadonlyMap<string, InstanceType> = build();
