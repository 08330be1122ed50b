/** An actor of a guest: a thread of a Python process, or a tree of programs that know nothing of the clock. */
import type { Seat } from "../../time/virtual-clock";
import type { LineSocket } from "./line-socket";
import type { ProgramTree } from "./program-tree";
import type { PythonProcess } from "./python-process";

export interface GuestActor {
  /** `INSTANCE/NUMBER`: numbered in the order of registration, so the same in every run. */
  readonly id: string;
  readonly name: string;
  /** The whole command line with which its process was started, as it stands on this machine. */
  readonly command: string;
  readonly seat: Seat;
  /** The unit to which it belongs, as a control group would say. */
  readonly unit: string;
  readonly parent: GuestActor | undefined;
  /** Once it has said hello. */
  connection?: LineSocket;
  process?: PythonProcess;
  tree?: ProgramTree;
  /** Of a process's first actor: known once it is started. */
  pid?: number;
  /** Whether the pre-imported parent forked it, which then tells its exit code. */
  isForked: boolean;
  isThread: boolean;
  /** Signals that wait for its next turn. */
  readonly signals: number[];
  /** It has been given the turn, and has not taken it yet because it has not said hello. */
  isGranted: boolean;
  exited: boolean;
  /** Whose end it waits for. */
  waitsFor?: GuestActor;
  /** Who waits for its end. */
  readonly waiters: Set<GuestActor>;
  /** The key for which it waits. */
  key?: string;
  /** The key of what the network withholds from it, while it waits for that. */
  awaits?: string;
  /** It waits until something has happened in the guest. */
  waitsForNews: boolean;
  /** What came from its process before it was known to run. */
  readonly onStarted: (() => void)[];
  /** With its code: minus the signal's number, if one ended it; undefined when only the parent process can know it. */
  onExit?: (code: number | undefined) => void;
}
