/**
 * Schedule expressions, `rate(5 minutes)` and `cron(0 12 * * ? *)`, in UTC.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
 */
import { minutes, type Microseconds } from "../../../time/clock";
import { validation } from "./errors";

export interface Schedule {
  /** The first time after `time` at which the schedule is due; undefined when there is none. */
  next(time: Microseconds): Microseconds | undefined;
}

const invalid = (): Error => validation("Parameter ScheduleExpression is not valid.");
const UNITS: Record<string, number> = { minute: 1, hour: 60, day: 1440 };

/** @throws AwsError ValidationException */
export function parseSchedule(text: string): Schedule {
  const rate = /^rate\((\d+) (minute|hour|day)(s?)\)$/.exec(text);
  if (rate) {
    const value = Number(rate[1]);
    if (value < 1 || (value === 1) === (rate[3] === "s")) throw invalid();
    const interval = minutes(value * UNITS[rate[2]!]!);
    return { next: (time) => time + interval };
  }
  const cron = /^cron\(([^)]+)\)$/.exec(text);
  if (!cron) throw invalid();
  return parseCron(cron[1]!.trim().split(/\s+/));
}

const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const WEEKDAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/** Minutes, hours, day of month, month, day of week, year. */
function parseCron(fields: string[]): Schedule {
  if (fields.length !== 6) throw invalid();
  const [minuteText, hourText, dayText, monthText, weekdayText, yearText] = fields as [string, string, string, string, string, string];
  if ((dayText === "?") === (weekdayText === "?")) throw invalid();
  const minute = values(minuteText, 0, 59);
  const hour = values(hourText, 0, 23);
  const month = values(monthText, 1, 12, MONTHS, 1);
  const year = values(yearText, 1970, 2199);
  const day = dayMatcher(dayText);
  const weekday = weekdayMatcher(weekdayText);
  return {
    next(time) {
      const start = new Date(Math.floor(time / 60_000_000) * 60_000 + 60_000);
      const date = new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth(), start.getUTCDate()));
      for (let days = 0; days < 366 * 12; days++, date.setUTCDate(date.getUTCDate() + 1)) {
        if (!year.has(date.getUTCFullYear()) || !month.has(date.getUTCMonth() + 1) || !day(date) || !weekday(date)) continue;
        for (const h of [...hour].sort((a, b) => a - b)) {
          for (const m of [...minute].sort((a, b) => a - b)) {
            const due = date.getTime() + (h * 60 + m) * 60_000;
            if (due >= start.getTime()) return due * 1000;
          }
        }
      }
      return undefined;
    },
  };
}

const daysInMonth = (date: Date): number => new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();

function dayMatcher(text: string): (date: Date) => boolean {
  if (text === "?" || text === "*") return () => true;
  if (text === "L") return (date) => date.getUTCDate() === daysInMonth(date);
  const nearest = /^(\d{1,2})W$/.exec(text);
  if (nearest) return (date) => date.getUTCDate() === nearestWeekday(date, Number(nearest[1]));
  const days = values(text, 1, 31);
  return (date) => days.has(date.getUTCDate());
}

/** The day of the month of the weekday nearest to that day, within the same month. */
function nearestWeekday(date: Date, day: number): number {
  const last = daysInMonth(date);
  const wanted = Math.min(day, last);
  const weekday = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), wanted)).getUTCDay();
  if (weekday === 6) return wanted > 1 ? wanted - 1 : wanted + 2;
  if (weekday === 0) return wanted < last ? wanted + 1 : wanted - 2;
  return wanted;
}

function weekdayMatcher(text: string): (date: Date) => boolean {
  if (text === "?" || text === "*") return () => true;
  const ordinal = /^([1-7]|[A-Z]{3})#([1-5])$/i.exec(text);
  if (ordinal) {
    const [weekday] = values(ordinal[1]!, 1, 7, WEEKDAYS, 1);
    return (date) => date.getUTCDay() + 1 === weekday && Math.ceil(date.getUTCDate() / 7) === Number(ordinal[2]);
  }
  const last = /^([1-7]|[A-Z]{3})?L$/i.exec(text);
  if (last) {
    const [weekday] = last[1] ? values(last[1], 1, 7, WEEKDAYS, 1) : new Set([7]);
    return (date) => date.getUTCDay() + 1 === weekday && (last[1] === undefined || date.getUTCDate() > daysInMonth(date) - 7);
  }
  const weekdays = values(text, 1, 7, WEEKDAYS, 1);
  return (date) => weekdays.has(date.getUTCDay() + 1);
}

/** The values of a field: `*`, `5`, `1-5`, `0/15`, and lists of these, names where the field has them. */
function values(text: string, low: number, high: number, names: readonly string[] = [], firstName = 0): Set<number> {
  const found = new Set<number>();
  for (const part of text.split(",")) {
    const match = /^(\*|[A-Za-z0-9]+)(?:-([A-Za-z0-9]+))?(?:\/(\d+))?$/.exec(part);
    if (!match) throw invalid();
    const [, first, second, step] = match;
    const value = (word: string): number => {
      const index = names.indexOf(word.toUpperCase());
      const number = index >= 0 ? index + firstName : /^\d+$/.test(word) ? Number(word) : NaN;
      if (!(number >= low && number <= high)) throw invalid();
      return number;
    };
    const from = first === "*" ? low : value(first!);
    const to = first === "*" ? high : second !== undefined ? value(second) : step !== undefined ? high : from;
    const by = step === undefined ? 1 : Number(step);
    if (by < 1 || to < from) throw invalid();
    for (let number = from; number <= to; number += by) found.add(number);
  }
  return found;
}
