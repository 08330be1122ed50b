import { around, describe as words } from "../../../harness/console/events";
import { Board } from "../../../harness/console/board";
import { countsText, failureLines, resultTable } from "../../../harness/console/summary";
import { clean, clockTime, cut, table, width } from "../../../harness/console/text";
import type { ScenarioResult } from "../../../harness/model/result";
import type { Executed } from "../../../harness/runner/index";
import { history, vanished, VANISH } from "../checks/hand-written";

const result = (changes: Partial<ScenarioResult> = {}): ScenarioResult => ({
  name: "vanished", status: "passed", percent: 100, attempts: 2, lostWorkSeconds: 90, virtualSeconds: 556, wallSeconds: 1.234, checks: [],
  interruptions: [{ kind: "vanish", atSeconds: 135, job: "job", atPercent: 25, pauseSeconds: 46, lostWorkSeconds: 90, limits: { pauseSeconds: 50, lostWorkSeconds: 123, because: "pause: launch and boot; lost work: an interval" } }], rerun: "npm run scenario -- vanished --seed 1", ...changes,
});
const executed = (changes: Partial<ScenarioResult> = {}): Executed => ({ result: result(changes) });

/** A terminal: what stands on it after everything that was written. */
class Terminal {
  readonly lines: string[] = [""];
  row = 0;
  hidden = false;
  constructor(private readonly width: number | undefined = 80) {}
  columns = (): number | undefined => this.width;
  rows = (): number | undefined => 10;
  write(text: string): void {
    // eslint-disable-next-line no-control-regex
    for (const [part] of text.matchAll(/\u001b\[\?25[lh]|\u001b\[(\d*)A|\u001b\[J|\u001b\[[0-9;]*m|\r|\n|[^\u001b\r\n]+/g)) {
      if (part === "\u001b[?25l") this.hidden = true;
      else if (part === "\u001b[?25h") this.hidden = false;
      else if (part === "\u001b[J") this.lines.splice(this.row, Infinity, "");
      else if (part.endsWith("A") && part.startsWith("\u001b[")) this.row -= Number(part.slice(2, -1));
      else if (part.startsWith("\u001b") || part === "\r") continue;
      else if (part === "\n") this.lines[++this.row] ??= "";
      else {
        expect(this.width === undefined || [...this.lines[this.row]! + part].length < this.width).toBe(true);
        this.lines[this.row] += part;
      }
      expect(this.row).toBeGreaterThanOrEqual(0);
    }
  }
}

describe("on a terminal", () => {
  const make = (columns = 80) => {
    const screen = new Terminal(columns);
    let seconds = 0;
    const board = new Board({ screen, live: true, colours: true, total: 2, now: () => (seconds += 1) });
    return { screen, board };
  };
  test("each running scenario has one line, drawn over itself", () => {
    const { screen, board } = make();
    board.start("vanished");
    board.start("terminated");
    board.progress({ id: "vanished", percent: 12.5, attempt: 1, virtualSeconds: 90, state: "working" });
    board.progress({ id: "vanished", percent: 50, attempt: 2, virtualSeconds: 290, state: "working" });
    expect(screen.lines).toEqual(["  vanished    ██████████░░░░░░░░░░   50.0%  attempt 2  4:50  working", "  terminated  ░░░░░░░░░░░░░░░░░░░░    0.0%  0:00  preparing", ""]);
    expect(screen.hidden).toBe(true);
  });
  test("what is done stays, above what still runs", () => {
    const { screen, board } = make();
    board.start("vanished");
    board.start("terminated");
    board.finish(executed());
    expect(screen.lines).toEqual(["[1/2] pass  vanished  100%, 2 attempts, 90 s of work lost, 9:16 in 1.2 s", "  terminated  ░░░░░░░░░░░░░░░░░░░░    0.0%  0:00  preparing", ""]);
  });
  test("nothing that moves is left at the end, and the cursor is back", () => {
    const { screen, board } = make();
    board.start("vanished");
    board.close();
    board.close();
    expect(screen.lines.join("")).toBe("");
    expect(screen.hidden).toBe(false);
  });
  test("more runs than rows show as many as there is room for", () => {
    const { screen, board } = make();
    for (let i = 0; i < 40; i++) board.start(`run-${i}`);
    expect(screen.lines).toHaveLength(9);
  });
  test("a terminal of unknown width counts as one of 80 columns", () => {
    let written = "";
    const board = new Board({ screen: { write: (text) => void (written += text), columns: () => 0, rows: () => 0 }, live: true, colours: false, total: 1, now: () => 1 });
    board.start("vanished");
    expect(written).toContain("preparing");
  });
  test("a narrow terminal gets narrow lines", () => {
    const { screen, board } = make(30);
    board.start("a-scenario-with-a-rather-long-name");
    board.progress({ id: "a-scenario-with-a-rather-long-name", percent: 50, attempt: 2, virtualSeconds: 290, state: "working" });
    expect(screen.lines[0]).toHaveLength(29);
  });
});

describe("elsewhere", () => {
  const make = () => {
    let written = "";
    let seconds = 0;
    const board = new Board({ screen: { write: (text) => void (written += text), columns: () => undefined, rows: () => undefined }, live: false, colours: false, total: 1, now: () => seconds });
    return { board, written: () => written, pass: (by: number) => void (seconds += by) };
  };
  test("every line is written once, without a single escape", () => {
    const { board, written, pass } = make();
    board.start("vanished");
    for (let i = 0; i < 10; i++) {
      pass(1);
      board.progress({ id: "vanished", percent: 10 * i, attempt: 1, virtualSeconds: i * 40, state: "working" });
    }
    board.finish(executed());
    board.close();
    // eslint-disable-next-line no-control-regex
    expect(written()).not.toMatch(/[\u001b\r]/);
    expect(written().split("\n")).toEqual(["  …  vanished  40.0%  attempt 1  2:40  working", "  …  vanished  90.0%  attempt 1  6:00  working", "[1/1] pass  vanished  100%, 2 attempts, 90 s of work lost, 9:16 in 1.2 s", ""]);
  });
});

test("the table has a row for each run, aligned", () => {
  expect(resultTable([result(), result({ name: "x", status: "error", reason: "boom", interruptions: [] })], false)).toEqual([
    "scenario  status  percent  attempts  lost work (limit)  pause (limit)  virtual   wall",
    "vanished  passed     100%         2       90 s (123 s)    46 s (50 s)     9:16  1.2 s",
    "x         ERROR         -         -                  -              -        -  1.2 s",
  ]);
});

describe("a failure shows", () => {
  const failed = result({ status: "failed", checks: [{ name: "lost-work", status: "fail", detail: "expected 0 s of work lost; seen: 90 s", atSeconds: 181 }, { name: "attempts", status: "pass", detail: "2" }] });
  const lines = failureLines(failed, history(VANISH, vanished()), false);
  test("the check, what was expected and what was seen", () => expect(lines).toContain("  lost-work: expected 0 s of work lost; seen: 90 s"));
  test("the history around it, without samples", () => {
    expect(lines).toContain("      2:15  FAULT 1: vanish of i-0000000000000000a at 25%");
    expect(lines).toContain("      3:01  i-0000000000000000b took over (epoch 2), with 0% to restore");
    expect(lines).toContain("      5:04  checkpoint 1 committed at 33.3% (epoch 2)");
    expect(lines.length).toBeLessThan(16);
  });
  test("the command that runs it again", () => expect(lines.at(-1)).toBe("  run it again: npm run scenario -- vanished --seed 1"));
  test("not the checks that passed", () => expect(lines.join("\n")).not.toContain("attempts"));
});

test("every event of a history but its samples has words", () => {
  for (const event of vanished()) if (event.type !== "progress") expect(words(event)).toMatch(/\w/);
  expect(around(history(VANISH, vanished()), 0)[0]).toMatch(/^ {4}0:00 {2}execution x started$/);
});

test("text from outside cannot move the cursor", () => {
  expect(clean("a\u001b[2Jb\rc\u0007d\ne")).toBe("ab c d\ne");
  expect(cut("abcdef", 4)).toBe("abc…");
  expect(width("\u001b[31mred\u001b[39m")).toBe(3);
  expect(table([["a", "1"], ["bb", "10"]], [false, true])).toEqual(["a    1", "bb  10"]);
  expect([clockTime(0), clockTime(754.2), clockTime(4530)]).toEqual(["0:00", "12:34", "1:15:30"]);
  expect(countsText([result(), result({ status: "failed" }), result({ status: "error" })])).toBe("1 passed, 1 failed, 1 could not run");
});
