/** Wait: for a number of seconds, or until a time. https://docs.aws.amazon.com/step-functions/latest/dg/state-wait.html */
import { seconds, type Microseconds } from "../../time/clock";
import type { Branch, Outcome } from "../branch";
import type { Flow } from "./flow";
import { then, type Json, type Maybe } from "../json";
import { State } from "../state";

export type WaitFor =
  | { kind: "seconds"; value: (branch: Branch, input: Json) => Maybe<number> }
  /** Microseconds since the epoch. */
  | { kind: "until"; value: (branch: Branch, input: Json) => Maybe<Microseconds> };

export class WaitState extends State {
  constructor(name: string, private readonly flow: Flow, private readonly waitFor: WaitFor) {
    super(name, "Wait");
  }

  async run(branch: Branch, input: Json): Promise<Outcome> {
    const prepared = await this.flow.prepare(branch, input);
    const value = await this.waitFor.value(branch, prepared);
    await branch.waitUntil(this.waitFor.kind === "seconds" ? branch.now() + seconds(value) : value, () => false);
    return then(this.flow.complete(branch, input, prepared), (completion) => ({ ...completion, next: this.next }));
  }
}
