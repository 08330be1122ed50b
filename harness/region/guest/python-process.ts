/** A Python process of a guest: its threads are actors, and it is gone once the operating system has closed all their connections. */
import type { ActorProcess, GuestActor } from "./actor";

export class PythonProcess implements ActorProcess {
  readonly actors = new Set<GuestActor>();
  /** Connections that are open. */
  private open = 0;
  /** A connection ended though its thread had not said that it was over. */
  private dying = false;
  private status: number | undefined;
  private isGone = false;
  private resolveGone!: () => void;
  readonly gone = new Promise<void>((resolve) => (this.resolveGone = resolve));

  constructor(
    readonly pid: number,
    readonly main: GuestActor,
    private readonly onGone: (process: PythonProcess, code: number | undefined) => void,
  ) {}

  join(actor: GuestActor): void {
    this.actors.add(actor);
    this.open++;
  }

  connectionClosed(isOver: boolean): void {
    this.open--;
    if (!isOver) this.dying = true;
    this.check();
  }

  collected(code: number): void {
    this.status = code;
    this.dying = true;
    this.check();
  }

  private check(): void {
    if (this.isGone || !this.dying || this.open > 0 || (this.main.isForked && this.status === undefined)) return;
    this.isGone = true;
    this.onGone(this, this.status);
    this.resolveGone();
  }
}
