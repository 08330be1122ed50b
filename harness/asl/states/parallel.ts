/** Parallel: branches with one input, and the list of their outputs. https://docs.aws.amazon.com/step-functions/latest/dg/state-parallel.html */
import type { Branch, Outcome } from "../branch";
import { resumeChildren, runChildren } from "../children";
import type { Flow } from "./flow";
import type { Json } from "../json";
import { recovering, type Recovery } from "./recovery";
import { State, type SubMachine } from "../state";

export class ParallelState extends State {
  recovery: Recovery = { retriers: [], catchers: [] };
  branches: readonly SubMachine[] = [];

  constructor(name: string, private readonly flow: Flow) {
    super(name, "Parallel");
  }

  run(branch: Branch, input: Json): Promise<Outcome> {
    return recovering(branch, this.recovery, input, () => this.attempt(branch, input), () => { branch.emit("ParallelStateFailed"); });
  }

  private async attempt(branch: Branch, input: Json): Promise<Outcome> {
    const result = await (resumeChildren(branch) ?? this.begin(branch, input));
    const last = branch.previousEventId;
    branch.emit("ParallelStateSucceeded");
    const completion = await this.flow.complete(branch, input, result);
    branch.previousEventId = last;
    return { ...completion, next: this.next };
  }

  private async begin(branch: Branch, input: Json): Promise<Json[]> {
    const prepared = await this.flow.prepare(branch, input);
    branch.emit("ParallelStateStarted");
    return runChildren(branch, this.branches.length, Infinity, (index) => ({ startAt: (this.branches[index] as SubMachine).startAt, input: prepared }));
  }
}
