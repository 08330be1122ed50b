import { parseEnvironmentFile, parseTimeSpan, parseUnit } from "../../../../harness/region/guest/unit-file";

const service = (...lines: string[]) => parseUnit("x.service", ["[Service]", "ExecStart=/bin/true", ...lines].join("\n"));

describe("a unit file", () => {
  it("is read with systemd's own defaults", () => {
    expect(service()).toMatchObject({
      name: "x.service", command: ["/bin/true"], restart: "no", restartSeconds: 0.1, stopSeconds: 90, killMode: "control-group", oomPolicy: "stop", oomScoreAdjust: 0,
      startLimitSeconds: 10, startLimitBurst: 5,
    });
  });

  it("is read whole", () => {
    const unit = parseUnit("x.service", `
# a comment
[Unit]
Description=what it is
After=network-online.target
StartLimitIntervalSec=1min 30s
StartLimitBurst=3

[Service]
Type=simple
ExecStart=-/usr/bin/python3 -u "/opt/a b.py" \\
  --rate=50%% 'x y'
Environment=A=1 "B=two words"
Environment=C=3
EnvironmentFile=-/etc/x.env
WorkingDirectory=/opt
StateDirectory=x
Restart=on-failure
RestartSec=5
TimeoutStopSec=2min
KillMode=mixed
OOMPolicy=continue
OOMScoreAdjust=-500
SuccessExitStatus=75 3
[Install]
WantedBy=multi-user.target
`);
    expect(unit).toMatchObject({
      description: "what it is", command: ["/usr/bin/python3", "-u", "/opt/a b.py", "--rate=50%", "x y"], ignoreFailure: true,
      environment: { A: "1", B: "two words", C: "3" }, environmentFiles: [{ path: "/etc/x.env", optional: true }],
      workingDirectory: "/opt", stateDirectory: "x", restart: "on-failure", restartSeconds: 5, stopSeconds: 120, killMode: "mixed", oomPolicy: "continue", oomScoreAdjust: -500,
      successCodes: [75, 3], startLimitSeconds: 90, startLimitBurst: 3,
    });
  });

  it.each([
    [["Nice=5"], /x\.service, line 3: Nice= is not supported in \[Service\]/],
    [["Type=notify"], /line 3: Type=: "notify" is not supported \(what is: simple, exec, forking\)/],
    [["ExecStart=/bin/false"], /a second command is not supported/],
    [["Restart=sometimes"], /"sometimes" is not supported/],
    [["RestartSec=soon"], /"soon" is no time span/],
    [["StateDirectory=../x"], /"\.\.\/x" is not supported/],
    [["OOMScoreAdjust=-1001"], /"-1001" is no number from -1000 to 1000/],
    [["OOMPolicy=ignore"], /"ignore" is not supported \(what is: continue, stop, kill\)/],
    [["SuccessExitStatus=900"], /no exit code/],
    [["nonsense"], /line 3: "nonsense" is neither a section nor an assignment/],
    [["[Socket]"], /section \[Socket\] is not supported/],
  ])("is refused by name: %j", (lines, message) => expect(() => service(...lines)).toThrow(message));

  it("needs a command with an absolute path, without prefixes and specifiers", () => {
    for (const command of ["python3 x.py", "+/bin/true", "/bin/echo %n"]) {
      expect(() => parseUnit("x.service", `[Service]\nExecStart=${command}`)).toThrow(/line 2: ExecStart=/);
    }
    expect(() => parseUnit("x.service", "[Service]\n")).toThrow("there is no ExecStart=");
  });
});

it("time spans are read as systemd reads them", () => {
  expect(["5", "1.5", "500ms", "2min 3s", "1h", "infinity"].map(parseTimeSpan)).toEqual([5, 1.5, 0.5, 123, 3600, Infinity]);
});

it("an environment file's quotes are taken off", () => {
  expect(parseEnvironmentFile(`A=1\n# no\n\nB="two words"\nC='it is'\nD=a b\nE=`)).toEqual({ A: "1", B: "two words", C: "it is", D: "a b", E: "" });
});
