/** Every knob of the deployment, in one table: its unit, default, check and what it does. */
import { MOST_ATTEMPTS } from "./history-bounds";
import { exitCodes, listOf, matching, number, oneOf, optional, tagMap, whole, yesOrNo, type Kind } from "./knob-kinds";

/** One row of the table. */
export interface Knob<T> {
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

/** What CloudWatch Logs accepts: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const LOG_RETENTION_DAYS = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

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
    description: "Final logs, and the checkpoints of jobs that have finished, are deleted when they are older than this. A job that has not finished keeps its last two.",
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

export type KnobName = keyof typeof KNOBS;
/** Every knob with its value. */
export type Config = { [N in KnobName]: (typeof KNOBS)[N]["default"] };
