/** What every integration is given to make its call. */
import { StatesError } from "../../../../asl/errors";
import type { JsonObject } from "../../../../asl/json";
import type { Json } from "../../../../asl/json";
import type { TaskRequest } from "../../../../asl/tasks";
import type { Random } from "../../../../time/clock";
import type { Caller, RegionContext } from "../../../core/types";
import type { SfnStore } from "../store";

export interface IntegrationCall {
  store: SfnStore;
  region: RegionContext;
  /** Under whose permissions the call is made. */
  caller: Caller;
  random: Random;
  request: TaskRequest;
  /** The resource's operation without its pattern: `updateItem`. */
  operation: string;
}

/** Runs a call. Throws TaskError for what the called service answers. */
export type Integration = (call: IntegrationCall) => Promise<Json>;

/** Arguments that do not even make a request; nothing retries or catches that. */
export const unusableArguments = (request: TaskRequest, error: unknown): StatesError =>
  new StatesError("States.Runtime", `The Parameters '${JSON.stringify(request.arguments)}' could not be used to start the Task: [${error instanceof Error ? error.message : String(error)}]`, { fatal: true });

export const objectOf = (value: Json): JsonObject => (typeof value === "object" && value !== null && !Array.isArray(value) ? value : {});
