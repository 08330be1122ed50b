/**
 * Functions, their versions and aliases.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-versions.html
 */
import { seconds, type Random } from "../../../time/clock";
import { pageOf } from "../../core/paging";
import type { RegionContext } from "../../core/types";
import type { FunctionCode } from "./code";
import { constraint, functionMissing } from "./errors";

/** A function's configuration: of $LATEST, or as a version froze it. */
export interface Configuration {
  functionName: string;
  /** `$LATEST`, or a number. */
  version: string;
  description: string;
  role: string;
  runtime: string;
  handler: string;
  memorySize: number;
  timeout: number;
  environment: Record<string, string>;
  architectures: string[];
  ephemeralStorage: number;
  tracingMode: string;
  logging: { format: "Text" | "JSON"; group: string; applicationLevel?: string; systemLevel?: string };
  deadLetterArn?: string;
  kmsKeyArn?: string;
  code: FunctionCode;
  lastModified: Date;
  revisionId: string;
  /** What is still being made of it; it works once that is done. */
  pending?: "Creating" | "Updating";
}

export interface Statement { Sid: string; Effect: "Allow"; Principal: string | Record<string, string>; Action: string; Resource: string; Condition?: Record<string, Record<string, string>> }

/** https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-configuring.html */
export interface EventInvokeConfig { qualifier: string; maximumRetryAttempts?: number; maximumEventAgeSeconds?: number; onSuccess?: string; onFailure?: string; lastModified: Date }

export interface Alias { name: string; version: string; description: string; revisionId: string }

export interface LambdaFunction {
  name: string;
  /** Unqualified. */
  arn: string;
  latest: Configuration;
  /** Published, oldest first. */
  versions: Configuration[];
  aliases: Map<string, Alias>;
  /** By qualifier; the function's own under "". */
  statements: Map<string, Statement[]>;
  eventInvokeConfigs: Map<string, EventInvokeConfig>;
  tags: Map<string, string>;
  reservedConcurrency?: number;
  /** Running now. */
  concurrency: number;
}

export class LambdaStore {
  readonly functions = new Map<string, LambdaFunction>();
  readonly random: Random;

  constructor(readonly region: RegionContext) {
    this.random = region.random.fork("lambda");
  }

  now(): Date {
    return new Date(this.region.clock.now() / 1000);
  }

  arn(name: string): string {
    return `arn:${this.region.partition}:lambda:${this.region.regionName}:${this.region.accountId}:function:${name}`;
  }

  /** The function of a name, a partial or a whole ARN, and the qualifier that came with it. @throws AwsError ResourceNotFoundException */
  find(identifier: unknown, qualifier?: string): { fn: LambdaFunction; qualifier?: string } {
    const parsed = parseName(identifier);
    const effective = qualifier ?? parsed.qualifier;
    const fn = this.functions.get(parsed.name);
    if (!fn) throw functionMissing(this.arn(parsed.name) + (effective === undefined ? "" : `:${effective}`));
    return { fn, ...(effective === undefined ? {} : { qualifier: effective }) };
  }

  /** What was created or updated is ready after a while. */
  settle(configuration: Configuration, what: "Creating" | "Updating"): void {
    const { clock, settings } = this.region;
    if (settings.functionSeconds <= 0) return;
    configuration.pending = what;
    clock.spawn(`lambda ${configuration.functionName} is being made`, async () => {
      await clock.sleep(seconds(settings.functionSeconds));
      delete configuration.pending;
    });
  }

  /** The configuration that a qualifier stands for: a version, an alias, or (none) $LATEST. @throws AwsError ResourceNotFoundException */
  resolve(identifier: unknown, qualifier?: string): { fn: LambdaFunction; configuration: Configuration; qualifier?: string } {
    const found = this.find(identifier, qualifier);
    const { fn } = found;
    const name = found.qualifier ?? "$LATEST";
    const version = fn.aliases.get(name)?.version ?? name;
    const configuration = version === "$LATEST" ? fn.latest : fn.versions.find((one) => one.version === version);
    if (!configuration) throw functionMissing(`${fn.arn}:${name}`);
    return { ...found, configuration };
  }
}

const NAME = /^(?:arn:[a-z0-9-]+:lambda:)?(?:[a-z]{2}(?:-[a-z]+)+-\d:)?(?:\d{12}:)?(?:function:)?([a-zA-Z0-9_-]+)(?::(\$LATEST|[a-zA-Z0-9_-]+))?$/;

/** @throws AwsError ValidationException */
export function parseName(identifier: unknown): { name: string; qualifier?: string } {
  const match = typeof identifier === "string" ? NAME.exec(identifier) : null;
  if (!match) throw constraint(identifier ?? "null", "functionName", "Member must satisfy regular expression pattern: (arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?([a-zA-Z0-9-_]+)(:(\\$LATEST|[a-zA-Z0-9-_]+))?");
  return { name: match[1]!, ...(match[2] === undefined ? {} : { qualifier: match[2] }) };
}

/** One page of a list, by Marker. @throws AwsError InvalidParameterValueException */
export function page<T>(items: readonly T[], marker: unknown, maxItems: unknown): { items: T[]; NextMarker?: string } {
  const token = marker === undefined || marker === "" ? undefined : String(marker);
  const { items: shown, nextToken } = pageOf(items, Number(maxItems ?? 50), token, () => constraint(marker, "marker", "Member must be a marker that was returned"));
  return { items: shown, ...(nextToken === undefined ? {} : { NextMarker: nextToken }) };
}
