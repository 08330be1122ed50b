/**
 * Every knob of the deployment, in one table: its unit, default, check and what it does. Values come from `cdktf.json`
 * (context key `spotproof`) and the environment (`SPOTPROOF_` and the name in upper snake case); the environment wins.
 *
 * Whatever is not a knob is refused, and so is a value that its knob does not allow: a deployment that differs silently
 * from what was asked for is worse than none.
 */
import { MOST_ATTEMPTS, MOST_FAILED_LAUNCHES } from "./history-bounds";

/** A knob's value is wrong, or there is no such knob. The message is complete: it needs no stack trace. */
export class ConfigError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "ConfigError";
  }
}

/** A parsed value, or why there is none: the sentence that says what is allowed. */
type Checked<T> = { value: T } | { allowed: string };

/** How a kind of value is read from JSON and from an environment variable's text, and checked. */
interface Kind<T> {
  fromText(text: string): unknown;
  check(value: unknown): Checked<T>;
}

const asIs = (text: string): unknown => text;

function matching(pattern: RegExp, allowed: string): Kind<string> {
  return { fromText: asIs, check: (value) => (typeof value === "string" && pattern.test(value) ? { value } : { allowed }) };
}

function optional<T>(kind: Kind<T>): Kind<T | undefined> {
  return {
    fromText: kind.fromText,
    check(value) {
      if (value === undefined || value === null) return { value: undefined };
      const checked = kind.check(value);
      return "value" in checked ? checked : { allowed: `${checked.allowed}, or nothing` };
    },
  };
}

function number(bounds: { atLeast: number; atMost: number; whole: boolean }): Kind<number> {
  const { atLeast, atMost, whole } = bounds;
  return {
    fromText: (text) => (/^[+-]?\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : text),
    check: (value) =>
      typeof value === "number" && value >= atLeast && value <= atMost && (!whole || Number.isInteger(value))
        ? { value }
        : { allowed: `a ${whole ? "whole " : ""}number from ${atLeast} to ${atMost}` },
  };
}

const whole = (atLeast: number, atMost: number): Kind<number> => number({ atLeast, atMost, whole: true });

const yesOrNo: Kind<boolean> = {
  fromText: (text) => (text === "true" ? true : text === "false" ? false : text),
  check: (value) => (typeof value === "boolean" ? { value } : { allowed: "true or false" }),
};

function oneOf<T extends string>(...values: readonly T[]): Kind<T> {
  return { fromText: asIs, check: (value) => (values.includes(value as T) ? { value: value as T } : { allowed: `one of ${values.join(", ")}` }) };
}

function listOf(item: Kind<string>, bounds: { atLeast: number; atMost: number }, what: string): Kind<string[]> {
  const size = bounds.atLeast > 0 ? `${bounds.atLeast} to ${bounds.atMost}` : `at most ${bounds.atMost}`;
  return {
    fromText: (text) => text.split(",").map((part) => part.trim()).filter((part) => part !== ""),
    check(value) {
      const allowed = `a list of ${size} ${what}, each once (in the environment: separated by commas)`;
      if (!Array.isArray(value) || value.length < bounds.atLeast || value.length > bounds.atMost) return { allowed };
      if (new Set(value).size !== value.length) return { allowed };
      return value.every((each) => "value" in item.check(each)) ? { value: value as string[] } : { allowed };
    },
  };
}

/** Exit codes but 0 and 75, which have meanings of their own. */
const exitCodes: Kind<number[]> = {
  fromText: (text) => text.split(",").map((part) => part.trim()).filter((part) => part !== "").map((part) => (/^\d+$/.test(part) ? Number(part) : part)),
  check(value) {
    const isCode = (each: unknown): boolean => typeof each === "number" && Number.isInteger(each) && each >= 1 && each <= 255 && each !== 75;
    const good = Array.isArray(value) && value.length <= 50 && new Set(value).size === value.length && value.every(isCode);
    return good ? { value: value as number[] } : { allowed: "a list of at most 50 whole numbers from 1 to 255, each once, without 75 (in the environment: separated by commas)" };
  },
};

/** AWS's rules for tag keys and values: https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html */
const TAG_KEY = /^(?!aws:)(?!spotproof:)[\p{L}\p{N} +=._:@-]{1,128}$/u;
const TAG_VALUE = /^[\p{L}\p{N} +=._:/@-]{0,256}$/u;

const tagMap: Kind<Record<string, string>> = {
  fromText: (text) =>
    Object.fromEntries(
      text.split(",").filter((part) => part.trim() !== "").map((part) => {
        const at = part.indexOf("=");
        return at < 0 ? [part.trim(), undefined] : [part.slice(0, at).trim(), part.slice(at + 1).trim()];
      }),
    ),
  check(value) {
    const allowed =
      'an object of at most 40 tags, such as {"team": "batch"} (in the environment: team=batch,stage=test); keys have no slash and do not begin with "aws:" or "spotproof:"';
    if (typeof value !== "object" || value === null || Array.isArray(value)) return { allowed };
    const entries = Object.entries(value);
    const good = entries.length <= 40 && entries.every(([key, each]) => TAG_KEY.test(key) && typeof each === "string" && TAG_VALUE.test(each));
    return good ? { value: value as Record<string, string> } : { allowed };
  },
};

/** One row of the table. */
interface Knob<T> {
  /** Of the value; "" where it has none. */
  unit: string;
  default: T;
  kind: Kind<T>;
  description: string;
}

const knob = <T>(row: Knob<T>): Knob<T> => row;

/** What systemd's EnvironmentFile= takes as it is. */
const COMMAND = /^(?!["'\s])[^\p{Cc}\\]{1,1000}(?<!\s)$/u;
const SUBNET = matching(/^subnet-[0-9a-f]{8,17}$/, "a subnet's id");
const ZONE = matching(/^[a-z]{2}(-[a-z]+)+-\d[a-z]$/, "a zone's name");
const INSTANCE_TYPE = matching(/^[a-z][a-z0-9-]*\.[a-z0-9-]+$/, "an instance type");
const SECURITY_GROUP = matching(/^sg-[0-9a-f]{8,17}$/, "a security group's id");

/** The table. Names are those of the context; in the environment `spotMaxPrice` is `SPOTPROOF_SPOT_MAX_PRICE`. */
export const KNOBS = {
  name: knob<string>({
    unit: "",
    default: "spotproof",
    kind: matching(/^[a-z][a-z0-9-]{1,18}[a-z0-9]$/, "3 to 20 lower-case letters, digits and hyphens, a letter first, no hyphen last"),
    description: "What every resource's name begins with; two deployments in one account and region need two names.",
  }),
  region: knob<string>({
    unit: "",
    default: "us-east-1",
    kind: matching(/^[a-z]{2}(-[a-z]+)+-\d$/, "a region's name, such as eu-west-1"),
    description: "The AWS region to deploy to.",
  }),
  vpcId: knob<string | undefined>({
    unit: "",
    default: undefined,
    kind: optional(matching(/^vpc-[0-9a-f]{8,17}$/, "a VPC's id, such as vpc-0a1b2c3d4e5f60718")),
    description: "The VPC of subnetIds. Give both or neither; with neither, the default VPC is used.",
  }),
  subnetIds: knob<string[]>({
    unit: "",
    default: [],
    kind: listOf(SUBNET, { atLeast: 0, atMost: 20 }, "subnet ids"),
    description: "Subnets to launch in, one a call, in turn.",
  }),
  securityGroupIds: knob<string[]>({
    unit: "",
    default: [],
    kind: listOf(SECURITY_GROUP, { atLeast: 0, atMost: 4 }, "security group ids"),
    description: "Further security groups of the instances. The stack's own lets nothing in, and HTTPS out.",
  }),
  zones: knob<string[]>({
    unit: "",
    default: [],
    kind: listOf(ZONE, { atLeast: 0, atMost: 10 }, "zone names such as us-east-1a"),
    description: "Zones to launch in when there are no subnetIds; none means every zone of the region that needs no opt-in.",
  }),
  instanceTypes: knob<string[]>({
    unit: "",
    default: ["m7i.large", "m7a.large", "m6i.large", "m6a.large", "m5.large", "m5a.large"],
    kind: listOf(INSTANCE_TYPE, { atLeast: 1, atMost: 20 }, "instance types such as m6i.large"),
    description: "Types to choose from, all of the AMI's architecture; the more pools, the fewer interruptions.",
  }),
  amiId: knob<string>({
    unit: "",
    default: "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64",
    kind: matching(
      /^(ami-[0-9a-f]{8,17}|resolve:ssm:\/?[A-Za-z0-9_.-]+(\/[A-Za-z0-9_.-]+)*(:\d+)?)$/,
      "an AMI's id, or resolve:ssm: and a parameter's name; Amazon Linux 2023 or what has cloud-init, systemd, Python 3.9 or newer and boto3",
    ),
    description: "The machine image.",
  }),
  rootDeviceName: knob<string>({
    unit: "",
    default: "/dev/xvda",
    kind: matching(/^\/dev\/[a-z0-9]+$/, "a device name such as /dev/xvda"),
    description: "The root device of the AMI.",
  }),
  rootVolumeGiB: knob<number>({ unit: "GiB", default: 20, kind: whole(8, 16384), description: "Size of the instances' encrypted root volume." }),
  jobCommand: knob<string | undefined>({
    unit: "",
    default: undefined,
    kind: optional(matching(COMMAND, "a command on one line, without a backslash, a quote at its beginning or spaces around it")),
    description: "The job's command; without one, the hash-chained workload that travels in the user data.",
  }),
  jobArtifact: knob<string | undefined>({
    unit: "",
    default: undefined,
    kind: optional(matching(/^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\/[A-Za-z0-9_.\-/]{1,900}\.(tar\.gz|tgz)$/, "s3://BUCKET/KEY.tar.gz")),
    description: "The job's folder, packed; unpacked on the instance, where jobCommand is run. Needs jobCommand.",
  }),
  retryableExitCodes: knob<number[]>({
    unit: "",
    default: [],
    kind: exitCodes,
    description: "Exit codes of the job command after which it is run again from its last save, as after a signal; all others but 0 and 75 fail the job.",
  }),
  noProgressMinutes: knob<number>({
    unit: "min",
    default: 60,
    kind: whole(1, 43_200),
    description: "A job that has reported no progress for so long is told of in the log, again after each such time.",
  }),
  endWithoutProgressMinutes: knob<number | undefined>({
    unit: "min",
    default: undefined,
    kind: optional(whole(1, 43_200)),
    description: "A job that has reported no progress for so long is ended and run again from its last save; without it, it never is.",
  }),
  heartbeatSeconds: knob<number>({
    unit: "s",
    default: 90,
    kind: whole(60, 1800),
    description: "An instance that has not been heard of for so long has died. Must cover launch and boot.",
  }),
  onRebalance: knob<"save" | "migrate" | "ignore">({
    unit: "",
    default: "save",
    kind: oneOf("save", "migrate", "ignore"),
    description: "What an instance does when EC2 recommends to rebalance: one extra save; a hand-over to a new instance, as on a notice; nothing.",
  }),
  targetGroupArn: knob<string | undefined>({
    unit: "",
    default: undefined,
    kind: optional(
      matching(/^arn:aws[a-z-]*:elasticloadbalancing:[a-z0-9-]+:\d{12}:targetgroup\/[A-Za-z0-9-]{1,32}\/[0-9a-f]{16}$/, "a target group's ARN"),
    ),
    description: "A load balancer's target group: an instance is registered in it while it works, and deregistered before it goes.",
  }),
  attemptTimeoutSeconds: knob<number | undefined>({
    unit: "s",
    default: undefined,
    kind: optional(whole(300, 31_536_000)),
    description: "The longest that one instance may work; without it, twice the job's durationMinutes and an hour.",
  }),
  maxAttempts: knob<number>({
    unit: "instances",
    default: 300,
    kind: whole(1, MOST_ATTEMPTS),
    description: "An execution that has used so many instances fails; the input maxAttempts outweighs it. 400 keep within Step Functions' 25,000 history events.",
  }),
  maxAttemptsWithoutProgress: knob<number>({
    unit: "instances",
    default: 3,
    kind: whole(1, MOST_ATTEMPTS),
    description: "So many in a row that fail by themselves, without a new checkpoint, and the execution fails: a crash loop. Interruptions do not count.",
  }),
  noCapacityWaitSeconds: knob<number>({
    unit: "s",
    default: 10,
    kind: whole(5, 600),
    description: "How long to wait once no zone had capacity; doubled after each further try, in the next zone.",
  }),
  noCapacityMaxWaitSeconds: knob<number>({ unit: "s", default: 60, kind: whole(5, 3600), description: "The longest of those waits." }),
  noCapacityLimitMinutes: knob<number>({
    unit: "min",
    default: 720,
    kind: whole(1, 43_200),
    description: "An execution that waits for capacity for so long fails; its job can be resumed.",
  }),
  sweepMinutes: knob<number>({
    unit: "min",
    default: 5,
    kind: whole(1, 60),
    description: "How often to look for instances whose execution is gone, in case an event of its end was lost.",
  }),
  onDemandAfterMinutes: knob<number | undefined>({
    unit: "min",
    default: undefined,
    kind: optional(number({ atLeast: 0.5, atMost: 43_200, whole: false })),
    description: "A job that has waited for Spot capacity for so long goes on with an On-Demand Instance; without it, never.",
  }),
  onDemandDollarsPerHour: knob<number | undefined>({
    unit: "USD an hour",
    default: undefined,
    kind: optional(number({ atLeast: 0.001, atMost: 1000, whole: false })),
    description: "What an On-Demand hour of the dearest of instanceTypes costs, for the input maxDollars of jobs that may go on On-Demand: EC2 does not tell.",
  }),
  spotMaxPrice: knob<number | undefined>({
    unit: "USD an hour",
    default: undefined,
    kind: optional(number({ atLeast: 0.001, atMost: 1000, whole: false })),
    description: "The most to pay; without it, the On-Demand price. AWS advises against one: it brings interruptions.",
  }),
  checkpointRetentionDays: knob<number>({
    unit: "days",
    default: 30,
    kind: whole(2, 3650),
    description: "Checkpoints and final logs older than this are deleted. Must exceed the time between two checkpoints by far.",
  }),
  logRetentionDays: knob<number>({
    unit: "days",
    default: 30,
    kind: {
      ...whole(1, 3653),
      check: (value) =>
        typeof value === "number" && LOG_RETENTION_DAYS.includes(value) ? { value } : { allowed: `one of ${LOG_RETENTION_DAYS.join(", ")}` },
    },
    description: "Log groups keep events for so long.",
  }),
  logExecutionData: knob<boolean>({
    unit: "",
    default: false,
    kind: yesOrNo,
    description: "Execution logs with inputs and outputs. They then hold task tokens.",
  }),
  deletionProtection: knob<boolean>({
    unit: "",
    default: true,
    kind: yesOrNo,
    description: "Refuse to delete the table, and the bucket while anything is in it.",
  }),
  kmsKeyArn: knob<string | undefined>({
    unit: "",
    default: undefined,
    kind: optional(matching(/^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[0-9a-f-]{36}$/, "a KMS key's ARN")),
    description: "Encrypts the bucket and the table; without it, keys that AWS manages.",
  }),
  alarmTopicArn: knob<string | undefined>({
    unit: "",
    default: undefined,
    kind: optional(matching(/^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}$/, "an SNS topic's ARN")),
    description: "Is told of alarms.",
  }),
  noCapacityFaultMinutes: knob<number>({
    unit: "min",
    default: 30,
    kind: whole(1, 720),
    description: "The no-capacity experiment ends by itself after so long, if nobody stops it sooner.",
  }),
  stateBucket: knob<string | undefined>({
    unit: "",
    default: undefined,
    kind: optional(matching(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, "a bucket's name")),
    description: "Where Terraform keeps its state (S3, with its own lock file); without it, a local file.",
  }),
  tags: knob<Record<string, string>>({ unit: "", default: {}, kind: tagMap, description: "Tags of every resource and instance." }),
};

/** What CloudWatch Logs accepts: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const LOG_RETENTION_DAYS = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

export type KnobName = keyof typeof KNOBS;
/** Every knob with its value. */
export type Config = { [N in KnobName]: (typeof KNOBS)[N]["default"] };

/** The environment variable of a knob: `spotMaxPrice` is `SPOTPROOF_SPOT_MAX_PRICE`. */
export function environmentName(name: string): string {
  return "SPOTPROOF_" + name.replace(/GiB$/, "Gib").replace(/[A-Z]/g, (letter) => "_" + letter).toUpperCase();
}

/** Variables with the same beginning that are no knobs: the harness reads them. */
const OTHER_VARIABLES = new Set(["SPOTPROOF_PYTHON"]);

/** Where the values come from. */
export interface ConfigSources {
  /** What stands under `spotproof` in the context. */
  context: unknown;
  /** How to name that place in a message. */
  contextName: string;
  environment: Readonly<Record<string, string | undefined>>;
}

/**
 * The configuration, checked. An environment variable that is set but empty counts as not given.
 *
 * @throws ConfigError with the knob's name, what was given, where it came from and what is allowed, for every wrong one.
 */
export function readConfig(sources: ConfigSources): Config {
  const problems: string[] = [];
  const context = contextKnobs(sources, problems);
  const environment = environmentKnobs(sources, problems);
  const config: Record<string, unknown> = {};
  for (const [name, row] of Object.entries(KNOBS) as [KnobName, Knob<unknown>][]) {
    const given = environment.get(name) ?? context.get(name);
    if (given === undefined) {
      config[name] = row.default;
      continue;
    }
    const checked = row.kind.check(given.value);
    if ("value" in checked) config[name] = checked.value ?? row.default;
    else problems.push(`${name}: ${show(given.shown)} (from ${given.source}) is not allowed; it must be ${checked.allowed}`);
  }
  if (problems.length === 0) problems.push(...contradictions(config as Config));
  if (problems.length > 0) throw new ConfigError(problems.join("\n"));
  return config as Config;
}

interface Given { value: unknown; shown: unknown; source: string }

function contextKnobs(sources: ConfigSources, problems: string[]): Map<string, Given> {
  const { context, contextName } = sources;
  const found = new Map<string, Given>();
  if (context === undefined || context === null) return found;
  if (typeof context !== "object" || Array.isArray(context)) {
    problems.push(`${contextName} is ${show(context)}; it must be an object whose keys are knobs, such as {"name": "spotproof"}`);
    return found;
  }
  for (const [name, value] of Object.entries(context)) {
    if (!(name in KNOBS)) problems.push(`${name}: there is no such knob (from ${contextName})${suggestion(name, Object.keys(KNOBS))}`);
    else found.set(name, { value, shown: value, source: contextName });
  }
  return found;
}

function environmentKnobs(sources: ConfigSources, problems: string[]): Map<string, Given> {
  const byVariable = new Map((Object.keys(KNOBS) as KnobName[]).map((name) => [environmentName(name), name]));
  const found = new Map<string, Given>();
  for (const [variable, text] of Object.entries(sources.environment)) {
    if (!variable.startsWith("SPOTPROOF_") || OTHER_VARIABLES.has(variable) || text === undefined || text === "") continue;
    const name = byVariable.get(variable);
    if (name === undefined) problems.push(`${variable}: there is no such knob (from the environment)${suggestion(variable, [...byVariable.keys()])}`);
    else found.set(name, { value: KNOBS[name].kind.fromText(text), shown: text, source: `the environment, ${variable}` });
  }
  return found;
}

/** What no single knob can see. */
function contradictions(config: Config): string[] {
  const problems: string[] = [];
  const hasVpc = config.vpcId !== undefined;
  const hasSubnets = config.subnetIds.length > 0;
  if (hasVpc && !hasSubnets) problems.push(`subnetIds: none given, but vpcId is ${config.vpcId}; give both, or neither for the default VPC`);
  if (hasSubnets && !hasVpc) problems.push(`vpcId: none given, but subnetIds is ${show(config.subnetIds)}; give both, or neither for the default VPC`);
  if (hasSubnets && config.zones.length > 0) problems.push(`zones: ${show(config.zones)} given beside subnetIds; subnets have their zones, give one of the two`);
  for (const zone of config.zones) {
    if (!zone.startsWith(config.region)) problems.push(`zones: ${zone} is not in region ${config.region}`);
  }
  if (config.jobArtifact !== undefined && config.jobCommand === undefined) {
    problems.push(`jobCommand: none given, but jobArtifact is ${config.jobArtifact}; say which command to run in the unpacked folder`);
  }
  if (config.noCapacityMaxWaitSeconds < config.noCapacityWaitSeconds) {
    problems.push(
      `noCapacityMaxWaitSeconds: ${config.noCapacityMaxWaitSeconds} is less than noCapacityWaitSeconds, ${config.noCapacityWaitSeconds}; it must be at least as much`,
    );
  }
  const waits = Math.ceil((config.noCapacityLimitMinutes * 60) / config.noCapacityMaxWaitSeconds);
  if (waits > MOST_FAILED_LAUNCHES) {
    problems.push(
      `noCapacityLimitMinutes: ${config.noCapacityLimitMinutes} is more than ${MOST_FAILED_LAUNCHES} waits of noCapacityMaxWaitSeconds, ${config.noCapacityMaxWaitSeconds}, ` +
        `and an execution has no room for more; give at most ${Math.floor((MOST_FAILED_LAUNCHES * config.noCapacityMaxWaitSeconds) / 60)}, or longer waits`,
    );
  }
  if (config.onDemandAfterMinutes !== undefined && config.onDemandAfterMinutes >= config.noCapacityLimitMinutes) {
    problems.push(`onDemandAfterMinutes: ${config.onDemandAfterMinutes} must be less than noCapacityLimitMinutes, ${config.noCapacityLimitMinutes}`);
  }
  if (config.attemptTimeoutSeconds !== undefined && config.attemptTimeoutSeconds <= config.heartbeatSeconds) {
    problems.push(`attemptTimeoutSeconds: ${config.attemptTimeoutSeconds} must be more than heartbeatSeconds, ${config.heartbeatSeconds}`);
  }
  return problems;
}

function show(value: unknown): string {
  return JSON.stringify(value) ?? String(value);
}

/** The knob that was probably meant: the one that differs in the fewest letters, if there are few of them. */
function suggestion(given: string, names: string[]): string {
  const nearest = names.map((name) => ({ name, distance: editDistance(given.toLowerCase(), name.toLowerCase()) })).sort((a, b) => a.distance - b.distance)[0];
  return nearest !== undefined && nearest.distance <= 3 ? `; did you mean ${nearest.name}?` : `; knobs are ${names.join(", ")}`;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length]!;
}
