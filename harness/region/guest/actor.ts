/** An actor of a guest: a thread of a Python process, or a tree of programs that know nothing of the clock. */
import type { Microseconds } from "../../time/clock";
import type { Seat } from "../../time/virtual-clock";
import type { LineSocket } from "./line-socket";

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
  process?: ActorProcess;
  tree?: ActorTree;
  /** Of a process's first actor: known once it is started. */
  pid?: number;
  /** Its process group, where that is another than the operating system has it in. */
  group?: number;
  /** Whether the pre-imported parent forked it, which then tells its exit code. */
  isForked: boolean;
  isThread: boolean;
  /** The oom_score_adj that its process had from its parent. */
  oomScoreAdjust?: number;
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

/** The Python process that a thread is of. */
export interface ActorProcess {
  readonly pid: number;
  /** Its first thread. */
  readonly main: GuestActor;
  readonly actors: ReadonlySet<GuestActor>;
  /** Kept once it is gone. */
  readonly gone: Promise<void>;
  join(actor: GuestActor): void;
  /** `isOver`: the thread had said so. */
  connectionClosed(isOver: boolean): void;
  /** The pre-imported parent has collected it. */
  collected(code: number): void;
}

/** The tree of programs that an actor is. */
export interface ActorTree {
  readonly rootPid: number;
  /** All processes as they were seen last, those in it that are Python not included. */
  readonly pids: number[];
  /** Whether data from others could make it go on. */
  readonly waitsForData: boolean;
  readonly isOver: boolean;
  has(pid: number): boolean;
  /** It has the turn. */
  takeTurn(): void;
  /** A `sleep` in it asks to be told when that time has come. */
  sleep(pid: number, due: Microseconds | "never", socket: LineSocket): void;
  sleeperGone(pid: number, socket: LineSocket): void;
  /** A process in it is Python, and has come onto the clock by itself. */
  adopt(pid: number, actor: GuestActor): void;
  /** Delivered when the tree has its next turn; to its first process unless said. */
  signal(signal: number, pid?: number | "everything"): void;
  /** The pre-imported parent has collected its first process. */
  collected(code: number): void;
}
