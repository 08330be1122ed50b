/**
 * Turns: who may run now. Every actor, an asynchronous function in this process or a thread of a guest process, has a
 * *seat*. One seat at a time holds the turn; time moves only when nobody holds it, to the earliest due seat, ties in
 * order of arrival. A seat gives the turn up only by parking or ending.
 */
import { DueHeap, type DueEntry } from "./due-heap";
import { MICROSECONDS_PER_SECOND, type Microseconds } from "./clock";
import { everyRealMilliseconds, wallSeconds } from "./system-clock";

/** How long to park: until a time, or until somebody wakes the seat. */
export type Until = Microseconds | "never";

/** A seat for something that is not an asynchronous function of this process: a guest's thread, say. */
export interface Seat {
  readonly id: number;
  readonly name: string;
  readonly holdsTurn: boolean;
  readonly ended: boolean;
  /** What its owner did last: named when it holds its turn too long. */
  lastCommand: string;
  /**
   * Gives the turn up until that time (a past one: behind those that are due now), or until `wake`; `onTurn` is called
   * when the turn comes back. Only for the holder; throws TurnError otherwise.
   */
  block(until: Until, waitingFor: string): void;
  /** Makes a seat that has called `block` due now, behind those already due; no effect on any other, or when a host
   * handler sleeps in its turn. */
  wake(): void;
  /** Ends it, whether it waits or runs; for good. */
  finish(): void;
  /** Held: it gets no turn until `release`, however long it is due. What it was waiting for is then served late. */
  hold(): void;
  release(): void;
}

/** Somebody parked without holding the turn, or parked another's. */
export class TurnError extends Error {
  override name = "TurnError";
}

/** Time cannot go on: nothing is due while actors wait, or an actor does not give its turn up. */
export class StuckError extends Error {
  override name = "StuckError";
  constructor(
    message: string,
    readonly kind: "deadlock" | "watchdog",
    /** What to do next: one line. */
    readonly hint: string,
    /** Who is concerned, and what each waits for or did last. */
    readonly actors: readonly { name: string; doing: string }[],
  ) {
    super(`${message} ${hint}`);
  }
}

export interface TurnsOptions {
  startMicroseconds: Microseconds;
  /** Real seconds for which one actor may hold its turn; 0: no limit. */
  watchdogSeconds: number;
  /** Turns are given whenever somebody is due, also when nobody outside waits for anything; with nothing due the world stands still. */
  isFree: boolean;
  onStuck(error: StuckError): void;
  /** Told of an actor that holds its turn too long, again and again while it does; absent: that ends everything, as stuck. */
  onSlow?: ((error: StuckError) => void) | undefined;
}

/** After so many turns in a row the event loop is let in, so that sockets, signals and timers are served. */
const TURNS_BETWEEN_EVENT_LOOPS = 1024;

/** A seat as the clock itself sees it. */
export class TurnSeat implements Seat, DueEntry {
  due = Infinity;
  sequence = 0;
  place = -1;
  state: "waiting" | "running" | "ended" = "waiting";
  lastCommand = "";
  waitingFor = "its first turn";
  held = false;
  /** What is called when the turn comes. */
  resume: (() => void) | undefined;
  /** Whether `block` parked it, so that `wake` may rouse it. */
  blocked = false;

  constructor(
    private readonly turns: Turns,
    readonly id: number,
    readonly name: string,
    private readonly onTurn: () => void,
    /** Called each time before the seat's turn begins, also when a host handler goes on in it. */
    readonly beforeTurn: (() => void) | undefined,
    /** Time does not move for its sake. */
    readonly isBackground: boolean,
  ) {}

  get holdsTurn(): boolean {
    return this.state === "running";
  }

  get ended(): boolean {
    return this.state === "ended";
  }

  block(until: Until, waitingFor: string): void {
    if (!this.holdsTurn) throw new TurnError(`${this.name} does not hold the turn, so it cannot give it up (it wanted to wait for ${waitingFor})`);
    this.turns.park(this, until, this.onTurn, waitingFor);
    this.blocked = true;
  }

  wake(): void {
    if (this.blocked) this.turns.rouse(this);
  }

  finish(): void {
    this.turns.end(this);
  }

  hold(): void {
    this.held = true;
    this.turns.requeue(this);
  }

  release(): void {
    this.held = false;
    this.turns.requeue(this);
  }
}

export class Turns {
  now: Microseconds;
  holder: TurnSeat | undefined;
  private readonly due = new DueHeap<TurnSeat>();
  private readonly seats = new Set<TurnSeat>();
  private readonly idlers: (() => void)[] = [];
  private lastId = 0;
  private lastSequence = 0;
  private granted = 0;
  private pumpIsScheduled = false;
  private closed = false;
  private foreground = 0;
  /** How many of the due are of the background. */
  private backgroundDue = 0;
  private readonly stopWatchdog: () => void;

  constructor(private readonly options: TurnsOptions) {
    this.now = options.startMicroseconds;
    this.stopWatchdog = this.startWatchdog();
  }

  /** A new seat, due at the present time behind those already due. */
  seat(name: string, onTurn: () => void, beforeTurn?: () => void, isBackground = false): TurnSeat {
    const seat = new TurnSeat(this, ++this.lastId, name, onTurn, beforeTurn, isBackground);
    seat.resume = onTurn;
    seat.blocked = true;
    seat.due = this.now;
    seat.sequence = ++this.lastSequence;
    this.seats.add(seat);
    this.requeue(seat);
    return seat;
  }

  /** The seat that holds the turn; throws TurnError when nobody does. `what` names the call that needs it. */
  needHolder(what: string): TurnSeat {
    if (this.holder) return this.holder;
    throw new TurnError(
      `${what} was called while no actor holds the turn: either two waits of one actor run at once (Promise.all over sleeps: ` +
        "spawn an actor for each and join them), or the caller is outside the clock (start it with run or spawn).",
    );
  }

  /** Takes the turn from its holder until that time; `resume` is called when it comes back. */
  park(seat: TurnSeat, until: Until, resume: () => void, waitingFor: string): void {
    seat.state = "waiting";
    seat.blocked = false;
    seat.waitingFor = waitingFor;
    seat.resume = resume;
    seat.due = until === "never" ? Infinity : Math.max(until, this.now);
    seat.sequence = ++this.lastSequence;
    this.holder = undefined;
    this.requeue(seat);
  }

  /** Makes a waiting seat due now; one that is already due keeps its place. */
  rouse(seat: TurnSeat): void {
    if (seat.state !== "waiting" || seat.due <= this.now) return;
    this.unqueue(seat);
    seat.due = this.now;
    seat.sequence = ++this.lastSequence;
    this.requeue(seat);
  }

  end(seat: TurnSeat): void {
    if (seat.state === "ended") return;
    const held = seat.state === "running";
    seat.state = "ended";
    seat.resume = undefined;
    this.unqueue(seat);
    this.seats.delete(seat);
    if (held) this.holder = undefined;
    this.schedule();
  }

  /** Puts the seat where its state says it belongs: among the due, or not. */
  requeue(seat: TurnSeat): void {
    this.unqueue(seat);
    if (seat.state === "waiting" && !seat.held && seat.due !== Infinity) {
      this.due.push(seat);
      if (seat.isBackground) this.backgroundDue++;
    }
    this.schedule();
  }

  private unqueue(seat: TurnSeat): void {
    if (seat.isBackground && seat.place >= 0) this.backgroundDue--;
    this.due.remove(seat);
  }

  /** Time moves while this is above zero, or somebody idles. */
  changeForeground(by: 1 | -1): void {
    this.foreground += by;
    this.schedule();
  }

  idle(): Promise<void> {
    return new Promise((resolve) => {
      this.idlers.push(resolve);
      this.schedule();
    });
  }

  close(): void {
    this.closed = true;
    this.stopWatchdog();
  }

  /** The next turn is given in a microtask of its own: what the last holder still does before it awaits comes first. */
  private schedule(): void {
    if (this.holder || this.pumpIsScheduled || this.closed) return;
    this.pumpIsScheduled = true;
    queueMicrotask(this.pump);
  }

  private readonly pump = (): void => {
    this.pumpIsScheduled = false;
    while (!this.holder && !this.closed && (this.options.isFree || this.foreground > 0 || this.idlers.length > 0)) {
      if (++this.granted % TURNS_BETWEEN_EVENT_LOOPS === 0) {
        this.pumpIsScheduled = true;
        setImmediate(this.pump);
        return;
      }
      // While nobody waits for more than that (somebody idles, say), what is due in the background now still has its turn; time does not move for it.
      const onlyBackground = this.foreground === 0 && this.due.size === this.backgroundDue && (this.due.peek()?.due ?? 0) > this.now;
      const seat = onlyBackground ? undefined : this.due.pop();
      if (!seat) return this.nothingDue();
      if (seat.isBackground) this.backgroundDue--;
      if (seat.due > this.now) this.now = seat.due;
      const resume = seat.resume!;
      seat.resume = undefined;
      seat.blocked = false;
      seat.state = "running";
      this.holder = seat;
      seat.beforeTurn?.();
      resume();
    }
  };

  private nothingDue(): void {
    if (this.idlers.length > 0) {
      for (const resolve of this.idlers.splice(0)) resolve();
      return;
    }
    // Whoever waits then may be helped by who comes in next.
    if (this.options.isFree) return;
    const actors = [...this.seats].map((seat) => ({ name: seat.name, doing: seat.held ? "suspended" : `waits for ${seat.waitingFor}` }));
    this.stuck(
      "deadlock",
      `Nothing is due any more while actors still wait: ${list(actors)}.`,
      "One of them waits for what nobody will do.",
      actors,
    );
  }

  private startWatchdog(): () => void {
    const limit = this.options.watchdogSeconds;
    if (limit <= 0) return () => undefined;
    let seen = -1;
    let since = 0;
    return everyRealMilliseconds(Math.min(limit * 250, 1000), () => {
      if (!this.holder || this.granted !== seen) {
        seen = this.granted;
        since = wallSeconds();
      } else if (wallSeconds() - since >= limit) {
        since = wallSeconds();
        this.late(this.holder, limit);
      }
    });
  }

  private late(holder: TurnSeat, limit: number): void {
    const actors = [{ name: holder.name, doing: holder.lastCommand || "has asked for nothing yet" }];
    const message = `${list(actors)}: it has held its turn for ${limit} real seconds at virtual time ` +
      `${new Date(this.now / 1000).toISOString()} (${this.now % MICROSECONDS_PER_SECOND} µs), and time stands still meanwhile.`;
    const hint = "If it burns CPU or waits on the real clock, it belongs on a scaled clock.";
    if (this.options.onSlow) this.options.onSlow(new StuckError(message, "watchdog", hint, actors));
    else this.stuck("watchdog", message, hint, actors);
  }

  private stuck(kind: StuckError["kind"], message: string, hint: string, actors: StuckError["actors"]): void {
    this.close();
    this.options.onStuck(new StuckError(message, kind, hint, actors));
  }
}

const list = (actors: readonly { name: string; doing: string }[]): string =>
  actors.map((actor) => `${actor.name} (${actor.doing})`).join(", ");
