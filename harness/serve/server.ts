/**
 * The region as a server: on a clock that runs by itself, open to visitors, with whatever stacks it is to begin with. What
 * goes wrong in it is told, and the server goes on.
 */
import { createRegion, type Region } from "../region/region";
import { endIdleParents } from "../region/guest";
import { loadTerraform } from "../region/load";
import type { ObservedCall } from "../region/core/types";
import { UsageError } from "../model/errors";
import { createRandom } from "../time/prng";
import type { RootClock } from "../time/root-clock";
import { createSystemClock, presentMicroseconds } from "../time/system-clock";
import { createVirtualClock } from "../time/virtual-clock";
import type { ClockChoice } from "./arguments";
import type { StackFolder } from "./stacks";

export interface ServerOptions {
  port: number;
  /** Named when the port cannot be had. */
  portFlag?: string;
  clock: ClockChoice;
  stacks: readonly StackFolder[];
  /** Told of every call, once the server is ready. */
  onCall(call: ObservedCall): void;
  /** Told of what went wrong inside: a defect, or what the region cannot truthfully model. */
  onTrouble(message: string, error: unknown): void;
}

export interface Server {
  region: Region;
  clock: RootClock;
  /** The stacks' outputs, by stack and name. */
  outputs: ReadonlyMap<string, Record<string, unknown>>;
  /** Ends guests, closes connections, removes folders. */
  close(): Promise<void>;
}

/** Everything random comes from it: a server's ids are the same each time. */
const SEED = "region";

/** Throws UsageError when the port cannot be had or a stack cannot be loaded. */
export async function startServer({ port, portFlag, clock: choice, stacks, onCall, onTrouble }: ServerOptions): Promise<Server> {
  const clock = createClock(choice, onTrouble);
  const regionNames = [...new Set(stacks.flatMap(({ regionName }) => regionName ?? []))];
  if (regionNames.length > 1) throw new UsageError(`The stacks are for different regions: ${stacks.map(({ name, regionName }) => `${name} for ${regionName}`).join(", ")}.`, "Load them in servers of their own.");
  let ready = false;
  let region: Region | undefined;
  const close = async (): Promise<void> => {
    clock.close();
    await region?.close();
    await endIdleParents();
  };
  try {
    const made = (region = await createRegion({
      clock, random: createRandom(SEED), port, visit: clock.run,
      // Without stacks there are no roles: what is tried out may name any.
      unknownRoles: stacks.length === 0 ? "administrator" : "refuse",
      ...(portFlag === undefined ? {} : { portFlag }),
      ...(regionNames[0] === undefined ? {} : { regionName: regionNames[0] }),
      observe: (call) => { if (ready) onCall(call); },
      onFatal: (error) => onTrouble(error.message, error),
      onDefect: (where, error) => onTrouble(`a defect of the region, in ${where}`, error),
    }));
    const outputs = new Map<string, Record<string, unknown>>();
    for (const { name, folder } of stacks) outputs.set(name, await clock.run(`load ${name}`, async () => (await loadTerraform(made, folder)).outputs));
    // Where time passes by itself, the first instance would find its Python late.
    made.guests.prewarm?.().catch(() => undefined); // the first instance or function meets the error, too
    ready = true;
    return { region: made, clock, outputs, close };
  } catch (error) {
    await close().catch(() => undefined);
    throw error;
  }
}

function createClock(choice: ClockChoice, onTrouble: ServerOptions["onTrouble"]): RootClock {
  const onUncaught = (error: unknown, actorName: string): void => onTrouble(`${actorName} failed`, error);
  if (choice.kind === "system") return createSystemClock({ scale: choice.scale, onUncaught });
  return createVirtualClock({ startMicroseconds: presentMicroseconds(), isFree: true, onUncaught, onSlow: (error) => onTrouble(error.message, error) });
}
