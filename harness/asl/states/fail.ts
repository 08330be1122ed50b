/** Fail: ends its branch with an error. https://docs.aws.amazon.com/step-functions/latest/dg/state-fail.html */
import type { Branch, Outcome } from "../branch";
import { StatesError } from "../errors";
import type { Json } from "../json";
import { State } from "../state";

/** A text that the state names: fixed, from a path or an intrinsic function, or from an expression. */
export type TextField = (branch: Branch, input: Json) => string | Promise<string>;

export class FailState extends State {
  constructor(name: string, private readonly error: TextField | undefined, private readonly cause: TextField | undefined) {
    super(name, "Fail");
  }

  async run(branch: Branch, input: Json): Promise<Outcome> {
    throw new StatesError(await this.error?.(branch, input), await this.cause?.(branch, input));
  }
}
