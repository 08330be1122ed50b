/** What stands around the instances: Terraform, and the scenarios' faults. */
import { REGION_CONDITIONS } from "../../harness/model/region-conditions";
import { FAULT_KINDS } from "../../harness/model/scenario";
import { ACTIONS } from "../../harness/region/authorization/actions";
import { OPERATORS as CONDITION_OPERATORS } from "../../harness/region/authorization/conditions";
import { GLOBAL_KEYS } from "../../harness/region/authorization/context-keys";
import { DATA_TYPES } from "../../harness/region/load/data";
import { FUNCTION_NAMES } from "../../harness/region/load/functions";
import { RESOURCE_TYPES } from "../../harness/region/load/resources";
import type { Region } from "../../harness/region/region";
import { FUNCTIONS as MATH_FUNCTIONS } from "../../harness/region/services/cloudwatch/math/functions";
import { OPERATORS } from "../../harness/region/services/events/pattern";
import { KINDS } from "../../harness/region/services/events/target-kinds";
import { RUNTIMES } from "../../harness/region/services/lambda/runtime/create";
import { REFUSED_MODULES, UNCHANGED_MODULES } from "../../harness/region/services/lambda/runtime/node/builtins";
import { CONFIGURATIONS } from "../../harness/region/services/s3/configurations";
import { apiInjectors } from "../../harness/targets/injectors";
import { regionInjectors } from "../../harness/targets/local";
import { limitsOf } from "./limits";
import { code, codes, table, type Section } from "./markdown";

/** What some services have besides operations, by the service's name. */
export const FEATURES: Readonly<Record<string, readonly string[]>> = {
  cloudwatch: [`Functions of metric math: ${codes(Object.keys(MATH_FUNCTIONS))}.`],
  eventbridge: [`Operators of event patterns: exact values, ${codes(["$or", ...Object.keys(OPERATORS)])}. Targets: ${codes(Object.keys(KINDS))} (the service in the target's ARN).`],
  lambda: [`Runtimes: ${codes(Object.keys(RUNTIMES))}.`, `Node's modules in functions: ${codes(UNCHANGED_MODULES)} as they are; the others that there are see the region's time and randomness. Refused by name: ${codes(Object.keys(REFUSED_MODULES))}.`],
  s3: [`Configurations of buckets: ${codes(CONFIGURATIONS.map(({ query }) => query))}.`],
};

export function permissionsSection(): Section {
  return {
    title: "Permissions (IAM)",
    blocks: [
      `Every call is evaluated against its caller's policies, for all operations of ${codes(Object.keys(ACTIONS))}; access keys that no role's session has stand for the administrator.`,
      `Condition operators: ${codes([...Object.keys(CONDITION_OPERATORS), "Null"])}, with \`IfExists\`, \`ForAllValues:\` and \`ForAnyValue:\`.`,
      `Condition keys of every call (in any case of letters): ${codes(Object.keys(GLOBAL_KEYS))}, ${codes(["aws:ResourceTag/KEY", "aws:PrincipalTag/KEY"])}; those of single actions stand in \`harness/region/authorization/actions/\`. Any other key counts as absent from the request.`,
      ...limitsOf("region/authorization"),
    ],
  };
}

export function terraformSection(): Section {
  return {
    title: "Terraform that can be loaded",
    blocks: [
      "Synthesized Terraform JSON. An argument that a resource type does not read is refused by name, with the resource's address.",
      `Resources: ${codes(Object.keys(RESOURCE_TYPES))}.`,
      `Data sources: ${codes(Object.keys(DATA_TYPES))}.`,
      `Functions: ${codes(FUNCTION_NAMES)}.`,
      ...limitsOf("region/load"),
    ],
  };
}

export function faultsSection(region: Region): Section {
  const onAws = apiInjectors(0);
  const local = { ...onAws, ...regionInjectors(region) };
  return {
    title: "Scenarios' faults",
    blocks: [table(["kind", "`--target local`", "`--target aws`"], FAULT_KINDS.map((kind) => [code(kind), kind in local ? "yes" : "no", kind in onAws ? "yes" : "no"]))],
  };
}

export function conditionsSection(): Section {
  return {
    title: "Scenarios' regions",
    blocks: [
      "What a scenario may say under `region`, with `--target local`; on AWS such a scenario is `unsupported`, by name.",
      table(["field", "allowed", "meaning"], Object.entries(REGION_CONDITIONS).map(([name, { allowed, meaning }]) => [
        code(name), allowed.kind === "boolean" ? "`true`, `false`" : allowed.kind === "text" ? allowed.what : `${allowed.least} to ${allowed.most} ${allowed.unit}`, `${meaning.charAt(0).toUpperCase()}${meaning.slice(1)}.`,
      ])),
    ],
  };
}
