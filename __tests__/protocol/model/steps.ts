/** How the model's parts say what may happen next. */
import { copy, F, type State } from "./state";
import type { Fault, Rules } from "./rules";

/**
 * Takes a next state. `fault`: it happens only because something fails, which a model allows so many times; everything else happens
 * sooner or later. `broken`: what the step itself breaks.
 */
export type Emit = (label: string, instance: number, next: State, fault: boolean, broken?: string) => void;

/** The state after a fault that may still strike, to be changed further; undefined when it may not. */
export function strike(s: State, fault: Fault, r: Rules): State | undefined {
  if (s[F.faults] === 0 || !r.allowed.has(fault)) return undefined;
  const next = copy(s);
  next[F.faults]! -= 1;
  return next;
}
