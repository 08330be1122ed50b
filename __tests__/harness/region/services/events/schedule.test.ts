import { parseSchedule } from "../../../../../harness/region/services/events/schedule";

const next = (expression: string, from: string): string | undefined => {
  const due = parseSchedule(expression).next(Date.parse(from) * 1000);
  return due === undefined ? undefined : new Date(due / 1000).toISOString();
};

test.each([
  ["rate(5 minutes)", "2026-01-01T00:00:10Z", "2026-01-01T00:05:10.000Z"],
  ["rate(1 hour)", "2026-01-01T00:00:00Z", "2026-01-01T01:00:00.000Z"],
  ["rate(2 days)", "2026-01-01T00:00:00Z", "2026-01-03T00:00:00.000Z"],
  ["cron(0 12 * * ? *)", "2026-01-01T12:00:00Z", "2026-01-02T12:00:00.000Z"],
  ["cron(0/15 * * * ? *)", "2026-01-01T00:16:00Z", "2026-01-01T00:30:00.000Z"],
  ["cron(15 10 ? * 6L 2026-2030)", "2026-01-01T00:00:00Z", "2026-01-30T10:15:00.000Z"],
  ["cron(0 8 1 * ? *)", "2026-01-01T09:00:00Z", "2026-02-01T08:00:00.000Z"],
  ["cron(0 18 ? * MON-FRI *)", "2026-01-02T18:00:00Z", "2026-01-05T18:00:00.000Z"],
  ["cron(0 9 ? * 2#1 *)", "2026-01-01T00:00:00Z", "2026-01-05T09:00:00.000Z"],
  ["cron(0 0 L 2 ? *)", "2026-01-01T00:00:00Z", "2026-02-28T00:00:00.000Z"],
  ["cron(0 0 3W * ? *)", "2026-01-01T00:00:00Z", "2026-01-02T00:00:00.000Z"],
  ["cron(0 0 29 2 ? *)", "2026-01-01T00:00:00Z", "2028-02-29T00:00:00.000Z"],
  ["cron(0 0 1 1 ? 2020)", "2026-01-01T00:00:00Z", undefined],
])("%s after %s is due at %s", (expression, from, expected) => {
  expect(next(expression, from)).toBe(expected);
});

test.each(["rate(1 minutes)", "rate(5 minute)", "rate(0 minutes)", "rate(5 seconds)", "every 5 minutes", "cron(0 12 * * *)", "cron(0 12 * * * *)", "cron(60 12 * * ? *)", "cron(0 12 ? * FOO *)"])("%s is refused", (expression) => {
  expect(() => parseSchedule(expression)).toThrow("Parameter ScheduleExpression is not valid.");
});
