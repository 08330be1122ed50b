/**
 * Tags of EC2's resources, and the rules for them.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html#tag-restrictions
 */
import { ec2Error } from "./errors";
import { requiredText, structures, text, type Wire } from "./input";

export type Tags = ReadonlyMap<string, string>;

const MOST_TAGS = 50;

/** Resource types by the prefix of their ids. */
const TYPES: Readonly<Record<string, string>> = {
  i: "instance", sir: "spot-instances-request", fleet: "fleet", lt: "launch-template", sg: "security-group", sgr: "security-group-rule",
  subnet: "subnet", vpc: "vpc", ami: "image", vol: "volume", eni: "network-interface",
};

/** `instance` for `i-0123…`; undefined for ids of resources that the region does not have. */
export const resourceTypeOf = (id: string): string | undefined => TYPES[id.slice(0, id.indexOf("-"))];

/** Tags by resource id. */
export class TagStore {
  private readonly byResource = new Map<string, Map<string, string>>();
  private static readonly NONE: Tags = new Map();

  of(resourceId: string): Tags {
    return this.byResource.get(resourceId) ?? TagStore.NONE;
  }

  /** Adds or replaces. @throws AwsError TagLimitExceeded, with nothing changed */
  put(resourceId: string, tags: Tags): void {
    if (tags.size === 0) return;
    const present = this.byResource.get(resourceId) ?? new Map<string, string>();
    const merged = new Map([...present, ...tags]);
    if ([...merged.keys()].filter((key) => !key.startsWith("aws:")).length > MOST_TAGS) {
      throw ec2Error("TagLimitExceeded", `The maximum number of tags for the resource '${resourceId}' is ${MOST_TAGS}.`);
    }
    this.byResource.set(resourceId, merged);
  }

  /** Removes a tag; with a value, only if that is what it has. */
  remove(resourceId: string, key: string, value?: string): void {
    const tags = this.byResource.get(resourceId);
    if (tags && (value === undefined || tags.get(key) === value)) tags.delete(key);
  }

  clear(resourceId: string): void {
    this.byResource.delete(resourceId);
  }

  entries(): [string, Tags][] {
    return [...this.byResource];
  }
}

/** `[{Key, Value}]` as a map, checked. @throws AwsError InvalidParameterValue */
export function readTags(input: Wire, name = "Tag"): Map<string, string> {
  const tags = new Map<string, string>();
  for (const tag of structures(input, name)) {
    const key = requiredText(tag, "Key");
    const value = text(tag, "Value") ?? "";
    checkTag(key, value);
    if (tags.has(key)) throw ec2Error("InvalidParameterValue", `Duplicate tag key '${key}' specified.`);
    tags.set(key, value);
  }
  return tags;
}

function checkTag(key: string, value: string): void {
  if (/^aws:/i.test(key)) throw ec2Error("InvalidParameterValue", `Tag keys starting with 'aws:' are reserved for internal use`);
  if (key.length > 128) throw ec2Error("InvalidParameterValue", `Tag key exceeds the maximum length of 128 characters`);
  if (value.length > 256) throw ec2Error("InvalidParameterValue", `Tag value exceeds the maximum length of 256 characters`);
}

/**
 * `TagSpecification` by resource type.
 * @param allowed the resource types that the operation tags
 * @throws AwsError InvalidParameterValue, for other resource types, types given twice, and bad tags
 */
export function readTagSpecifications(input: Wire, allowed: readonly string[]): Map<string, Map<string, string>> {
  const result = new Map<string, Map<string, string>>();
  for (const specification of structures(input, "TagSpecification")) {
    const type = requiredText(specification, "ResourceType");
    if (!allowed.includes(type)) throw ec2Error("InvalidParameterValue", `'${type}' is not a valid taggable resource type for this operation.`);
    if (result.has(type)) throw ec2Error("InvalidParameterValue", `Duplicate tag specification for resource type '${type}'.`);
    result.set(type, readTags(specification));
  }
  return result;
}

/** Tags in the wire's shape; undefined when there are none. */
export const tagSet = (tags: Tags): { key: string; value: string }[] | undefined =>
  (tags.size === 0 ? undefined : [...tags].map(([key, value]) => ({ key, value })));

/**
 * With tags in instance metadata enabled, keys become paths, so fewer characters are allowed.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/work-with-tags-in-IMDS.html
 * @throws AwsError InvalidParameterValue
 */
export function checkMetadataTagKeys(keys: Iterable<string>): void {
  for (const key of keys) {
    if (!/^[0-9a-zA-Z\-_+=,.@:]{1,255}$/.test(key) || key === "." || key === ".." || key === "_index") {
      throw ec2Error("InvalidParameterValue", `'${key}' is not a valid tag key. Tag keys must match pattern ([0-9a-zA-Z\\-_+=,.@:]{1,255}), and must not be a reserved name ('.', '..', '_index')`);
    }
  }
}
