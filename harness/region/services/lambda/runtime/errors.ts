/** Errors of functions in the form in which Lambda reports them: https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html */
import { isNativeError } from "node:util/types";

export interface ErrorPayload { errorType: string; errorMessage: string; trace?: string[]; cause?: ErrorPayload }

/** An error of the runtime rather than of the function's own code: its name is the errorType. */
export class RuntimeError extends Error {
  constructor(readonly errorType: string, message: string, readonly trace: string[] = []) {
    super(message);
    this.name = errorType;
  }
}

interface ErrorLike { name?: unknown; message?: unknown; stack?: unknown; cause?: unknown }

/** Whether it is an error of this or of the function's own context. */
export const isError = (value: unknown): value is Error & ErrorLike => isNativeError(value) || value instanceof Error;

/** What a thrown value is told as. Frames outside the function's own files are left out: they are this program's. */
export function errorPayload(thrown: unknown): ErrorPayload {
  if (thrown instanceof RuntimeError) return { errorType: thrown.errorType, errorMessage: thrown.message, trace: thrown.trace };
  if (isError(thrown)) {
    return { errorType: text(thrown.name) || "Error", errorMessage: text(thrown.message), trace: ownFrames(text(thrown.stack)) };
  }
  return { errorType: typeof thrown, errorMessage: typeof thrown === "object" ? JSON.stringify(thrown) ?? String(thrown) : String(thrown), trace: [] };
}

const text = (value: unknown): string => (typeof value === "string" ? value : value === undefined ? "" : String(value));

/** The message, and the frames of the function's package. */
const ownFrames = (stack: string): string[] => stack.split("\n").filter((line) => !/^\s+at /.test(line) || line.includes("/var/task/"));
