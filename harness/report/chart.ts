/**
 * One job's run as a picture (SVG): progress over time with checkpointed and unsaved work, attempts as bands, notices,
 * kills and checkpoints as marks, lost work shaded. Colours are the page's CSS classes, so that it follows its theme.
 */
import { escape } from "./escape";
import { clockTime } from "./format";
import { simplify, type Attempt, type JobSeries, type Mark, type Point } from "./series";

export interface ChartSize { width: number; height: number }

const MARGIN = { top: 40, right: 12, bottom: 30, left: 42 };
/** Steps of a time axis that people read easily, in seconds. */
const STEPS = [5, 10, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200, 86400];
const SPACE_FOR_A_LABEL = 62;

export function chart(series: JobSeries, size: ChartSize): string {
  const span = Math.max(series.end, 1);
  const inner = { width: size.width - MARGIN.left - MARGIN.right, height: size.height - MARGIN.top - MARGIN.bottom };
  const x = (seconds: number) => round(MARGIN.left + (inner.width * Math.min(Math.max(seconds, 0), span)) / span);
  const y = (percent: number) => round(MARGIN.top + inner.height * (1 - Math.min(Math.max(percent, 0), 100) / 100));
  const bottom = y(0);

  const parts = [
    ...series.attempts.map((attempt, index) => band(attempt, index, x, bottom)),
    ...axes(span, inner.width, x, y),
    ...series.attempts.flatMap((attempt) => areas(attempt, x, y, bottom)),
    ...series.losses.map((loss) =>
      `<rect class="loss" x="${x(loss.from)}" y="${y(loss.high)}" width="${Math.max(round(x(loss.to) - x(loss.from)), 2)}" height="${round(y(loss.low) - y(loss.high))}"><title>${escape(loss.label)}</title></rect>`),
    ...series.marks.map((mark) => drawMark(mark, x, y, bottom)),
  ];
  const summary = `Progress of ${series.job}: ${series.attempts.length} attempt(s) in ${clockTime(series.end)}; ` +
    (series.marks.filter((mark) => mark.kind !== "checkpoint").map((mark) => `${mark.label} at ${clockTime(mark.at)}`).join("; ") || "no interruption");
  return `<svg viewBox="0 0 ${size.width} ${size.height}" width="${size.width}" height="${size.height}" role="img" aria-label="${escape(summary)}">${parts.join("")}</svg>`;
}

const round = (value: number): number => Number(value.toFixed(1));

type Scale = (value: number) => number;

function band(attempt: Attempt, index: number, x: Scale, bottom: number): string {
  const left = x(attempt.from);
  const width = Math.max(round(x(attempt.to) - left), 1);
  const owned = attempt.owned === undefined ? attempt.to : attempt.owned;
  const boot = Math.max(round(x(Math.min(owned, attempt.to)) - left), 0);
  const label = width > 84 ? `attempt ${attempt.launch}` : width > 14 ? String(attempt.launch) : "";
  return `<g class="attempt a${index % 2}"><title>attempt ${attempt.launch}, ${escape(attempt.instanceId)}: ${clockTime(attempt.from)} to ${clockTime(attempt.to)}</title>` +
    `<rect class="band" x="${left}" y="${MARGIN.top - 16}" width="${width}" height="${round(bottom - MARGIN.top + 16)}"/>` +
    `<rect class="boot" x="${left}" y="${MARGIN.top - 16}" width="${boot}" height="${round(bottom - MARGIN.top + 16)}"/>` +
    `<text class="band-label" x="${left + 4}" y="${MARGIN.top - 4}">${label}</text></g>`;
}

function axes(span: number, width: number, x: Scale, y: Scale): string[] {
  const parts: string[] = [];
  for (const percent of [0, 25, 50, 75, 100]) {
    parts.push(`<line class="grid" x1="${x(0)}" x2="${x(span)}" y1="${y(percent)}" y2="${y(percent)}"/>`);
    parts.push(`<text class="tick" text-anchor="end" x="${x(0) - 6}" y="${y(percent) + 4}">${percent}%</text>`);
  }
  const wanted = Math.max(Math.floor(width / SPACE_FOR_A_LABEL), 2);
  const step = STEPS.find((candidate) => span / candidate <= wanted) ?? Math.ceil(span / wanted / 86400) * 86400;
  for (let at = 0; at <= span; at += step) {
    parts.push(`<line class="tick-line" x1="${x(at)}" x2="${x(at)}" y1="${y(0)}" y2="${y(0) + 4}"/>`);
    const anchor = at === 0 ? "start" : x(at) > MARGIN.left + width - 16 ? "end" : "middle";
    parts.push(`<text class="tick" text-anchor="${anchor}" x="${x(at)}" y="${y(0) + 18}">${clockTime(at)}</text>`);
  }
  return parts;
}

function areas(attempt: Attempt, x: Scale, y: Scale, bottom: number): string[] {
  const points = simplify(attempt.points);
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined) return [];
  const along = (list: readonly Point[], key: "committed" | "total") => list.map((point) => `${x(point.at)},${y(point[key])}`).join(" ");
  const back = [...points].reverse();
  return [
    `<polygon class="committed" points="${x(first.at)},${bottom} ${along(points, "committed")} ${x(last.at)},${bottom}"/>`,
    `<polygon class="unsaved" points="${along(points, "committed")} ${along(back, "total")}"/>`,
    `<polyline class="total" points="${along(points, "total")}"/>`,
  ];
}

function drawMark(mark: Mark, x: Scale, y: Scale, bottom: number): string {
  const title = `<title>${escape(mark.label)}, ${clockTime(mark.at)}</title>`;
  const at = x(mark.at);
  if (mark.kind === "checkpoint") return `<circle class="mark checkpoint" cx="${at}" cy="${y(mark.height)}" r="4">${title}</circle>`;
  const line = `<line class="mark ${mark.kind}" x1="${at}" x2="${at}" y1="${MARGIN.top - 16}" y2="${bottom}"/>`;
  if (mark.kind === "end") return `<g>${title}${line}</g>`;
  const top = MARGIN.top - 22;
  const sign = mark.kind === "kill"
    ? `<path class="mark kill" d="M${at - 5} ${top - 5}l10 10m0 -10l-10 10"/>`
    : mark.kind === "notice"
      ? `<path class="sign notice" d="M${at} ${top - 6}l6 11h-12z"/>`
      : `<rect class="sign fault" x="${at - 5}" y="${top - 5}" width="10" height="10"/>`;
  return `<g>${title}${line}${sign}</g>`;
}
