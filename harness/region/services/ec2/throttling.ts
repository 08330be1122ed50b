/**
 * How often the account may call EC2: a bucket of tokens for each API action, and for four of them one for the instances that
 * they name too. Off unless a setting turns it on.
 * https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html
 */
import { seconds, toSeconds, type Microseconds } from "../../../time/clock";
import { ec2Error } from "./errors";
import { structures, text, texts, type Wire } from "./input";

/** What a bucket holds at most, and how many tokens it gets a second. */
export interface BucketSize { capacity: number; refill: number }

/** Request buckets of the actions that have their own. */
const UNCATEGORIZED: Readonly<Record<string, BucketSize>> = {
  CreateLaunchTemplateVersion: { capacity: 100, refill: 5 }, ModifyLaunchTemplate: { capacity: 100, refill: 5 },
  ModifyInstanceMetadataOptions: { capacity: 100, refill: 5 },
  CreateTags: { capacity: 100, refill: 10 }, DeleteTags: { capacity: 100, refill: 10 },
  RunInstances: { capacity: 5, refill: 2 }, StartInstances: { capacity: 5, refill: 2 }, TerminateInstances: { capacity: 100, refill: 5 },
};
/** Actions that draw from a smaller bucket when they ask for everything at once. */
const WHOLESALE = new Set(["DescribeInstances", "DescribeInstanceStatus", "DescribeSecurityGroups", "DescribeSpotInstanceRequests"]);

const NON_MUTATING: BucketSize = { capacity: 100, refill: 20 };
const UNFILTERED: BucketSize = { capacity: 50, refill: 10 };
/** Also of the actions that are called resource-intensive (RequestSpotInstances, say): they have the same figures. */
const MUTATING: BucketSize = { capacity: 50, refill: 5 };

/** Resource buckets: tokens are instances. */
const RESOURCES: Readonly<Record<string, BucketSize>> = {
  RunInstances: { capacity: 1000, refill: 2 }, StartInstances: { capacity: 1000, refill: 2 },
  TerminateInstances: { capacity: 1000, refill: 20 }, StopInstances: { capacity: 1000, refill: 20 },
};

const isFiltered = (input: Wire): boolean => structures(input, "Filter").length > 0 || text(input, "MaxResults") !== undefined || text(input, "NextToken") !== undefined;

/** The request bucket of a call: its name and its size. */
export function requestBucket(operation: string, input: Wire): BucketSize & { name: string } {
  const own = UNCATEGORIZED[operation];
  if (own) return { name: operation, ...own };
  if (!/^(Describe|Get|List|Search)/.test(operation)) return { name: operation, ...MUTATING };
  return WHOLESALE.has(operation) && !isFiltered(input) ? { name: `${operation} (unfiltered)`, ...UNFILTERED } : { name: operation, ...NON_MUTATING };
}

/** How many instances a call names or asks for. */
function instancesOf(operation: string, input: Wire): number {
  if (operation !== "RunInstances") return texts(input, "InstanceId").length;
  return Number(text(input, "MaxCount") ?? 1) || 1;
}

interface Bucket { tokens: number; at: Microseconds }

export class Throttle {
  private readonly buckets = new Map<string, Bucket>();

  constructor(private readonly now: () => Microseconds) {}

  /** @throws AwsError RequestLimitExceeded, when a bucket is empty; nothing is taken then */
  check(operation: string, input: Wire): void {
    const request = requestBucket(operation, input);
    const resource = RESOURCES[operation];
    const wanted = [
      { bucket: this.refilled(request.name, request), tokens: 1 },
      ...(resource ? [{ bucket: this.refilled(`${operation} (instances)`, resource), tokens: instancesOf(operation, input) }] : []),
    ];
    if (wanted.some(({ bucket, tokens }) => bucket.tokens < tokens)) throw ec2Error("RequestLimitExceeded", "Request limit exceeded.");
    for (const { bucket, tokens } of wanted) bucket.tokens -= tokens;
  }

  /** Tokens are added every second, up to what the bucket holds. */
  private refilled(name: string, { capacity, refill }: BucketSize): Bucket {
    const now = this.now();
    const bucket = this.buckets.get(name);
    if (!bucket) {
      const full = { tokens: capacity, at: now };
      this.buckets.set(name, full);
      return full;
    }
    const passed = Math.floor(toSeconds(now - bucket.at));
    bucket.tokens = Math.min(capacity, bucket.tokens + passed * refill);
    bucket.at += seconds(passed);
    return bucket;
  }
}
