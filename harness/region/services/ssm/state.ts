/** Parameters and their history; the public ones of AWS are found beside them. */
import { toDate, type Clock } from "../../../time/clock";
import { AwsError } from "../../core/types";
import { PUBLIC_IMAGES } from "../ec2/images";

export interface ParameterVersion {
  name: string;
  type: "String" | "StringList";
  value: string;
  version: number;
  lastModified: Date;
  dataType: string;
  description?: string;
}

/** How many versions of a parameter are kept: https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-versions.html */
const MAX_VERSIONS = 100;

export class SsmState {
  /** Name to versions, the oldest first. */
  readonly parameters = new Map<string, ParameterVersion[]>();
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

  /** The newest version of a parameter, or the one that the selector (`name:3`) asks for; undefined when there is none. */
  find(selected: string): { parameter: ParameterVersion; selector?: string } | undefined {
    const name = selected.startsWith("arn:") ? (/:parameter(\/.+)$/.exec(selected)?.[1] ?? selected) : selected;
    const [base = "", selector] = name.split(":", 2);
    const imageId = this.#public.get(base);
    const versions = this.parameters.get(base) ?? this.parameters.get(base.replace(/^\//, ""))
      ?? (imageId === undefined ? [] : [{ name: base, type: "String", value: imageId, version: 1, lastModified: new Date("2025-05-12T20:14:53Z"), dataType: "aws:ec2:image" } satisfies ParameterVersion]);
    const parameter = selector === undefined ? versions[versions.length - 1] : versions.find(({ version }) => String(version) === selector);
    if (parameter) return selector === undefined ? { parameter } : { parameter, selector: `:${selector}` };
    if (versions.length > 0) throw new AwsError("ParameterVersionNotFound", `Systems Manager could not find version ${selector} of ${base}. Verify the version and try again.`);
    return undefined;
  }

  /** @throws AwsError ParameterNotFound */
  get(selected: string): { parameter: ParameterVersion; selector?: string } {
    const found = this.find(selected);
    if (!found) throw new AwsError("ParameterNotFound", `Parameter ${selected} not found.`);
    return found;
  }

  put(version: Omit<ParameterVersion, "version" | "lastModified">): ParameterVersion {
    const versions = this.parameters.get(version.name) ?? [];
    const next = { ...version, version: (versions[versions.length - 1]?.version ?? 0) + 1, lastModified: this.now() };
    this.parameters.set(version.name, [...versions, next].slice(-MAX_VERSIONS));
    return next;
  }
}

/** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_Parameter.html */
export function describeParameter(state: SsmState, { parameter, selector }: { parameter: ParameterVersion; selector?: string }): object {
  return {
    Name: parameter.name, Type: parameter.type, Value: parameter.value, Version: parameter.version, Selector: selector,
    LastModifiedDate: parameter.lastModified, ARN: state.arn(parameter.name), DataType: parameter.dataType,
  };
}
