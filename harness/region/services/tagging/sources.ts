/**
 * Where tags are kept: each service keeps its own, and this table says by which of its operations they are listed and changed.
 * https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/supported-services.html
 */
import { parseArn } from "../../core/arn";
import type { Caller, RegionContext } from "../../core/types";

export type Tags = Record<string, string>;
export interface TaggedResource { arn: string; tags: Tags }

/** The region, called as somebody. */
export class Calls {
  constructor(readonly region: RegionContext, private readonly caller: Caller) {}

  call<T>(service: string, operation: string, input: object): Promise<T> {
    return this.region.call<T>(this.caller, service, operation, input);
  }

  /** All pages of a list. */
  async all<T>(service: string, operation: string, member: string, tokens: { request: string; answer: string }, input: object = {}): Promise<T[]> {
    const items: T[] = [];
    for (let token: unknown; ;) {
      const page = await this.call<Record<string, unknown>>(service, operation, { ...input, ...(token === undefined ? {} : { [tokens.request]: token }) });
      items.push(...((page[member] as T[] | undefined) ?? []));
      token = page[tokens.answer];
      if (token === undefined || token === null || token === "") return items;
    }
  }
}

export interface TagSource {
  /** Resources with at least one tag, and perhaps some without. */
  list(calls: Calls): Promise<TaggedResource[]>;
  tag(calls: Calls, arn: string, tags: Tags): Promise<unknown>;
  untag(calls: Calls, arn: string, keys: readonly string[]): Promise<unknown>;
}

interface Pair { Key: string; Value: string }
const pairs = (tags: Tags): Pair[] => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
const fromPairs = (tags: readonly Pair[] | undefined): Tags => Object.fromEntries((tags ?? []).map(({ Key, Value }) => [Key, Value]));

const NEXT = { request: "NextToken", answer: "NextToken" };
const next = { request: "nextToken", answer: "nextToken" };

/** The list of a service's ARNs, each with the tags that a second call tells. */
const withTags = async (arns: readonly string[], tagsOf: (arn: string) => Promise<Tags>): Promise<TaggedResource[]> => {
  const found: TaggedResource[] = [];
  for (const arn of arns) found.push({ arn, tags: await tagsOf(arn) });
  return found;
};

/** `i-0123` of `instance/i-0123`. */
const lastPart = (arn: string): string => arn.slice(Math.max(arn.lastIndexOf("/"), arn.lastIndexOf(":")) + 1);
const ofService = (calls: Calls, service: string, resource: string): string =>
  `arn:${calls.region.partition}:${service}:${calls.region.regionName}:${calls.region.accountId}:${resource}`;

const queueUrl = (calls: Calls, arn: string): Promise<string> =>
  calls.call<{ QueueUrl: string }>("sqs", "GetQueueUrl", { QueueName: lastPart(arn) }).then(({ QueueUrl }) => QueueUrl);

/** A parameter's ARN does not tell whether its name begins with a slash. */
async function parameterId(calls: Calls, arn: string): Promise<object> {
  const { Parameters } = await calls.call<{ Parameters: { Name: string; ARN: string }[] }>("ssm", "DescribeParameters", { ParameterFilters: [{ Key: "Name", Option: "Contains", Values: [lastPart(arn)] }] });
  const found = Parameters.find(({ ARN }) => ARN === arn);
  return { ResourceType: "Parameter", ResourceId: found?.Name ?? lastPart(arn) };
}

async function putBucketTags(calls: Calls, arn: string, change: (tags: Tags) => Tags): Promise<void> {
  const Bucket = lastPart(arn);
  const tags = change(await bucketTags(calls, Bucket));
  if (Object.keys(tags).length === 0) await calls.call("s3", "DeleteBucketTagging", { Bucket });
  else await calls.call("s3", "PutBucketTagging", { Bucket, Tagging: { TagSet: pairs(tags) } });
}

const bucketTags = (calls: Calls, Bucket: string): Promise<Tags> => calls.call<{ TagSet: Pair[] }>("s3", "GetBucketTagging", { Bucket })
  .then(({ TagSet }) => fromPairs(TagSet), (error: { code?: string }) => {
    if (error.code === "NoSuchTagSet") return {};
    throw error;
  });

/** By the service's name in an ARN. */
export const SOURCES: Readonly<Record<string, TagSource>> = {
  ec2: {
    async list(calls) {
      const tags = await calls.all<{ ResourceType: string; ResourceId: string; Key: string; Value: string }>("ec2", "DescribeTags", "Tags", NEXT);
      const byArn = new Map<string, Tags>();
      for (const { ResourceType, ResourceId, Key, Value } of tags) {
        const arn = ofService(calls, "ec2", `${ResourceType}/${ResourceId}`);
        byArn.set(arn, { ...byArn.get(arn), [Key]: Value });
      }
      return [...byArn].map(([arn, all]) => ({ arn, tags: all }));
    },
    tag: (calls, arn, tags) => calls.call("ec2", "CreateTags", { Resources: [lastPart(arn)], Tags: pairs(tags) }),
    untag: (calls, arn, keys) => calls.call("ec2", "DeleteTags", { Resources: [lastPart(arn)], Tags: keys.map((Key) => ({ Key })) }),
  },
  dynamodb: {
    async list(calls) {
      const names = await calls.all<string>("dynamodb", "ListTables", "TableNames", { request: "ExclusiveStartTableName", answer: "LastEvaluatedTableName" });
      return withTags(names.map((name) => ofService(calls, "dynamodb", `table/${name}`)), async (ResourceArn) => fromPairs((await calls.call<{ Tags: Pair[] }>("dynamodb", "ListTagsOfResource", { ResourceArn })).Tags));
    },
    tag: (calls, arn, tags) => calls.call("dynamodb", "TagResource", { ResourceArn: arn, Tags: pairs(tags) }),
    untag: (calls, arn, TagKeys) => calls.call("dynamodb", "UntagResource", { ResourceArn: arn, TagKeys }),
  },
  s3: {
    async list(calls) {
      const { Buckets = [] } = await calls.call<{ Buckets?: { Name: string }[] }>("s3", "ListBuckets", {});
      return withTags(Buckets.map(({ Name }) => `arn:${calls.region.partition}:s3:::${Name}`), (arn) => bucketTags(calls, lastPart(arn)));
    },
    tag: (calls, arn, tags) => putBucketTags(calls, arn, (present) => ({ ...present, ...tags })),
    untag: (calls, arn, keys) => putBucketTags(calls, arn, (present) => Object.fromEntries(Object.entries(present).filter(([key]) => !keys.includes(key)))),
  },
  sqs: {
    async list(calls) {
      const urls = await calls.all<string>("sqs", "ListQueues", "QueueUrls", NEXT);
      const byArn = new Map(urls.map((url) => [ofService(calls, "sqs", lastPart(url)), url]));
      return withTags([...byArn.keys()], async (arn) => (await calls.call<{ Tags?: Tags }>("sqs", "ListQueueTags", { QueueUrl: byArn.get(arn)! })).Tags ?? {});
    },
    tag: async (calls, arn, Tags) => calls.call("sqs", "TagQueue", { QueueUrl: await queueUrl(calls, arn), Tags }),
    untag: async (calls, arn, TagKeys) => calls.call("sqs", "UntagQueue", { QueueUrl: await queueUrl(calls, arn), TagKeys }),
  },
  lambda: {
    async list(calls) {
      const functions = await calls.all<{ FunctionArn: string }>("lambda", "ListFunctions", "Functions", { request: "Marker", answer: "NextMarker" });
      return withTags(functions.map(({ FunctionArn }) => FunctionArn), async (Resource) => (await calls.call<{ Tags?: Tags }>("lambda", "ListTags", { Resource })).Tags ?? {});
    },
    tag: (calls, arn, tags) => calls.call("lambda", "TagResource", { Resource: arn, Tags: tags }),
    untag: (calls, arn, TagKeys) => calls.call("lambda", "UntagResource", { Resource: arn, TagKeys }),
  },
  ssm: {
    async list(calls) {
      const parameters = await calls.all<{ ARN: string; Name: string }>("ssm", "DescribeParameters", "Parameters", NEXT);
      const names = new Map(parameters.map(({ ARN, Name }) => [ARN, Name]));
      return withTags([...names.keys()], async (arn) => fromPairs((await calls.call<{ TagList: Pair[] }>("ssm", "ListTagsForResource", { ResourceType: "Parameter", ResourceId: names.get(arn)! })).TagList));
    },
    tag: async (calls, arn, tags) => calls.call("ssm", "AddTagsToResource", { ...(await parameterId(calls, arn)), Tags: pairs(tags) }),
    untag: async (calls, arn, TagKeys) => calls.call("ssm", "RemoveTagsFromResource", { ...(await parameterId(calls, arn)), TagKeys }),
  },
  states: {
    async list(calls) {
      const machines = await calls.all<{ stateMachineArn: string }>("sfn", "ListStateMachines", "stateMachines", next);
      return withTags(machines.map(({ stateMachineArn }) => stateMachineArn), async (resourceArn) => {
        const { tags = [] } = await calls.call<{ tags?: { key: string; value: string }[] }>("sfn", "ListTagsForResource", { resourceArn });
        return Object.fromEntries(tags.map(({ key, value }) => [key, value]));
      });
    },
    tag: (calls, arn, tags) => calls.call("sfn", "TagResource", { resourceArn: arn, tags: Object.entries(tags).map(([key, value]) => ({ key, value })) }),
    untag: (calls, arn, tagKeys) => calls.call("sfn", "UntagResource", { resourceArn: arn, tagKeys }),
  },
  fis: {
    async list(calls) {
      const templates = await calls.all<{ arn: string; tags?: Tags }>("fis", "ListExperimentTemplates", "experimentTemplates", next);
      const experiments = await calls.all<{ arn: string; tags?: Tags }>("fis", "ListExperiments", "experiments", next);
      return [...templates, ...experiments].map(({ arn, tags = {} }) => ({ arn, tags }));
    },
    tag: (calls, arn, tags) => calls.call("fis", "TagResource", { resourceArn: arn, tags }),
    untag: (calls, arn, tagKeys) => calls.call("fis", "UntagResource", { resourceArn: arn, tagKeys }),
  },
  events: {
    async list(calls) {
      const buses = await calls.all<{ Name: string; Arn: string }>("eventbridge", "ListEventBuses", "EventBuses", NEXT);
      const arns: string[] = [];
      for (const { Name, Arn } of buses) {
        const rules = await calls.all<{ Arn: string }>("eventbridge", "ListRules", "Rules", NEXT, { EventBusName: Name });
        // The default bus cannot be tagged.
        arns.push(...(Name === "default" ? [] : [Arn]), ...rules.map((rule) => rule.Arn));
      }
      return withTags(arns, async (ResourceARN) => fromPairs((await calls.call<{ Tags: Pair[] }>("eventbridge", "ListTagsForResource", { ResourceARN })).Tags));
    },
    tag: (calls, arn, tags) => calls.call("eventbridge", "TagResource", { ResourceARN: arn, Tags: pairs(tags) }),
    untag: (calls, arn, TagKeys) => calls.call("eventbridge", "UntagResource", { ResourceARN: arn, TagKeys }),
  },
  logs: {
    async list(calls) {
      const groups = await calls.all<{ logGroupArn: string }>("cloudwatch-logs", "DescribeLogGroups", "logGroups", next);
      return withTags(groups.map(({ logGroupArn }) => logGroupArn), async (resourceArn) => (await calls.call<{ tags?: Tags }>("cloudwatch-logs", "ListTagsForResource", { resourceArn })).tags ?? {});
    },
    tag: (calls, arn, tags) => calls.call("cloudwatch-logs", "TagResource", { resourceArn: arn, tags }),
    untag: (calls, arn, tagKeys) => calls.call("cloudwatch-logs", "UntagResource", { resourceArn: arn, tagKeys }),
  },
  elasticloadbalancing: {
    async list(calls) {
      const pages = { request: "Marker", answer: "NextMarker" };
      const balancers = await calls.all<{ LoadBalancerArn: string }>("elastic-load-balancing-v2", "DescribeLoadBalancers", "LoadBalancers", pages);
      const arns = balancers.map(({ LoadBalancerArn }) => LoadBalancerArn);
      for (const LoadBalancerArn of [...arns]) arns.push(...(await calls.all<{ ListenerArn: string }>("elastic-load-balancing-v2", "DescribeListeners", "Listeners", pages, { LoadBalancerArn })).map(({ ListenerArn }) => ListenerArn));
      arns.push(...(await calls.all<{ TargetGroupArn: string }>("elastic-load-balancing-v2", "DescribeTargetGroups", "TargetGroups", pages)).map(({ TargetGroupArn }) => TargetGroupArn));
      return withTags(arns, async (arn) => fromPairs((await calls.call<{ TagDescriptions: { Tags: Pair[] }[] }>("elastic-load-balancing-v2", "DescribeTags", { ResourceArns: [arn] })).TagDescriptions[0]?.Tags));
    },
    tag: (calls, arn, tags) => calls.call("elastic-load-balancing-v2", "AddTags", { ResourceArns: [arn], Tags: pairs(tags) }),
    untag: (calls, arn, TagKeys) => calls.call("elastic-load-balancing-v2", "RemoveTags", { ResourceArns: [arn], TagKeys }),
  },
  cloudwatch: {
    async list(calls) {
      const alarms = await calls.all<{ AlarmArn: string }>("cloudwatch", "DescribeAlarms", "MetricAlarms", NEXT);
      return withTags(alarms.map(({ AlarmArn }) => AlarmArn), async (ResourceARN) => fromPairs((await calls.call<{ Tags: Pair[] }>("cloudwatch", "ListTagsForResource", { ResourceARN })).Tags));
    },
    tag: (calls, arn, tags) => calls.call("cloudwatch", "TagResource", { ResourceARN: arn, Tags: pairs(tags) }),
    untag: (calls, arn, TagKeys) => calls.call("cloudwatch", "UntagResource", { ResourceARN: arn, TagKeys }),
  },
};

/** Every resource of these services that has a tag now, in the order of the table above. */
export async function taggedResources(calls: Calls, services: readonly string[] = Object.keys(SOURCES)): Promise<TaggedResource[]> {
  const found: TaggedResource[] = [];
  for (const service of Object.keys(SOURCES)) if (services.includes(service)) found.push(...(await SOURCES[service]!.list(calls)));
  return found.filter(({ tags }) => Object.keys(tags).length > 0);
}

/** The service and resource type that a filter names: `ec2:instance` of `arn:aws:ec2:…:instance/i-0`; S3's ARNs name no type. */
export function typeOf(arn: string): string {
  const { service, resource } = parseArn(arn)!;
  const type = /^([^:/]+)[:/]/.exec(resource)?.[1];
  return type === undefined ? service : `${service}:${type}`;
}
