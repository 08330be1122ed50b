import type { CallContext } from "../../../core/types";
import type { FisStore } from "../store";

/** One operation of FIS: over what it holds, in the API's own shapes. */
export type FisOperation = (store: FisStore) => (input: Record<string, unknown>, context: CallContext) => Promise<object> | object;

/** A text member; undefined when absent. */
export const textOf = (input: Record<string, unknown>, name: string): string | undefined => (typeof input[name] === "string" ? input[name] : undefined);
