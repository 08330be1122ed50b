/** The definition as Terraform writes it: its JSON with references in it. */
import type { MachineConfig, MachineRefs } from "./config";
import { jobMachine } from "./job-machine";

/** Terraform references for the definition's text. `places` is an expression that yields JSON, or a list of literals. */
export interface TerraformRefs extends Omit<MachineRefs, "places"> {
  places: string | string[];
}

/**
 * The definition as a Terraform string: JSON in which only the references are Terraform expressions. Whatever else
 * Terraform would take for one is escaped (https://developer.hashicorp.com/terraform/language/expressions/strings).
 */
export function definitionText(config: MachineConfig, refs: TerraformRefs): string {
  const marks = new Map<string, string>();
  const mark = (name: string, value: string): string => {
    const text = `@@${name}@@`;
    marks.set(text, value);
    return text;
  };
  const places = Array.isArray(refs.places) ? refs.places : "@@places@@";
  const machine = jobMachine(config, {
    table: mark("table", refs.table),
    bucket: mark("bucket", refs.bucket),
    launchTemplateId: mark("launchTemplateId", refs.launchTemplateId),
    launchTemplateVersion: mark("launchTemplateVersion", refs.launchTemplateVersion),
    partition: mark("partition", refs.partition),
    places,
    placeKind: refs.placeKind,
  });
  let text = escapeTerraform(JSON.stringify(machine));
  if (!Array.isArray(refs.places)) text = text.replaceAll('"@@places@@"', () => refs.places as string);
  for (const [name, value] of marks) text = text.replaceAll(name, () => value);
  return text;
}

/** Escapes what begins an interpolation or a directive in a Terraform string. */
function escapeTerraform(text: string): string {
  return text.replaceAll("${", () => "$${").replaceAll("%{", () => "%%{");
}
