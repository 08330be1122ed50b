/**
 * Regular expressions that end: a pattern such as `(a+)+$` tries more ways than there is time for. One that may do so runs
 * under a time limit, like the rest of an expression.
 */
import vm from "node:vm";
import { StatesError } from "./errors";

/** In real milliseconds. */
const TIME_LIMIT = 1_000;
/** A limit costs a tenth of a millisecond, so it is set only where a search can take long: many repetitions in the pattern, or a long text. */
const SHORT_TEXT = 20;
const LONG_TEXT = 2_000;

export class PatternTimeout extends StatesError {
  override name = "PatternTimeout";
  constructor(source: string) {
    super("States.Runtime", `The regular expression '${source}' gave no answer within ${TIME_LIMIT} milliseconds`, { fatal: true });
  }
}

const context = vm.createContext({}) as { search?: () => RegExpExecArray | null };
const script = new vm.Script("search()");

export class BoundedPattern extends RegExp {
  private readonly repetitions = this.source.match(/[*+{]/g)?.length ?? 0;

  override exec(text: string): RegExpExecArray | null {
    const takesLong = this.repetitions > 0 && text.length > (this.repetitions > 1 ? SHORT_TEXT : LONG_TEXT);
    if (!takesLong) return super.exec(text);
    context.search = () => super.exec(text);
    try {
      return script.runInContext(context as vm.Context, { timeout: TIME_LIMIT }) as RegExpExecArray | null;
    } catch (error) {
      throw (error as { code?: string }).code === "ERR_SCRIPT_EXECUTION_TIMEOUT" ? new PatternTimeout(this.source) : error;
    }
  }
}
