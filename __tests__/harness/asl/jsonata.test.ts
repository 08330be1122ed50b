/** Expressions: what they see, what they give, and what is said when they fail. */
import { run, single, START } from "./support";

const pass = (output: unknown, input: unknown = {}) => run(single({ Type: "Pass", Output: output }, "JSONata"), { input: input as never });
const OUTPUT = "An error occurred while executing the state 'S' (entered at the event id #2). The JSONata expression";

describe("a value", () => {
  it.each<[unknown, unknown]>([
    ["{% $states.input.x %}", 1],
    [{ a: ["{% $states.input.x + 1 %}", "plain", null], b: 2 }, { a: [2, "plain", null], b: 2 }],
    [" {% $states.input.x %}", " {% $states.input.x %}"],
    ["Hello {% $states.input.x %}", "Hello {% $states.input.x %}"],
    ["{%$states.input.x%}", 1],
    ["{% null %}", null],
    ["{% $states.input.list[0] %}", { a: 1 }],
    ["{% $states.input.list.a %}", [1, 2]],
    ["{% $states.input.list[a=1].a %}", 1],
    ["{% [$states.input.list[a=1].a] %}", [1]],
    ["{% $count($states.input.list) %}", 2],
    ["{% {'k': $states.input.list} %}", { k: [{ a: 1 }, { a: 2 }] }],
    ["{% 1/0 %}", "Infinity"],
    ["{% [1/0] %}", ["Infinity"]],
    ["{% $string(1e21) %}", "1e+21"],
    ["{% $now() %}", START],
    ["{% $millis() %}", Date.parse(START)],
    ["{% $now('[Y]-[M01]') %}", "2030-01"],
    ["{% $partition([1,2,3,4,5], 2) %}", [[1, 2], [3, 4], [5]]],
    ["{% $partition([1,2,3]) %}", [[1, 2, 3]]],
    ["{% $partition([1,2,3,4,5], 2.9) %}", [[1, 2], [3, 4], [5]]],
    ["{% $range(0, 10, 2) %}", [0, 2, 4, 6, 8, 10]],
    ["{% $range(10, 0, -2) %}", [10, 8, 6, 4, 2, 0]],
    ["{% $range(-1.7, 2, 1) %}", [-1, 0, 1, 2]],
    ["{% $range(3, 3, 1) %}", 3],
    ["{% $count($range(1, 360145, 1)) %}", 360145],
    ["{% $hash('Hello', 'MD5') %}", "8b1a9953c4611296a827abf8c47804d7"],
    ["{% $hash('Hello', 'SHA-256') %}", "185f8db32271fe25f561a6fc938b2e264306ec304eda518007d1764826381969"],
    ["{% $random(42) %}", 0.7275636800328681],
    ["{% $random(0) %}", 0.730967787376657],
    ["{% $random(0.9) %}", 0.730967787376657],
    ["{% $parse('{\"b\":1,\"a\":[2]}') %}", { b: 1, a: [2] }],
    ["{% $exists($parse('null')) %}", true],
    ["{% $map(['{\"a\":1}', '{\"a\":2}'], $parse).a %}", [1, 2]],
    ["{% $eval %}", undefined],
  ])("%j gives %j", async (output, expected) => {
    const ran = await pass(output, { x: 1, list: [{ a: 1 }, { a: 2 }] });
    if (expected === undefined) expect(ran.status).toBe("FAILED");
    else expect([ran.cause, ran.output]).toEqual([undefined, expected]);
  });

  it("has the context object, without a cost where nothing asks for it", async () => {
    const ran = await pass("{% $states.context %}", { a: 1 });
    expect(ran.output).toEqual({
      Execution: { Id: "arn:aws:states:us-east-1:123456789012:execution:machine:run", Input: { a: 1 }, StartTime: START, Name: "run", RoleArn: "arn:aws:iam::123456789012:role/role", RedriveCount: 0 },
      StateMachine: { Id: "arn:aws:states:us-east-1:123456789012:stateMachine:machine", Name: "machine" },
      State: { Name: "S", EnteredTime: START },
    });
  });

  it("is the same for the same seed, and a version 4 UUID", async () => {
    const expression = "{% [$random(), $uuid(), $shuffle([1..20])] %}";
    const [first, second] = [await pass(expression), await pass(expression)];
    expect(first.output).toEqual(second.output);
    expect((first.output as string[])[1]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});

describe("a failure", () => {
  const coded = (expression: string, text: string): [string, string] => [expression, `'${expression}' specified for the field 'Output/v' threw an error during evaluation${text}`];
  it.each<[string, string]>([
    ["$states.input.missing", "'$states.input.missing' specified for the field 'Output/v' returned nothing (undefined)."],
    coded("$sqrt(-1)", ". D3060: The sqrt function cannot be applied to a negative number: -1"),
    coded("1 + {}", ". T2002: The right side of the \"+\" operator must evaluate to a number"),
    coded("$split('a','b',-1)", ". D3020: Third argument of split function must evaluate to a positive number"),
    coded("$eval('1+1')", ". T1006: Attempted to invoke a non-function"),
    coded("$parse(null)", ". T0410: Argument 1 of function \"parse\" does not match function signature"),
    coded("$uuid('seed')", ". T0410: Argument 1 of function \"uuid\" does not match function signature"),
    coded("$partition([1,2,3], -1)", ". D3137: Second argument must be zero or greater"),
    coded("$partition(null, 2)", ". T0412: Argument 1 of function \"partition\" must be an array of \"values\""),
    coded("$parse('{\"a\":1,\"a\":2}')", ". D3137: Invalid JSON: Duplicate field 'a'"),
    coded("$parse('1e400')", ". D3137: Invalid JSON: Numeric value (1e400) out of range"),
    coded("$sum([1..873783])", ": Expression evaluation memory limit exceeded: Check for excessive memory usage"),
    coded("$range(1, 360146, 1)", ": Expression evaluation memory limit exceeded: Check for excessive memory usage"),
    coded(`1${"+1".repeat(100)}`, ": Stack overflow error: Check for non-terminating recursive function. Consider rewriting as tail-recursive"),
    coded("($f := function($x){ $x <= 0 ? 0 : 1 + $f($x-1) }; $f(32))", ": Stack overflow error: Check for non-terminating recursive function. Consider rewriting as tail-recursive"),
  ])("of %s", async (expression, text) => {
    const ran = await pass({ v: `{% ${expression} %}` });
    expect([ran.error, ran.cause]).toEqual(["States.QueryEvaluationError", `${OUTPUT} ${text}`]);
    expect(ran.types).toEqual(["ExecutionStarted", "PassStateEntered", "EvaluationFailed", "ExecutionFailed"]);
    expect(ran.events[2]?.["evaluationFailedEventDetails"]).toEqual({ error: ran.error, cause: ran.cause, location: "Output/v", state: "S" });
  });

  it("follows in the history what the state follows, and is followed by what ends it", async () => {
    const machine = { QueryLanguage: "JSONata", StartAt: "A", States: { A: { Type: "Pass", Next: "B" }, B: { Type: "Pass", Output: "{% $nothing %}", End: true } } };
    const ran = await run(machine);
    expect(ran.types).toEqual(["ExecutionStarted", "PassStateEntered", "PassStateExited", "PassStateEntered", "EvaluationFailed", "ExecutionFailed"]);
    expect(ran.previous).toEqual([0, 0, 2, 3, 3, 5]);
  });

  it("is not yet one at the depth that the service allows", async () => {
    expect((await pass(`{% 1${"+1".repeat(99)} %}`)).output).toBe(100);
    expect((await pass("{% ($f := function($x){ $x <= 0 ? 0 : 1 + $f($x-1) }; $f(31)) %}")).output).toBe(31);
  });

  it("of a function as the result", async () => {
    expect(await pass("{% function($x){ $x } %}")).toMatchObject({ status: "FAILED", error: "States.QueryEvaluationError" });
  });

  it("of a value of the wrong type", async () => {
    const ran = await run(single({ Type: "Wait", Seconds: "{% 'soon' %}" }, "JSONata"));
    expect(ran.cause).toBe(`${OUTPUT} ''soon'' specified for the field 'Seconds' returned an unexpected result type. Expected 'number', but was 'string' for value: "soon"`);
  });
});
