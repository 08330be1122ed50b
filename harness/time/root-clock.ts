/** A clock as its owner has it: what everyone else sees as `Clock`, and the way in from outside. */
import type { Clock } from "./clock";

export interface RootClock extends Clock {
  /**
   * Runs a body as an actor, called from outside any turn (a command line, a test, a socket of somebody who is not on the
   * clock), and returns what it returned or throws what it threw. On the virtual clock time moves only while such a body
   * runs, or somebody awaits `idle`; after that the world stands still. A free virtual clock (`isFree`) runs by itself.
   */
  run<T>(name: string, body: () => Promise<T>): Promise<T>;
  /** Lets time run until nothing is due any more. */
  idle(): Promise<void>;
  /** Nobody gets a turn any more; what is pending stays so. */
  close(): void;
}

/** An actor's error that nobody joined. */
export type UncaughtHandler = (error: unknown, actorName: string) => void;
