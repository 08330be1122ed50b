/**
 * The actions that experiments are made of: one table of what each takes, and what it does.
 * https://docs.aws.amazon.com/fis/latest/userguide/fis-actions-reference.html
 */
import type { AwsError } from "../../../core/types";
import { validation } from "../errors";
import type { ActionDefinition } from "./definition";
import { insufficientInstanceCapacity, sendSpotInstanceInterruptions, terminateInstances } from "./ec2";
import { injectApiErrors, wait } from "./fis";
import { disruptConnectivity } from "./network";
import { sendCommand } from "./ssm";

export type { ActionContext, ActionDefinition, ParameterDefinition } from "./definition";

const DEFINITIONS: readonly ActionDefinition[] = [wait, sendSpotInstanceInterruptions, terminateInstances, insufficientInstanceCapacity, ...injectApiErrors, sendCommand, disruptConnectivity];

/** Every action of FIS that the region has, by its id. */
export const ACTIONS: ReadonlyMap<string, ActionDefinition> = new Map(DEFINITIONS.map((definition) => [definition.id, definition]));

/** @throws AwsError ValidationException, for an action that the region does not have */
export function actionOf(actionId: string): ActionDefinition {
  const found = ACTIONS.get(actionId);
  if (!found) throw unknownAction(actionId);
  return found;
}

const unknownAction = (actionId: string): AwsError =>
  validation(/^aws:[a-z0-9-]+:[a-z0-9-/]+$/.test(actionId)
    ? `The embedded region does not support the action ${actionId}. It supports: ${[...ACTIONS.keys()].join(", ")}.`
    : `The action id "${actionId}" is not valid.`);
