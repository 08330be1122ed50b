/**
 * What a target is given: the whole event, a part of it, a constant, or a template filled in.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
 */
import type { EventEnvelope, Rule, Target } from "./store";

/** The text that is handed to the target. */
export function targetInput(event: EventEnvelope, rule: Rule, target: Target, ingestionTime: string): string {
  if (target.Input !== undefined) return target.Input;
  if (target.InputPath !== undefined) return JSON.stringify(lookUp(event, target.InputPath) ?? null);
  if (target.InputTransformer !== undefined) return transform(event, rule, target.InputTransformer, ingestionTime);
  return JSON.stringify(event);
}

/** Whether a text is a JSON path that inputs may use: `$`, `$.detail.state`, `$.resources[0]`, `$.detail['a b']`. */
export const isInputPath = (path: unknown): path is string => typeof path === "string" && /^\$(\.[^.[\]\s]+|\[\d+\]|\['[^']*'\])*$/.test(path);

/** The value at a path; undefined when there is none. */
export function lookUp(value: unknown, path: string): unknown {
  let found = value;
  for (const [, name, index, quoted] of path.matchAll(/\.([^.[\]\s]+)|\[(\d+)\]|\['([^']*)'\]/g)) {
    if (typeof found !== "object" || found === null) return undefined;
    const key = name ?? index ?? quoted!;
    found = Object.hasOwn(found, key) ? (found as Record<string, unknown>)[key] : undefined;
  }
  return found;
}

/** Inside quotes a variable's text is put as it is; outside them its JSON. A variable whose path finds nothing is empty. */
function transform(event: EventEnvelope, rule: Rule, { InputPathsMap = {}, InputTemplate }: NonNullable<Target["InputTransformer"]>, ingestionTime: string): string {
  const variables: Record<string, unknown> = {
    "aws.events.rule-arn": rule.arn,
    "aws.events.rule-name": rule.name,
    "aws.events.event.ingestion-time": ingestionTime,
    "aws.events.event": (({ detail: _, ...rest }) => rest)(event),
    "aws.events.event.json": event,
  };
  for (const [name, path] of Object.entries(InputPathsMap)) variables[name] = lookUp(event, path);
  let output = "";
  let inText = false;
  for (let index = 0; index < InputTemplate.length; index++) {
    const character = InputTemplate[index]!;
    const variable = character === "<" ? /^<([A-Za-z0-9_.-]+)>/.exec(InputTemplate.slice(index)) : null;
    if (variable && Object.hasOwn(variables, variable[1]!)) {
      output += filled(variables[variable[1]!], inText);
      index += variable[0].length - 1;
      continue;
    }
    if (character === "\\" && inText) {
      output += character + (InputTemplate[++index] ?? "");
      continue;
    }
    if (character === '"') inText = !inText;
    output += character;
  }
  return output;
}

function filled(value: unknown, inText: boolean): string {
  if (value === undefined) return inText ? "" : '""';
  if (!inText) return JSON.stringify(value);
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return JSON.stringify(text).slice(1, -1);
}
