/** From a refusal to the statement that would have allowed it, and to where it belongs. */
import type { Need } from "./need";
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

/** The statement, as JSON on one line. */
export function statementToAdd({ action, resource, keys }: Need): string {
  const passed = keys?.["iam:PassedToService"];
  return JSON.stringify({
    Effect: "Allow", Action: [action], Resource: [lastingResource(resource)],
    ...(passed === undefined ? {} : { Condition: { StringEquals: { "iam:PassedToService": passed } } }),
  });
}

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
