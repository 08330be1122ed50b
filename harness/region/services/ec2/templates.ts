/**
 * Launch templates and their versions.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-launch-templates.html
 */
import type { Microseconds, Random } from "../../../time/clock";
import { NamedList } from "../../wire/xml";
import { ec2Error } from "./errors";
import { text, type Wire, type WireValue } from "./input";

export interface TemplateVersion {
  number: number;
  description?: string;
  createdAt: Microseconds;
  createdBy: string;
  /** As in the request: RequestLaunchTemplateData in wire names. */
  data: Wire;
}

export interface LaunchTemplate {
  id: string;
  name: string;
  createdAt: Microseconds;
  createdBy: string;
  defaultVersion: number;
  latestVersion: number;
  versions: Map<number, TemplateVersion>;
}

export class LaunchTemplates {
  private readonly byId = new Map<string, LaunchTemplate>();

  constructor(private readonly random: Random) {}

  /** @throws AwsError InvalidLaunchTemplateName.AlreadyExistsException, InvalidLaunchTemplateName.MalformedException */
  create(name: string, version: Omit<TemplateVersion, "number">): LaunchTemplate {
    if (!/^[a-zA-Z0-9().\-/_]{3,128}$/.test(name)) {
      throw ec2Error("InvalidLaunchTemplateName.MalformedException", "A launch template name must be between 3 and 128 characters, and may contain letters, numbers, and the following characters: - ( ) . / _.");
    }
    if (this.all().some((template) => template.name === name)) throw ec2Error("InvalidLaunchTemplateName.AlreadyExistsException", "Launch template name already in use.");
    const template: LaunchTemplate = {
      id: `lt-${this.random.hex(17)}`, name, createdAt: version.createdAt, createdBy: version.createdBy, defaultVersion: 1, latestVersion: 1,
      versions: new Map([[1, { ...version, number: 1 }]]),
    };
    this.byId.set(template.id, template);
    return template;
  }

  addVersion(template: LaunchTemplate, version: Omit<TemplateVersion, "number">): TemplateVersion {
    const added = { ...version, number: ++template.latestVersion };
    template.versions.set(added.number, added);
    return added;
  }

  delete(template: LaunchTemplate): void {
    this.byId.delete(template.id);
  }

  all(): LaunchTemplate[] {
    return [...this.byId.values()];
  }

  /**
   * The template that a specification names, by LaunchTemplateId or LaunchTemplateName.
   * @throws AwsError InvalidLaunchTemplateId.Malformed, InvalidLaunchTemplateId.NotFound, InvalidLaunchTemplateName.NotFoundException,
   *   InvalidParameterCombination, MissingParameter
   */
  find(specification: Wire): LaunchTemplate {
    const id = text(specification, "LaunchTemplateId");
    const name = text(specification, "LaunchTemplateName");
    if (id && name) throw ec2Error("InvalidParameterCombination", "Launch template ID and name cannot both be specified. Specify only one.");
    if (id) return this.withId(id);
    if (name) return this.withName(name);
    throw ec2Error("MissingParameter", "Either a launch template ID or a launch template name must be specified in the request.");
  }

  withId(id: string): LaunchTemplate {
    if (!/^lt-[0-9a-f]{17}$/.test(id)) throw ec2Error("InvalidLaunchTemplateId.Malformed", `The specified launch template ID, ${id}, is not valid.`);
    const found = this.byId.get(id);
    if (!found) throw ec2Error("InvalidLaunchTemplateId.NotFound", `The specified launch template, with template ID ${id}, does not exist.`);
    return found;
  }

  withName(name: string): LaunchTemplate {
    const found = this.all().find((template) => template.name === name);
    if (!found) throw ec2Error("InvalidLaunchTemplateName.NotFoundException", `The specified launch template, with template name ${name}, does not exist.`);
    return found;
  }

  /** A version by number, `$Latest` or `$Default` (also the meaning of none). @throws AwsError InvalidLaunchTemplateId.VersionNotFound */
  version(template: LaunchTemplate, version: string | undefined): TemplateVersion {
    const number = version === undefined || version === "" || version === "$Default" ? template.defaultVersion
      : version === "$Latest" ? template.latestVersion : Number(version);
    const found = template.versions.get(number);
    if (!found) throw ec2Error("InvalidLaunchTemplateId.VersionNotFound", `Could not find the specified version ${version} for the launch template with ID ${template.id}.`);
    return found;
  }
}

/** Lists of a request that have another name in an answer than their own with `Set`. */
const RENAMED: Readonly<Record<string, string>> = {
  "NetworkInterface.SecurityGroupId": "groupSet", "NetworkInterface.Ipv6Addresses": "ipv6AddressesSet", "NetworkInterface.PrivateIpAddresses": "privateIpAddressesSet",
};

/** Template data as an answer has it: ResponseLaunchTemplateData in wire names. */
export function templateDataOut(data: Wire, parent = ""): Record<string, unknown> {
  return Object.fromEntries(Object.entries(data).map(([name, value]) => [outName(name, value, parent), outValue(name, value, parent)]));
}

function outName(name: string, value: WireValue, parent: string): string {
  const renamed = RENAMED[`${parent}.${name}`];
  if (renamed) return renamed;
  return name.charAt(0).toLowerCase() + name.slice(1) + (Array.isArray(value) ? "Set" : "");
}

function outValue(name: string, value: WireValue, parent: string): unknown {
  if (Array.isArray(value)) {
    const members = value.map((member) => outValue(name, member, parent));
    return `${parent}.${name}` === "NetworkInterface.SecurityGroupId" ? new NamedList("groupId", members) : members;
  }
  if (typeof value === "object") return templateDataOut(value, name);
  return value;
}
