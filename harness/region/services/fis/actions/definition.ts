/** What an action is, and what its parameters' values may be. https://docs.aws.amazon.com/fis/latest/userguide/action-sequence.html#action-parameters */
import type { RegionContext, RoleSession } from "../../../core/types";
import { durationSeconds } from "../duration";
import type { ResolvedResource } from "../model";

export interface ParameterDefinition {
  description: string;
  required: boolean;
  /** What is wrong with a value; undefined when nothing is. */
  check(value: string): string | undefined;
}

export type Parameters = Readonly<Record<string, string>>;

export interface ActionContext {
  region: RegionContext;
  /** The experiment's role: as whom the action acts. */
  role: RoleSession;
  parameters: Parameters;
  /** The resources of a target, by the action's target key. */
  targets(key: string): readonly ResolvedResource[];
  /** Parks the running actor until the seconds have passed (true) or the experiment stops (false). */
  wait(seconds: number): Promise<boolean>;
  /** Asks whether the experiment's role may do what no API call stands for. @throws AwsError of that service */
  authorize(service: string, operation: string, input: object): Promise<void>;
}

export interface ActionDefinition {
  id: string;
  description: string;
  parameters: Readonly<Record<string, ParameterDefinition>>;
  /** Resource types by target key. */
  targets: Readonly<Record<string, string>>;
  /** What is wrong with values that are right one by one; undefined when nothing is. */
  check?(parameters: Parameters, places: { regionName: string; partition: string }): string | undefined;
  /** Carries the action out; returns once it is over. What it injected is lifted then, also when the experiment was stopped. @throws AwsError, and the action has failed */
  run(context: ActionContext): Promise<void>;
}

const HOURS_12 = 12 * 3600;

export const duration = (leastSeconds: number, mostSeconds: number, range: string, description: string): ParameterDefinition => ({
  description, required: true,
  check(value) {
    const given = durationSeconds(value);
    if (given === undefined) return "it is not a duration in ISO 8601 format, PT2M for example";
    return given < leastSeconds || given > mostSeconds ? `it must be from ${range}` : undefined;
  },
});

/** What most actions last. */
export const faultDuration = duration(60, HOURS_12, "PT1M to PT12H", "The duration, from one minute to 12 hours.");

export const percentage: ParameterDefinition = {
  description: "The percentage (1-100) of calls to inject the fault into.", required: true,
  check: (value) => (/^\d{1,3}$/.test(value) && Number(value) >= 1 && Number(value) <= 100 ? undefined : "it must be a whole number from 1 to 100"),
};

export const commaList = (description: string, member: RegExp, of: string): ParameterDefinition => ({
  description, required: true,
  check: (value) => (split(value).length > 0 && split(value).every((one) => member.test(one)) ? undefined : `it must be ${of}, separated by commas`),
});

export const split = (value: string): string[] => value.split(",").map((one) => one.trim()).filter((one) => one !== "");
export const secondsOf = (value: string | undefined): number => durationSeconds(value ?? "") ?? 0;

/** Holds a fault for a time; it is lifted at the end, however that comes. */
export async function hold(lift: () => void, context: ActionContext): Promise<void> {
  try {
    await context.wait(secondsOf(context.parameters["duration"]));
  } finally {
    lift();
  }
}
