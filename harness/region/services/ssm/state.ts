/** Parameters and their history; the public ones of AWS are found beside them. */
import { createHash } from "node:crypto";
import { toDate, type Clock } from "../../../time/clock";
import { AwsError } from "../../core/types";
import { PUBLIC_IMAGES } from "../ec2/images";

export const PARAMETER_TYPES = ["String", "StringList", "SecureString"] as const;
export type ParameterType = (typeof PARAMETER_TYPES)[number];

export interface ParameterVersion {
  name: string;
  type: ParameterType;
  value: string;
  version: number;
  lastModified: Date;
  /** The ARN of who put it. */
  lastModifiedBy: string;
  dataType: string;
  tier: "Standard" | "Advanced";
  description?: string;
  allowedPattern?: string;
  /** Of a SecureString: the alias of the key. */
  keyId?: string;
  labels: Set<string>;
}

export type NewVersion = Omit<ParameterVersion, "version" | "lastModified" | "labels">;

/** A version, and by which selector it was asked for. */
export interface Found { parameter: ParameterVersion; selector?: string }

/** How many versions of a parameter are kept: https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-versions.html */
const MAX_VERSIONS = 100;
/** Who put AWS's public parameters. */
const AWS = "arn:aws:iam::aws:root";

export class SsmState {
  /** Name to versions, the oldest first. */
  readonly parameters = new Map<string, ParameterVersion[]>();
  /** Tags by parameter name. */
  readonly tags = new Map<string, Map<string, string>>();
  readonly #public = new Map<string, string>();

  constructor(readonly options: { clock: Clock; accountId: string; regionName: string; partition: string }) {
    for (const image of PUBLIC_IMAGES) for (const name of image.parameters) this.#public.set(name, image.imageId);
  }

  now(): Date {
    return toDate(this.options.clock.now());
  }

  arn(name: string): string {
    const { partition, regionName, accountId } = this.options;
    const account = this.#public.has(name) ? "" : accountId;
    return `arn:${partition}:ssm:${regionName}:${account}:parameter${name.startsWith("/") ? "" : "/"}${name}`;
  }

  /** The names of AWS's public parameters. */
  get publicNames(): string[] {
    return [...this.#public.keys()];
  }

  /** All versions of a parameter, the oldest first; none when there is no such parameter. */
  versions(name: string): readonly ParameterVersion[] {
    const imageId = this.#public.get(name);
    if (imageId === undefined) return this.parameters.get(name) ?? this.parameters.get(name.replace(/^\//, "")) ?? [];
    return [{ name, type: "String", value: imageId, version: 1, lastModified: new Date("2025-05-12T20:14:53Z"), lastModifiedBy: AWS, dataType: "aws:ec2:image", tier: "Standard", labels: new Set() }];
  }

  /** The newest version of a parameter, or the one that the selector (`name:3`, `name:label`) asks for; undefined when there is none. */
  find(selected: string): Found | undefined {
    const name = selected.startsWith("arn:") ? (/:parameter(\/.+)$/.exec(selected)?.[1] ?? selected) : selected;
    const [base = "", selector] = name.split(":", 2);
    const versions = this.versions(base);
    const parameter = selector === undefined ? versions[versions.length - 1] : versions.find(({ version, labels }) => String(version) === selector || labels.has(selector));
    if (parameter) return selector === undefined ? { parameter } : { parameter, selector: `:${selector}` };
    if (versions.length === 0) return undefined;
    const kind = /^\d+$/.test(selector!) ? "version" : "label";
    throw new AwsError("ParameterVersionNotFound", `Systems Manager could not find ${kind} ${selector} of ${base}. Verify the ${kind} and try again.`);
  }

  /** @throws AwsError ParameterNotFound */
  get(selected: string): Found {
    const found = this.find(selected);
    if (!found) throw new AwsError("ParameterNotFound", `Parameter ${selected} not found.`);
    return found;
  }

  /** The account's own versions of a parameter. @throws AwsError ParameterNotFound */
  own(name: string): ParameterVersion[] {
    const versions = this.parameters.get(name);
    if (!versions) throw new AwsError("ParameterNotFound", `Parameter ${name} not found.`);
    return versions;
  }

  /** The oldest version makes room for the newest, unless it has a label. @throws AwsError ParameterMaxVersionLimitExceeded */
  put(version: NewVersion): ParameterVersion {
    const versions = this.parameters.get(version.name) ?? [];
    if (versions.length >= MAX_VERSIONS && versions[0]!.labels.size > 0) {
      throw new AwsError("ParameterMaxVersionLimitExceeded", `You attempted to create a new version of ${version.name} by calling the PutParameter API. Version ${versions[0]!.version}, the oldest version, can't be deleted because it has a label associated with it. Move the label to another version of the parameter, and try again.`);
    }
    const next = { ...version, version: (versions[versions.length - 1]?.version ?? 0) + 1, lastModified: this.now(), labels: new Set<string>() };
    this.parameters.set(version.name, [...versions, next].slice(-MAX_VERSIONS));
    return next;
  }

  delete(name: string): boolean {
    this.tags.delete(name);
    return this.parameters.delete(name);
  }
}

/** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_Parameter.html */
export function describeParameter(state: SsmState, { parameter, selector }: Found, decrypted: boolean): object {
  return {
    Name: parameter.name, Type: parameter.type, Value: valueOf(parameter, decrypted), Version: parameter.version, Selector: selector,
    LastModifiedDate: parameter.lastModified, ARN: state.arn(parameter.name), DataType: parameter.dataType,
  };
}

/** A SecureString comes encrypted unless its decryption is asked for. */
export function valueOf(parameter: ParameterVersion, decrypted: boolean): string {
  if (parameter.type !== "SecureString" || decrypted) return parameter.value;
  // It looks like one of KMS's ciphertexts, and nothing can decrypt it: the region has no keys.
  return `AQICAH${createHash("sha512").update(JSON.stringify([parameter.name, parameter.version, parameter.value])).digest("base64")}`;
}

/** What DescribeParameters and GetParameterHistory tell of a version. https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_ParameterMetadata.html */
export const metadataOf = (parameter: ParameterVersion): object => ({
  Name: parameter.name, Type: parameter.type, KeyId: parameter.keyId, LastModifiedDate: parameter.lastModified, LastModifiedUser: parameter.lastModifiedBy,
  Description: parameter.description, AllowedPattern: parameter.allowedPattern, Version: parameter.version, Tier: parameter.tier, Policies: [], DataType: parameter.dataType,
});
