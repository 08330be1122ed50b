/** Succeed: ends its branch well. https://docs.aws.amazon.com/step-functions/latest/dg/state-succeed.html */
import type { Branch, Outcome } from "../branch";
import type { Flow } from "./flow";
import { then, type Json, type Maybe } from "../json";
import { State } from "../state";

export class SucceedState extends State {
  constructor(name: string, private readonly flow: Flow) {
    super(name, "Succeed");
  }

  run(branch: Branch, input: Json): Maybe<Outcome> {
    return then(this.flow.prepare(branch, input), (prepared) =>
      then(this.flow.complete(branch, input, prepared), (completion) => ({ ...completion, next: undefined })));
  }
}
