import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { stripPython } from "../../stacks/python-source";

const USERDATA = join(__dirname, "..", "..", "userdata");

/** Compares pairs of sources, read from standard input as JSON, as Python understands them, strings that are statements aside; prints the differing ones' numbers. */
const COMPARE = `
import ast, json, sys
def meaning(source):
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            node.value.value = ""  # a string that nobody reads, as docstrings are
    lines = [node.lineno for node in ast.walk(tree) if isinstance(node, ast.stmt)]
    return ast.dump(tree), lines
print(json.dumps([i for i, (a, b) in enumerate(json.load(sys.stdin)) if meaning(a) != meaning(b)]))
`;

function differing(sources: string[]): number[] {
  const { stdout, stderr } = spawnSync("python3", ["-c", COMPARE], { input: JSON.stringify(sources.map((source) => [source, stripPython(source)])), encoding: "utf8" });
  expect(stderr).toBe("");
  return JSON.parse(stdout) as number[];
}

const CASES = [
  '"""Module."""\nx = 1  # one\n',
  'def f():\n    """Only this."""\n\ndef g():\n    r"""raw docstrings stay"""\n    return "#" + \'#\' # comment "quoted"\n',
  'x = """not a docstring # nor a comment"""\ny = [\n  "a",  # first\n  "b",\n]\n',
  'x = (\n"""in brackets"""\n)\n',
  'x = \\\n"""continued"""\n',
  'class A:\n  \'\'\'Class\n  over lines\n  \'\'\'\n  b = "\\"#"  # escaped\n  c = \'it"s\'\n',
  'f"{x!r:>{10}}#"\nprint(f"a{\'b\'}")\n',
  'if True:\n    "a" "b"\n    "a"; x = 1\n    "c"  # comment\n',
  "s = b'''#'''\nt = rb'\\\\'\n#",
  "def f(a,  # first\n      b):\n    '''doc'''  # and comment\n    return a  # end",
  "x = 5 # no newline at the end",
  "",
];

it("keeps the meaning and the line numbers of what it strips", () => {
  expect(differing(CASES)).toEqual([]);
});

it("keeps the meaning of all that travels in the user data", () => {
  const files = ["agent", "workload"].flatMap((folder) => readdirSync(join(USERDATA, folder)).filter((name) => name.endsWith(".py")).map((name) => join(USERDATA, folder, name)));
  expect(files.length).toBeGreaterThan(3);
  expect(differing(files.map((file) => readFileSync(file, "utf8"))).map((index) => files[index])).toEqual([]);
});

it("takes comments and docstrings away", () => {
  expect(stripPython('#!/usr/bin/env python3\n"""What it is.\n\nAnd more."""\nx = 1  # one\n\n\ndef f():\n    """What it does."""\n')).toBe('\n""\n\n\nx = 1\n\n\ndef f():\n    ""\n');
});

it("leaves what is in strings alone", () => {
  expect(stripPython('x = "a # b"\n')).toBe('x = "a # b"\n');
});
