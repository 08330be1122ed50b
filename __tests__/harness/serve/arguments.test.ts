import { parseServeArguments, serveHelp } from "../../../harness/serve/arguments";

test("without flags: the documented port, an empty region, the virtual clock, a line for each call", () => {
  expect(parseServeArguments([])).toEqual({ port: 4599, clock: { kind: "virtual" }, quiet: false, help: false });
  expect(serveHelp()).toContain("(default: 4599)");
});

test("every flag is taken", () => {
  expect(parseServeArguments(["--port", "0", "--clock=scaled=60", "--load", "cdktf.out", "--outputs", "o.json", "--quiet"]))
    .toEqual({ port: 0, clock: { kind: "system", scale: 60 }, load: "cdktf.out", outputs: "o.json", quiet: true, help: false });
  expect(parseServeArguments(["--clock", "real"]).clock).toEqual({ kind: "system", scale: 1 });
  expect(parseServeArguments(["--clock", "scaled=0.5"]).clock).toEqual({ kind: "system", scale: 0.5 });
});

test.each([
  [["--prot", "1"], 'There is no flag --prot; did you mean "--port"?'],
  [["--port", "70000"], "--port 70000: a number from 0 to 65535 is needed."],
  [["--port", "x"], "--port x: a number from 0 to 65535 is needed."],
  [["--port"], "--port needs a value: --port N"],
  [["--clock", "vitual"], '--clock vitual: there is no such clock; did you mean "virtual"?'],
  [["--clock", "scaled"], "--clock scaled: a number above 0 and at most 10000 is needed"],
  [["--clock", "scaled=0"], "--clock scaled=0: a number above 0"],
  [["--clock", "scaled=-1"], "--clock scaled=-1: a number above 0"],
  [["cdktf.out"], '"cdktf.out" is no flag'],
  [["--outputs", "o.json"], "--outputs needs --load"],
  [["--quiet=1"], "--quiet takes no value."],
])("%j is refused: %s", (given, message) => {
  expect(() => parseServeArguments(given)).toThrow(message);
});
