/** What a resource type is to the loader: a function from its arguments to its creation. One file a type in resources/ and data/. */
import type { RegionContext } from "../core/types";
import type { Arguments } from "./arguments";

export interface LoadContext {
  region: RegionContext;
  /** Calls an API as the administrator. @throws Error with the resource's address, the call and AWS's answer */
  call<T = any>(service: string, operation: string, input: object): Promise<T>; // eslint-disable-line @typescript-eslint/no-explicit-any
  /** A file that the stack refers to. @throws Error with the resource's address */
  readFile(path: string): Buffer;
}

/** What other resources may refer to, besides the arguments. */
export type Attributes = Record<string, unknown>;

/**
 * Reads every argument that it knows (the loader refuses what is left), then returns what makes the resource's calls.
 * Reading makes no calls.
 */
export type ResourceType = (args: Arguments) => (context: LoadContext) => Promise<Attributes>;
