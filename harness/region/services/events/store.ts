/** What EventBridge holds: buses, their rules, and the rules' targets. */
import { pageOf } from "../../core/paging";
import type { RegionContext } from "../../core/types";
import { constraint, notFound, validation } from "./errors";
import type { EventPattern } from "./pattern";
import type { Schedule } from "./schedule";

/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_Target.html */
export interface Target {
  Id: string;
  Arn: string;
  RoleArn?: string;
  Input?: string;
  InputPath?: string;
  InputTransformer?: { InputPathsMap?: Record<string, string>; InputTemplate: string };
  /** A queue of SQS for events that could not be delivered. */
  DeadLetterConfig?: { Arn?: string };
  RetryPolicy?: { MaximumRetryAttempts?: number; MaximumEventAgeInSeconds?: number };
  [member: string]: unknown;
}

export interface Rule {
  name: string;
  arn: string;
  bus: string;
  description?: string;
  eventPattern?: string;
  matches?: EventPattern;
  scheduleExpression?: string;
  schedule?: Schedule;
  state: string;
  roleArn?: string;
  createdBy: string;
  tags: Map<string, string>;
  targets: Map<string, Target>;
}

export interface EventBus { name: string; arn: string; description?: string; tags: Map<string, string>; rules: Map<string, Rule>; createdAt: Date }

/** What a bus carries: https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html */
export interface EventEnvelope {
  version: "0";
  id: string;
  "detail-type": string;
  source: string;
  account: string;
  time: string;
  region: string;
  resources: string[];
  detail: unknown;
}

export const DEFAULT_BUS = "default";

export class EventsStore {
  readonly buses = new Map<string, EventBus>();

  constructor(readonly region: RegionContext) {
    this.addBus(DEFAULT_BUS);
  }

  arn(resource: string): string {
    return `arn:${this.region.partition}:events:${this.region.regionName}:${this.region.accountId}:${resource}`;
  }

  addBus(name: string, description?: string): EventBus {
    const bus = { name, arn: this.arn(`event-bus/${name}`), description, tags: new Map(), rules: new Map(), createdAt: new Date(this.region.clock.now() / 1000) };
    this.buses.set(name, bus);
    return bus;
  }

  /** The bus of a name or an ARN; without either the default one. @throws AwsError ResourceNotFoundException */
  bus(nameOrArn: string | undefined): EventBus {
    const name = nameOrArn === undefined ? DEFAULT_BUS : nameOrArn.startsWith("arn:") ? nameOrArn.slice(nameOrArn.lastIndexOf("/") + 1) : nameOrArn;
    const bus = this.buses.get(name);
    if (!bus) throw notFound(`Event bus ${name} does not exist.`);
    return bus;
  }

  ruleArn(bus: string, name: string): string {
    return this.arn(bus === DEFAULT_BUS ? `rule/${name}` : `rule/${bus}/${name}`);
  }

  /** @throws AwsError ResourceNotFoundException */
  rule(bus: EventBus, name: unknown): Rule {
    const rule = bus.rules.get(checkRuleName(name, "name"));
    if (!rule) throw notFound(`Rule ${String(name)} does not exist on EventBus ${bus.name}.`);
    return rule;
  }

  /** The tags of the rule or bus of that ARN. @throws AwsError ResourceNotFoundException */
  tagged(arn: unknown): Map<string, string> {
    for (const bus of this.buses.values()) {
      if (bus.arn === arn) return bus.tags;
      for (const rule of bus.rules.values()) if (rule.arn === arn) return rule.tags;
    }
    throw notFound(`Resource ${String(arn)} does not exist.`);
  }
}

/** @throws AwsError ValidationException */
export function checkRuleName(name: unknown, member: string): string {
  if (typeof name !== "string" || name.length === 0) throw constraint(name ?? "null", member, name === undefined ? "Member must not be null" : "Member must have length greater than or equal to 1");
  if (name.length > 64) throw constraint(name, member, "Member must have length less than or equal to 64");
  if (!/^[.\-_A-Za-z0-9]+$/.test(name)) throw constraint(name, member, "Member must satisfy regular expression pattern: [\\.\\-_A-Za-z0-9]+");
  return name;
}

export interface Tag { Key: string; Value: string }

export function setTags(into: Map<string, string>, tags: readonly Tag[] | undefined): void {
  for (const { Key, Value } of tags ?? []) into.set(Key, Value);
}

/** One page of a list. @throws AwsError ValidationException */
export function page<T>(items: readonly T[], token: unknown, limit: unknown): { items: T[]; NextToken?: string } {
  const size = limit === undefined ? 100 : Number(limit);
  if (!Number.isInteger(size) || size < 1 || size > 100) throw constraint(limit, "limit", `Member must have value ${size < 1 ? "greater than or equal to 1" : "less than or equal to 100"}`);
  const { items: shown, nextToken } = pageOf(items, size, token === undefined ? undefined : String(token), () => validation("Invalid NextToken"));
  return { items: shown, ...(nextToken === undefined ? {} : { NextToken: nextToken }) };
}
