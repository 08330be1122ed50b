import { helpText, parseArguments } from "../../../harness/arguments";
import { exitCode } from "../../../harness/cli";
import { UsageError } from "../../../harness/model/errors";

test("names and flags, in any order, with or without an equals sign", () => {
  expect(parseArguments(["a", "--seed=7", "b/2", "--out", "x", "--jobs", "3", "--target", "aws", "--yes", "--output", "name=n", "--list"])).toEqual({
    names: ["a", "b/2"], seed: "7", out: "x", jobs: 3, target: "aws", yes: true, list: true, help: false, output: { name: "n" },
  });
});

test.each([
  [["--lits"], 'There is no flag --lits; did you mean "--list"?'],
  [["--target", "asw"], '--target asw: there is no such target; did you mean "aws"?'],
  [["--target"], "--target needs a value: --target local|aws"],
  [["--out", "--list"], "--out needs a value: --out DIR"],
  [["--list=yes"], "--list takes no value."],
  [["--jobs", "0"], "--jobs 0: a number from 1 to 999 is needed."],
  [["--jobs", "1.5"], "--jobs 1.5: a number from 1 to 999 is needed."],
  [["--seed", "a b"], '--seed a b: a seed is 1 to 64 letters, digits, ".", "_" and "-".'],
  [["--output", "x"], "--output x: NAME=VALUE is needed, such as ledger_table=spotproof-ledger."],
])("%j is refused", (given, message) => {
  expect(() => parseArguments(given)).toThrow(UsageError);
  expect(() => parseArguments(given)).toThrow(message);
});

test("the help has every flag and the exit codes", () => {
  for (const word of ["--target", "--out", "--list", "--seed", "--jobs", "--yes", "Exit codes: 0"]) expect(helpText()).toContain(word);
});

describe("the exit code", () => {
  const of = (...statuses: ("passed" | "failed" | "error" | "unsupported")[]) => exitCode(statuses.map((status) => ({ status, byName: false })));
  test("is 0 when all passed", () => expect(of("passed", "passed")).toBe(0));
  test("is 1 when a check failed", () => expect(of("passed", "failed")).toBe(1));
  test("is 2 when something could not run, whatever else", () => expect(of("failed", "error")).toBe(2));
  test("is 2 for an unsupported scenario that was asked for by name only", () => {
    expect(of("passed", "unsupported")).toBe(0);
    expect(exitCode([{ status: "passed", byName: true }, { status: "unsupported", byName: true }])).toBe(2);
  });
  test("is 2 when nothing ran", () => expect(of("unsupported")).toBe(2));
});
