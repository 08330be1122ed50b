/**
 * What a call needs: actions on resources, with the values that conditions may ask for. The tables in `actions/` say it
 * for each operation, from the Service Authorization Reference:
 * https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
import type { CallContext, Need, RegionContext, Service } from "../core/types";

export interface Call {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the shape that the operation gets
  input: any;
  region: RegionContext;
  context: CallContext;
  /** `arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE` */
  arn(service: string, resource: string): string;
}

/** The needs of a call of one operation. */
export type Rule = ((call: Call) => readonly Need[]) & { readonly why?: string };

/** The rules of a service, by its operations' API names. */
export type RuleTable = Readonly<Record<string, Rule>>;

/** A service that tells what policies ask of its resources. */
export interface Described extends Service {
  /** A resource's tags; undefined when there is no such resource. */
  resourceTags?(arn: string): ReadonlyMap<string, string> | undefined;
  /** A resource's own policy; undefined when it has none. */
  resourcePolicy?(arn: string): string | undefined;
}

type Texts = string | readonly string[];

/** One action on one resource, or on each of several. */
export const on = (action: string, resources: (call: Call) => Texts, keys?: (call: Call) => Need["keys"]): Rule => (call) => {
  const asked = keys?.(call);
  const given = resources(call);
  return (typeof given === "string" ? [given] : given).map((resource) => ({ action, resource, ...(asked ? { keys: asked } : {}) }));
};

/** An action that has no resource types. */
export const anywhere = (action: string, keys?: (call: Call) => Need["keys"]): Rule => on(action, () => "*", keys);

/** An operation that anyone may call. */
export const free = (why: string): Rule => Object.assign(() => [], { why });

/** An operation that asks for permission itself (`region.permit`), once it knows what it is about. */
export const asksItself = (why: string): Rule => Object.assign(() => [], { why });

/** Several rules for one operation. */
export const all = (...rules: readonly Rule[]): Rule => (call) => rules.flatMap((rule) => rule(call));

/** A rule where it applies. */
export const when = (applies: (call: Call) => unknown, rule: Rule): Rule => (call) => (applies(call) ? rule(call) : []);

/** Tags of a request, in whatever shape the service's API has them. */
export function requestTags(tags: unknown): Record<string, string | string[]> {
  const pairs: [string, string][] = [];
  if (tags instanceof Map) pairs.push(...(tags as Map<string, string>));
  else if (Array.isArray(tags)) {
    for (const tag of tags as Record<string, unknown>[]) pairs.push([String(tag["Key"] ?? tag["key"] ?? tag["TagKey"]), String(tag["Value"] ?? tag["value"] ?? tag["TagValue"] ?? "")]);
  } else if (typeof tags === "object" && tags !== null) pairs.push(...Object.entries(tags as Record<string, string>));
  if (pairs.length === 0) return {};
  return { ...Object.fromEntries(pairs.map(([key, value]) => [`aws:RequestTag/${key}`, value])), "aws:TagKeys": pairs.map(([key]) => key) };
}

/** Keys of tags that a request removes. */
export const tagKeys = (keys: unknown): Record<string, string[]> => (Array.isArray(keys) && keys.length > 0 ? { "aws:TagKeys": keys.map(String) } : {});

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html */
export const passRole = (role: (call: Call) => unknown, service: string): Rule => (call) => {
  const arn = role(call);
  return typeof arn === "string" && arn !== "" ? [{ action: "iam:PassRole", resource: arn, keys: { "iam:PassedToService": service } }] : [];
};

/** One rule for each of several operations. */
export const each = (names: string, rule: (name: string) => Rule): RuleTable => Object.fromEntries(names.split(" ").map((name) => [name, rule(name)]));
