/** What a guest has asked and its network drops or still carries: kept until it may go on, or until whoever asked has given up. */

interface Held {
  isDropped(): boolean;
  /** It may go on. */
  isFree: boolean;
  settle(mayGoOn: boolean): void;
}

export class Withheld {
  private readonly held = new Map<string, Held>();
  private last = 0;

  /** Keeps it, under a key. `settled` hears once whether it may go on. */
  keep(isDropped: () => boolean, settled: (mayGoOn: boolean) => void = () => undefined): string {
    const key = String(++this.last);
    this.held.set(key, { isDropped, isFree: false, settle: settled });
    return key;
  }

  isFree(key: string): boolean {
    return this.held.get(key)?.isFree ?? true;
  }

  /** The asker looks: what is free goes on; what is not has been given up. */
  settle(key: string): void {
    const held = this.held.get(key);
    this.held.delete(key);
    held?.settle(held.isFree || !held.isDropped());
  }

  /** Frees what is dropped no longer: its keys. */
  free(): string[] {
    const freed = [...this.held].filter(([, held]) => !held.isFree && !held.isDropped());
    for (const [, held] of freed) held.isFree = true;
    return freed.map(([key]) => key);
  }

  /** Everyone who asked has gone. */
  abandon(): void {
    for (const key of [...this.held.keys()]) this.settle(key);
  }
}
