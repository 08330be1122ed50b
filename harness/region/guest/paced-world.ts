/**
 * Guests on the system's clock, scaled or not: ordinary processes, all running at once, as programs do. Python's clocks and waits show
 * the region's time and pass at its pace (python/spotproof_guest/paced.py); other programs have the guest's own `sleep`, `timeout` and `date`.
 */
import type { Clock, Pace, Random } from "../../time/clock";
import { HelperServer } from "./helper-server";
import { HELPERS } from "./helpers";
import type { Journal } from "./journal";
import { pacedAnswer, type PacedAnswer } from "./paced-helpers";
import { PacedProcesses } from "./paced-processes";
import type { MemoryBound } from "./oom-killer";
import type { Machine, Processes, ProcessWorld, WorldHost } from "./world";

export class PacedWorld implements ProcessWorld {
  readonly kind = "paced";
  private readonly server: HelperServer;
  private readonly guests = new Map<string, PacedProcesses>();

  constructor(
    private readonly clock: Clock,
    private readonly pace: Pace,
    random: Random,
  ) {
    this.server = new HelperServer(random.hex(32));
  }

  listen(): Promise<void> {
    return this.server.listen();
  }

  admit(guest: string, host: WorldHost, journal: Journal, machine: Machine, memory?: MemoryBound): Processes {
    const processes = new PacedProcesses(guest, host, journal, (text) => machine.view(text), this.clock, memory);
    this.server.add(guest, ({ processId, pid, name, words }, lines) => {
      if (!Object.hasOwn(HELPERS, name)) return false;
      void pacedAnswer(name, words.map((word) => machine.view(word)), this.clock.now(), this.pace.scale, processes.table, pid).then((paced) => {
        const answer = this.carryOut(paced, machine);
        if (answer.startsWith("no ")) machine.note(processId.slice(processId.lastIndexOf("/") + 1), `spotproof: ${name}: ${answer.slice(3)}`);
        lines.send(answer);
      });
      return true;
    });
    return processes;
  }

  /** Does what the answer asks of the machine, and says how that went. */
  private carryOut(answer: PacedAnswer, machine: Machine): string {
    if (typeof answer === "string") return answer;
    try {
      if ("powerOff" in answer) machine.powerOff();
      else machine.carryOut(answer.command);
      return "over";
    } catch (error) {
      return `no ${(error as Error).message}`;
    }
  }

  forked(pid: number): void {
    for (const processes of this.guests.values()) processes.forget(pid);
  }

  dismiss(guest: string): void {
    this.guests.delete(guest);
    this.server.remove(guest);
  }

  environment(processId: string): Record<string, string> {
    const { scale, microseconds, monotonicNanoseconds } = this.pace;
    return { SPOTPROOF_PACE: `${scale}:${microseconds}:${monotonicNanoseconds}`, SPOTPROOF_ACTOR: processId, SPOTPROOF_HELPERS: this.server.address };
  }

  close(): Promise<void> {
    return this.server.close();
  }
}
