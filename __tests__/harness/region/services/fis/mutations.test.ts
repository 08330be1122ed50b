import fc from "fast-check";
import { AwsError } from "../../../../../harness/region/core/types";
import { readDefinition } from "../../../../../harness/region/services/fis/validate";

const PLACES = { regionName: "us-east-1", partition: "aws" };
type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** A template with something of everything that a template can hold. */
const VALID = {
  description: "everything", roleArn: "arn:aws:iam::123456789012:role/experiments",
  stopConditions: [{ source: "aws:cloudwatch:alarm", value: "arn:aws:cloudwatch:us-east-1:123456789012:alarm:guard" }],
  experimentOptions: { accountTargeting: "single-account", emptyTargetResolutionMode: "skip" },
  logConfiguration: { logSchemaVersion: 2, cloudWatchLogsConfiguration: { logGroupArn: "arn:aws:logs:us-east-1:123456789012:log-group:experiments:*" }, s3Configuration: { bucketName: "logs", prefix: "a" } },
  targets: {
    armed: { resourceType: "aws:ec2:spot-instance", resourceTags: { armed: "yes" }, filters: [{ path: "State.Name", values: ["running"] }], selectionMode: "COUNT(1)" },
    named: { resourceType: "aws:ec2:instance", resourceArns: ["arn:aws:ec2:us-east-1:123456789012:instance/i-0123456789abcdef0"], selectionMode: "ALL" },
    subnets: { resourceType: "aws:ec2:subnet", parameters: { availabilityZoneIdentifier: "us-east-1a", vpc: "vpc-1" }, selectionMode: "ALL" },
    role: { resourceType: "aws:iam:role", resourceArns: ["arn:aws:iam::123456789012:role/machine"], selectionMode: "PERCENT(100)" },
  },
  actions: {
    wait: { actionId: "aws:fis:wait", description: "first", parameters: { duration: "PT1M" } },
    interrupt: { actionId: "aws:ec2:send-spot-instance-interruptions", parameters: { durationBeforeInterruption: "PT2M" }, targets: { SpotInstances: "armed" }, startAfter: ["wait"] },
    terminate: { actionId: "aws:ec2:terminate-instances", targets: { Instances: "named" }, startAfter: ["wait", "interrupt"] },
    errors: { actionId: "aws:fis:inject-api-internal-error", parameters: { duration: "PT12H", percentage: "1", service: "ec2", operations: "RunInstances,CreateFleet" }, targets: { Roles: "role" } },
    command: { actionId: "aws:ssm:send-command", parameters: { duration: "PT1M", documentArn: "arn:aws:ssm:us-east-1::document/AWS-RunShellScript", documentParameters: '{"commands": ["true"], "executionTimeout": "60"}' }, targets: { Instances: "named" } },
    cut: { actionId: "aws:network:disrupt-connectivity", parameters: { duration: "PT1M", scope: "s3" }, targets: { Subnets: "subnets" } },
    capacity: { actionId: "aws:ec2:api-insufficient-instance-capacity-error", parameters: { duration: "PT1M", percentage: "100", availabilityZoneIdentifiers: "us-east-1a,use1-az2" }, targets: { Roles: "role" } },
  },
} as const;

const read = (input: unknown) => readDefinition(input as Record<string, unknown>, PLACES);

/** The message of a refusal; undefined when it was taken. Anything but an AwsError is thrown on. */
function refused(input: unknown): string | undefined {
  try {
    read(input);
    return undefined;
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    expect([error.code, error.status]).toEqual(["ValidationException", 400]);
    return error.message;
  }
}

/** All paths into a value, the value's own (empty) not included. */
function pathsOf(value: Json, path: string[] = []): string[][] {
  if (typeof value !== "object" || value === null) return [];
  return Object.keys(value).flatMap((name) => [[...path, name], ...pathsOf((value as Record<string, Json>)[name]!, [...path, name])]);
}

function changed(path: readonly string[], change: (holder: Record<string, Json>, name: string) => void): Json {
  const copy = structuredClone(VALID) as unknown as Record<string, Json>;
  const holder = path.slice(0, -1).reduce<Record<string, Json>>((inner, name) => inner[name] as Record<string, Json>, copy);
  change(holder, path.at(-1)!);
  return copy;
}

const PATHS = pathsOf(VALID as unknown as Json);
const anyPath = fc.constantFrom(...PATHS);
const actionName = fc.constantFrom(...Object.keys(VALID.actions));
const withTargets = fc.constantFrom("interrupt", "terminate", "errors", "capacity", "command", "cut");
const word = fc.stringMatching(/^[A-Za-z]{1,20}$/);

describe("a valid template", () => {
  it("is taken as it is", () => {
    expect(read(structuredClone(VALID))).toEqual(VALID);
  });

  it("with any one value in it replaced by anything is taken or refused, and never crashes", () => {
    fc.assert(fc.property(anyPath, fc.jsonValue(), (path, value) => {
      refused(changed(path, (holder, name) => { holder[name] = value as Json; }));
    }), { numRuns: 2000 });
  });

  it("as any JSON at all is refused, and never crashes", () => {
    fc.assert(fc.property(fc.dictionary(fc.constantFrom(...Object.keys(VALID)), fc.jsonValue()), (input) => {
      expect(refused(input)).toBeDefined();
    }));
  });

  it("with a required member taken out is refused, and the message names its place", () => {
    const required = fc.constantFrom(["description"], ["roleArn"], ["stopConditions"], ["targets", "armed", "resourceType"], ["targets", "armed", "selectionMode"], ["actions", "wait", "actionId"], ["stopConditions", "0", "source"]);
    fc.assert(fc.property(required, (path) => {
      const message = refused(changed(path, (holder, name) => { delete holder[name]; }));
      expect(message).toMatch(/^1 validation error detected: Value null at '.*' failed to satisfy constraint: Member must not be null$/);
      expect(message).toContain(path.at(-1)!);
    }));
  });

  it("with a target key that its action does not have is refused in the service's words", () => {
    fc.assert(fc.property(withTargets, word, (action, key) => {
      const own = Object.keys((VALID.actions as Record<string, { targets?: object }>)[action]!.targets!);
      fc.pre(!own.includes(key));
      const input = changed(["actions", action, "targets"], (holder) => { holder["targets"] = { [key]: "armed" }; });
      expect(refused(input)).toBe(`Unexpected target "${key}" found in action "${action}".`);
    }));
  });

  it("with a parameter that its action does not have is refused, and the parameter named", () => {
    fc.assert(fc.property(actionName, word, (action, parameter) => {
      const own = (VALID.actions as Record<string, { parameters?: Record<string, string> }>)[action]!.parameters ?? {};
      fc.pre(!Object.hasOwn(own, parameter));
      const input = changed(["actions", action, "parameters"], (holder) => { holder["parameters"] = { ...own, [parameter]: "1" }; });
      expect(refused(input)).toBe(`Unexpected parameter "${parameter}" found in action "${action}".`);
    }));
  });

  it("with a duration outside its range is refused, whatever its form", () => {
    const tooLong = fc.oneof(fc.integer({ min: 12 * 3600 + 1, max: 1e6 }).map((seconds) => `PT${seconds}S`), fc.integer({ min: 721, max: 1e5 }).map((minutes) => `PT${minutes}M`), fc.integer({ min: 1, max: 99 }).map((days) => `P${days}D`));
    const tooShort = fc.integer({ min: 0, max: 59 }).map((seconds) => `PT${seconds}S`);
    fc.assert(fc.property(fc.constantFrom("wait", "errors", "capacity", "command", "cut"), fc.oneof(tooLong, tooShort), (action, duration) => {
      expect(refused(changed(["actions", action, "parameters", "duration"], (holder) => { holder["duration"] = duration; })))
        .toBe(`The value "${duration}" of parameter "duration" in action "${action}" is not valid: it must be from PT1M to PT12H.`);
    }));
  });

  it("with document parameters of any kind is taken or refused, and never crashes", () => {
    fc.assert(fc.property(fc.oneof(fc.jsonValue().map((value) => JSON.stringify(value)), fc.string({ minLength: 1 })), (text) => {
      const message = refused(changed(["actions", "command", "parameters", "documentParameters"], (holder, name) => { holder[name] = text; }));
      expect(message).toMatch(/^The parameters of action "command" are not valid: |^1 validation error detected: /);
    }), { numRuns: 500 });
  });

  it("with another order of its actions is refused exactly when that order cannot be kept", () => {
    const names = Object.keys(VALID.actions);
    const edges = fc.array(fc.tuple(fc.constantFrom(...names), fc.constantFrom(...names)), { maxLength: 8 });
    fc.assert(fc.property(edges, (pairs) => {
      const copy = structuredClone(VALID) as unknown as { actions: Record<string, { startAfter?: string[] }> };
      for (const name of names) copy.actions[name]!.startAfter = pairs.filter(([later]) => later === name).map(([, earlier]) => earlier);
      // Takes away what waits for nothing that is left, again and again: what then remains waits in circles.
      let left = names;
      for (let before = -1; before !== left.length;) {
        before = left.length;
        left = left.filter((name) => copy.actions[name]!.startAfter!.some((earlier) => left.includes(earlier)));
      }
      const message = refused(copy);
      if (left.length === 0) expect(message).toBeUndefined();
      else expect(message).toMatch(/ -> .* start after each other in a circle\.$/);
    }));
  });
});
