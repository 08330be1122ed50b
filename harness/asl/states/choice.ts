/** Choice: the first rule that holds decides what comes next. https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html */
import type { Branch, Outcome } from "../branch";
import type { Flow } from "./flow";
import { then, type Json, type Maybe } from "../json";
import { State } from "../state";

export interface ChoiceRule {
  holds(branch: Branch, data: Json): Maybe<boolean>;
  next: State;
  /** Output and Assign of the rule itself: those of the state are for its default. */
  flow: Flow;
}

export class ChoiceState extends State {
  /** Where the state goes when no rule holds. */
  otherwise: State | undefined = undefined;
  rules: readonly ChoiceRule[] = [];

  constructor(name: string, private readonly flow: Flow) {
    super(name, "Choice");
  }

  run(branch: Branch, input: Json): Maybe<Outcome> {
    return then(this.flow.prepare(branch, input), (data) => this.decide(branch, input, data, 0));
  }

  private decide(branch: Branch, input: Json, data: Json, from: number): Maybe<Outcome> {
    for (let index = from; index < this.rules.length; index += 1) {
      const rule = this.rules[index] as ChoiceRule;
      const holds = rule.holds(branch, data);
      if (holds instanceof Promise) return holds.then((result) => (result ? this.take(rule, branch, input, data) : this.decide(branch, input, data, index + 1)));
      if (holds) return this.take(rule, branch, input, data);
    }
    const next = this.otherwise;
    if (next === undefined) {
      throw branch.fault("States.Runtime", "Failed to transition out of the state. The state does not point to a next state.", { fatal: true });
    }
    return then(this.flow.complete(branch, input, data), (completion) => ({ ...completion, next }));
  }

  private take(rule: ChoiceRule, branch: Branch, input: Json, data: Json): Maybe<Outcome> {
    return then(rule.flow.complete(branch, input, data), (done) => ({ ...done, next: rule.next }));
  }
}
