/**
 * JSONata expressions as Step Functions evaluates them: no document to navigate (`$` and bare names are undefined), only
 * variables and `$states`; the time and randomness that expressions ask for come from the scope.
 * https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
 */
import jsonata from "jsonata";
import { SyntaxProblem } from "../errors";
import type { Scope, StatesValue } from "../scope";
import { registerAwsFunctions, SCOPE } from "./functions";
import { BoundedPattern, PatternTimeout } from "../pattern";
import { referencesOf, type References } from "./references";
import { toJson, UnsupportedResult } from "./values";
import type { Json } from "../json";

/** How deep an evaluation may nest: AWS accepts a sum of 100 terms and refuses one of 101. */
const DEPTH_LIMIT = 100;
/** The longest that an evaluation may run, in real milliseconds; one that ends takes far less. */
const TIME_LIMIT = 5_000;
/** The longest sequence that an expression may make, as measured on AWS. */
const SEQUENCE_LIMIT = 873_782;
const CACHE_LIMIT = 5_000;
const compiled = new Map<string, jsonata.Expression>();

/** An expression that failed while it was evaluated: JSONata's own code and message, or a limit of the service. */
export class EvaluationProblem extends Error {
  override name = "EvaluationProblem";
  constructor(readonly code: string | undefined, message: string) {
    super(message);
  }
}

/** A compiled JSONata expression. Throws SyntaxProblem for a text that JSONata cannot parse. */
export class Expression {
  private readonly code: jsonata.Expression;
  /** The context object costs something to make; most expressions never look at it. */
  private readonly usesContext: boolean;
  constructor(readonly source: string) {
    this.code = compile(source);
    this.usesContext = /context|\$states(?!\s*\.\s*\w)/.test(source);
  }

  /** The value, or undefined where the expression gives nothing. Throws EvaluationProblem. */
  async evaluate(scope: Scope, states: StatesValue): Promise<Json | undefined> {
    const bindings: Record<string, unknown> = { ...scope.variables };
    bindings["states"] = this.usesContext ? { ...states, context: scope.context() } : states;
    bindings[SCOPE] = scope;
    try {
      return toJson(await this.code.evaluate(undefined, bindings));
    } catch (error) {
      throw error instanceof UnsupportedResult ? error : describe(error);
    }
  }

  /** What it refers to, for checks. Throws SyntaxProblem for a text that nests too deep to be looked through. */
  references(): References {
    try {
      return referencesOf(this.code.ast());
    } catch (error) {
      throw new SyntaxProblem(describe(error).message);
    }
  }
}

function compile(source: string): jsonata.Expression {
  const known = compiled.get(source);
  if (known !== undefined) return known;
  let expression: jsonata.Expression;
  try {
    expression = jsonata(source, { stack: DEPTH_LIMIT, timeout: TIME_LIMIT, sequence: SEQUENCE_LIMIT, RegexEngine: BoundedPattern as unknown as RegExpConstructor });
  } catch (error) {
    throw new SyntaxProblem(describe(error).message);
  }
  registerAwsFunctions(expression, source);
  if (compiled.size >= CACHE_LIMIT) compiled.delete(compiled.keys().next().value as string);
  compiled.set(source, expression);
  return expression;
}

/** The service's own limits, under the library's codes for them: they are reported without a code. */
const LIMITS: Readonly<Record<string, string>> = {
  D1011: "Stack overflow error: Check for non-terminating recursive function. Consider rewriting as tail-recursive",
  D1012: "Expression evaluation timeout: Check for infinite loop",
  D2014: "Expression evaluation memory limit exceeded: Check for excessive memory usage",
  D2015: "Expression evaluation memory limit exceeded: Check for excessive memory usage",
};

/** JSONata throws plain objects with a code and a message. */
function describe(error: unknown): EvaluationProblem {
  if (error instanceof PatternTimeout) return new EvaluationProblem(undefined, LIMITS["D1012"] as string);
  const { code, message } = (typeof error === "object" && error !== null ? error : { message: String(error) }) as { code?: string; message?: string };
  if (error instanceof RangeError) return new EvaluationProblem(undefined, /string length/.test(error.message) ? LIMITS["D2014"] as string : LIMITS["D1011"] as string);
  const limit = code === undefined ? undefined : LIMITS[code];
  return limit === undefined ? new EvaluationProblem(code, message ?? String(error)) : new EvaluationProblem(undefined, limit);
}
