/** What the guest answers one of its own programs that asks it. */
import type { Microseconds } from "../../time/clock";

export type HelperAnswer =
  /** Parks until then. */
  | { sleepUntil: Microseconds | "never" }
  /** The helper's next step, as `helper-server.ts` lists them. */
  | { say: string }
  | { powerOff: true }
  /** A command that the guest carries out itself (commands.ts). */
  | { command: string[] }
  /** Why not: for standard error and the console. */
  | { refused: string };
