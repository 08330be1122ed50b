import type { CallContext } from "../../../core/types";
import type { FisStore } from "../store";
import { text } from "../validate/read";

/** One operation of FIS: over what it holds, in the API's own shapes. */
export type FisOperation = (store: FisStore) => (input: Record<string, unknown>, context: CallContext) => Promise<object> | object;

/** A text member; undefined when absent. */
export const textOf = (input: Record<string, unknown>, name: string): string | undefined => (typeof input[name] === "string" ? input[name] : undefined);

/** The idempotency token, which the API requires and SDKs fill in. @throws AwsError ValidationException */
export const clientTokenOf = (input: Record<string, unknown>): string => text(input["clientToken"], "clientToken", { most: 1024, least: 1, solid: true });
