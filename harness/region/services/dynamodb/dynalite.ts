/**
 * What is used of the dynalite package: its request validation and its item actions, which hold DynamoDB's expression
 * language, its messages and its arithmetic. Its server, its database and its timers are not: the region has its own
 * store (store.ts), whose callbacks come at once, and its own clock.
 */
import { AwsError } from "../../core/types";
import type { Step } from "../../shapes/conform";
import { missingMembers } from "../../core/input-refusals";
import { rememberParses, type Parser } from "./parse-cache";
import type { Store } from "./store";

/** The operations on items that dynalite has, by DynamoDB's names. */
export const ITEM_OPERATIONS = ["BatchGetItem", "BatchWriteItem", "DeleteItem", "GetItem", "PutItem", "Query", "Scan", "UpdateItem"] as const;
export type ItemOperation = (typeof ITEM_OPERATIONS)[number];

type Action = (store: Store, data: object, done: (error: unknown, output?: object) => void) => void;
interface Validation { types: Record<string, unknown>; custom?: (data: object, store: Store) => string | undefined }

const { checkTypes, checkValidations } = require("dynalite/validations") as {
  checkTypes(data: object, types: object): object;
  checkValidations(data: object, types: object, custom: Validation["custom"], store: Store): void;
};

rememberParses(require("dynalite/db/conditionParser") as Parser);
rememberParses(require("dynalite/db/updateParser") as Parser);

const lowerFirst = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);
const validations = new Map<string, Validation>();
const validationOf = (operation: string): Validation => {
  let validation = validations.get(operation);
  if (!validation) validations.set(operation, (validation = require(`dynalite/validations/${lowerFirst(operation)}`) as Validation));
  return validation;
};

/**
 * Checks a request as DynamoDB does, types first.
 * @returns the request with its expressions parsed
 * @throws AwsError SerializationException or ValidationException; for a member that is not modelled, a ValidationException that names it
 */
export function validate(operation: string, input: Record<string, unknown>, store: Store, alsoKnown: readonly string[] = []): object {
  const { types, custom } = validationOf(operation);
  for (const member of Object.keys(input)) {
    if (!Object.hasOwn(types, member) && !alsoKnown.includes(member)) throw new AwsError("ValidationException", `The embedded region does not support ${member} of ${operation}.`);
  }
  try {
    const data = checkTypes(input, types);
    refuseNullElements(data, []);
    checkValidations(data, types, custom, store);
    return data;
  } catch (error) {
    throw fromDynalite(error);
  }
}

/**
 * What is null after the check of types is an element of a list or of a map: members are left out by then. dynalite's checks of what
 * elements hold would fail of it. @throws AwsError ValidationException
 */
function refuseNullElements(value: object, path: readonly Step[]): void {
  for (const [key, inner] of Object.entries(value)) {
    if (typeof inner === "string") continue;
    const place = [...path, Array.isArray(value) ? Number(key) : key];
    if (inner === null || inner === undefined) throw missingMembers("dynamodb", [place])!;
    if (typeof inner === "object") refuseNullElements(inner as object, place);
  }
}

/** Runs an item operation on a validated request. @throws AwsError */
export function run(operation: ItemOperation, store: Store, data: object): Promise<object> {
  const action = require(`dynalite/actions/${lowerFirst(operation)}`) as Action;
  return new Promise((resolve, reject) => {
    action(store, data, (error, output) => (error ? reject(fromDynalite(error)) : resolve(output ?? {})));
  });
}

/** Runs an operation on one item that ends before this returns, so that nothing comes between it and the next. @throws AwsError */
export function runAtOnce(operation: "DeleteItem" | "GetItem" | "PutItem" | "UpdateItem", store: Store, data: object): Record<string, unknown> {
  const action = require(`dynalite/actions/${lowerFirst(operation)}`) as Action;
  let outcome: { error: unknown; output?: object } | undefined;
  action(store, data, (error, output) => { outcome = { error, output }; });
  if (!outcome) throw new Error(`${operation} did not end at once`);
  if (outcome.error) throw fromDynalite(outcome.error);
  return (outcome.output ?? {}) as Record<string, unknown>;
}

/** dynalite's errors carry a status and a body with `__type`; others are rethrown as they are. */
function fromDynalite(error: unknown): unknown {
  const { statusCode, body } = error as { statusCode?: number; body?: { __type?: string; message?: string; Message?: string } };
  if (statusCode === undefined || !body) return error;
  const code = (body.__type ?? "InternalServerError").replace(/^.*#/, "");
  return new AwsError(code, body.message ?? body.Message ?? "", statusCode);
}
