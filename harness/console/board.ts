/**
 * What moves while scenarios run. On a terminal: one line for each that runs, drawn over itself. Elsewhere: plain lines,
 * each written once, so that a log stays readable.
 */
import type { Executed, Progress } from "../runner/index";
import { clean, clockTime, cut, duration, percent, style, type Style } from "./text";

export interface Screen {
  write(text: string): void;
  /** Columns of a terminal; 0 or undefined when nobody knows. */
  columns(): number | undefined;
  /** Its rows; likewise. */
  rows(): number | undefined;
}

export interface BoardOptions {
  screen: Screen;
  /** Lines may be drawn over. */
  live: boolean;
  colours: boolean;
  /** How many runs there are in all. */
  total: number;
  /** Real seconds, for how often to draw. */
  now(): number;
}

/** Seconds of real time between two drawings, and between two plain lines of the same run. */
const DRAW_SECONDS = 0.1;
const PLAIN_SECONDS = 5;
const BAR_COLUMNS = 20;
const HIDE_CURSOR = "\u001b[?25l";
const SHOW_CURSOR = "\u001b[?25h";

export class Board {
  private readonly running = new Map<string, Progress>();
  private readonly style: Style;
  private drawn = 0;
  private drawnAt = -Infinity;
  private readonly toldAt = new Map<string, number>();
  private done = 0;
  private closed = false;

  constructor(private readonly options: BoardOptions) {
    this.style = style(options.colours);
    if (options.live) options.screen.write(HIDE_CURSOR);
  }

  start(id: string): void {
    this.running.set(id, { id, percent: 0, attempt: 0, virtualSeconds: 0, state: "preparing" });
    this.toldAt.set(id, this.options.now());
    this.draw();
  }

  progress(progress: Progress): void {
    if (!this.running.has(progress.id)) return;
    this.running.set(progress.id, progress);
    if (this.options.live) return this.draw();
    const now = this.options.now();
    if (now - (this.toldAt.get(progress.id) ?? now) < PLAIN_SECONDS) return;
    this.toldAt.set(progress.id, now);
    this.options.screen.write(`  …  ${this.describe(progress)}\n`);
  }

  finish({ result }: Executed): void {
    this.running.delete(result.name);
    this.done++;
    const { green, red, yellow } = this.style;
    const mark = { passed: green("pass"), failed: red("FAIL"), error: red("ERR "), unsupported: yellow("skip") }[result.status];
    const count = `[${String(this.done).padStart(String(this.options.total).length)}/${this.options.total}]`;
    const figures = result.status === "passed" || result.status === "failed"
      ? `${percent(result.percent)}, ${result.attempts} attempt${result.attempts === 1 ? "" : "s"}, ${duration(result.lostWorkSeconds)} of work lost, ${clockTime(result.virtualSeconds)} in ${duration(result.wallSeconds)}`
      : clean(result.reason ?? "").split("\n")[0] ?? "";
    this.clear();
    this.options.screen.write(`${this.style.dim(count)} ${mark}  ${result.name}  ${this.style.dim(figures)}\n`);
    this.draw(true);
  }

  /** Takes the moving lines away and gives the cursor back; safe to call twice. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.clear();
    if (this.options.live) this.options.screen.write(SHOW_CURSOR);
  }

  private describe({ id, percent: share, attempt, virtualSeconds, state }: Progress): string {
    return `${id}  ${share.toFixed(1)}%  ${attempt === 0 ? "no attempt yet" : `attempt ${attempt}`}  ${clockTime(virtualSeconds)}  ${state}`;
  }

  private draw(force = false): void {
    if (!this.options.live || this.closed) return;
    const now = this.options.now();
    if (!force && now - this.drawnAt < DRAW_SECONDS) return;
    this.drawnAt = now;
    const columns = this.options.screen.columns() || 80;
    const nameColumns = Math.max(0, ...[...this.running.keys()].map((id) => id.length));
    // What has scrolled out of sight cannot be drawn over.
    const most = Math.max(1, (this.options.screen.rows() || 24) - 2);
    const lines = [...this.running.values()].slice(0, most).map((progress) => {
      const filled = Math.round((Math.min(100, progress.percent) / 100) * BAR_COLUMNS);
      const bar = "█".repeat(filled) + "░".repeat(BAR_COLUMNS - filled);
      const rest = `${progress.percent.toFixed(1).padStart(5)}%  ${progress.attempt === 0 ? "" : `attempt ${progress.attempt}  `}${clockTime(progress.virtualSeconds)}  ${progress.state}`;
      // One column is left free: a full line would wrap, and then there would be one line more than was counted.
      return cut(`  ${progress.id.padEnd(nameColumns)}  ${bar}  ${rest}`, columns - 1);
    });
    this.options.screen.write(`${this.erasure()}${lines.map((line) => `${line}\n`).join("")}`);
    this.drawn = lines.length;
  }

  private clear(): void {
    if (this.drawn > 0) this.options.screen.write(this.erasure());
    this.drawn = 0;
  }

  /** Up to the first moving line, and everything from there erased. */
  private erasure(): string {
    return this.drawn > 0 ? `\u001b[${this.drawn}A\r\u001b[J` : "";
  }
}
