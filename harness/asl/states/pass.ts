/** Pass: its input, a fixed result, or an expression's value. https://docs.aws.amazon.com/step-functions/latest/dg/state-pass.html */
import type { Branch, Outcome } from "../branch";
import type { Flow } from "./flow";
import { then, type Json, type Maybe } from "../json";
import { State } from "../state";

export class PassState extends State {
  constructor(name: string, private readonly flow: Flow, private readonly result: Json | undefined) {
    super(name, "Pass");
  }

  run(branch: Branch, input: Json): Maybe<Outcome> {
    return then(this.flow.prepare(branch, input), (prepared) =>
      then(this.flow.complete(branch, input, this.result === undefined ? prepared : this.result), (completion) => ({ ...completion, next: this.next })));
  }
}
