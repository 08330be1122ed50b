/** From a refusal to the statement that would have allowed it, and to where it belongs. */
import type { Need } from "../core/types";
import type { Policy } from "./policy";
import { matches } from "./pattern";

/** Parts of ARNs that are new with every run stand as wildcards in a policy. */
const PASSING: readonly [RegExp, string][] = [
  [/(:instance\/)i-[0-9a-f]+$/, "$1*"],
  [/(:spot-instances-request\/)sir-\w+$/, "$1*"],
  [/(:fleet\/)fleet-[\w-]+$/, "$1*"],
  [/(:experiment\/)EXP\w+$/, "$1*"],
  [/(:execution:[^:]+:).+$/, "$1*"],
  [/(:log-group:[^:]+:).+$/, "$1*"],
  [/^(arn:[\w-]+:s3:::[^/]+\/[^/]+\/).+$/, "$1*"],
];

export const lastingResource = (resource: string): string => PASSING.reduce((text, [pattern, lasting]) => text.replace(pattern, lasting), resource);

/** Keys by which a statement on a wide resource is narrowed, where a request has them. */
const NARROWING = ["iam:PassedToService", "ec2:CreateAction", "ec2:LaunchTemplate", "ec2:Owner", "cloudwatch:namespace", "ec2:FisActionId", "ec2:FisTargetArns", "events:source", "s3:prefix"];

/**
 * The statement, as JSON on one line: no wider than the call that was refused, but for what is new in every run.
 * @param tagKeys tags by which the account's policies narrow what they grant
 */
export function statementToAdd({ action, resource, keys = {}, tags }: Need, tagKeys: readonly string[]): string {
  const lasting = lastingResource(resource);
  const equals: Record<string, string | readonly string[]> = {};
  if (lasting.includes("*")) {
    for (const key of NARROWING) if (keys[key] !== undefined) equals[key] = keys[key];
    const present = tags?.();
    for (const key of tagKeys) {
      const value = present?.get(key);
      if (value !== undefined) equals[`aws:ResourceTag/${key}`] = value;
      const asked = keys[`aws:RequestTag/${key}`];
      if (asked !== undefined) equals[`aws:RequestTag/${key}`] = asked;
    }
  } else if (keys["iam:PassedToService"] !== undefined) equals["iam:PassedToService"] = keys["iam:PassedToService"];
  return JSON.stringify({ Effect: "Allow", Action: [action], Resource: [lasting], ...(Object.keys(equals).length === 0 ? {} : { Condition: { StringEquals: equals } }) });
}

/** Tags that conditions of these policies ask for. */
export const tagKeysIn = (policies: readonly Policy[]): string[] => [...new Set(policies.flatMap(({ statements }) => statements.flatMap(({ conditions }) =>
  conditions.flatMap(({ name }) => /^aws:re(?:source|quest)tag\/(.+)$/i.exec(name)?.[1] ?? []))))];

/** A statement that would have allowed it but for its resources or conditions, in words. */
export function nearMiss(policies: readonly Policy[], { action, resource }: Need): string | undefined {
  let byResource: string | undefined;
  for (const { source, statements } of policies) {
    for (const { effect, actions, isNotAction, resources, isNotResource, conditions, sid, index } of statements) {
      if (effect !== "Allow" || isNotAction || isNotResource || !actions.some((pattern) => matches(pattern, action))) continue;
      const name = `statement ${sid ?? index} of ${source}`;
      if (resources?.some((pattern) => matches(pattern, resource))) return `${name} has the action and the resource, but its conditions did not hold (${conditions.map(({ key }) => key).join(", ")})`;
      byResource ??= `${name} has the action, for ${resources?.map(({ text }) => text).join(", ") ?? "no resource"}`;
    }
  }
  return byResource;
}
