/**
 * Promises of a function that are rejected and that nothing handles: Lambda ends the invocation with
 * Runtime.UnhandledPromiseRejection; here they must also not end this process.
 */
import { runInContext, type Context } from "node:vm";

interface Entry { owns: (promise: Promise<unknown>) => boolean; told: (reason: unknown) => void }
const entries = new Set<Entry>();

/** Tells of such promises of that context until the function that it returns is called. */
export function catchStrayRejections(context: Context, told: (reason: unknown) => void): () => void {
  const owns = runInContext("(promise) => promise instanceof Promise", context) as Entry["owns"];
  const entry = { owns, told };
  if (entries.size === 0) process.on("unhandledRejection", listener);
  entries.add(entry);
  return () => {
    entries.delete(entry);
    if (entries.size === 0) process.off("unhandledRejection", listener);
  };
}

function listener(reason: unknown, promise: Promise<unknown>): void {
  for (const { owns, told } of entries) if (owns(promise)) return told(reason);
  // Not of a function: Node ends the process over it, unless another listener takes it.
  if (process.listenerCount("unhandledRejection") === 1) throw reason;
}
