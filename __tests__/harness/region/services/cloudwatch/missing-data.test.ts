import { stateOf, type AlarmState, type MissingData } from "../../../../../harness/region/services/cloudwatch/missing-data";

/** The documentation's tables: datapoints oldest first (X breaches, 0 does not, - is missing), and the state for each treatment. */
const TREATMENTS: readonly MissingData[] = ["missing", "ignore", "breaching", "notBreaching"];
type Row = [points: string, states: (AlarmState | "retain")[]];

function check(rows: readonly Row[], evaluationPeriods: number, datapointsToAlarm: number): void {
  test.each(rows)(`%s, ${datapointsToAlarm} of ${evaluationPeriods}: %j`, (points, states) => {
    const newestFirst = points.split(" ").reverse().map((point) => (point === "-" ? undefined : point === "X"));
    expect(TREATMENTS.map((treat) => stateOf(newestFirst, evaluationPeriods, datapointsToAlarm, treat) ?? "retain")).toEqual(states);
  });
}

check([
  ["0 - X - X", ["OK", "OK", "OK", "OK"]],
  ["- - - - 0", ["OK", "OK", "OK", "OK"]],
  ["- - - - -", ["INSUFFICIENT_DATA", "retain", "ALARM", "OK"]],
  ["0 X X - X", ["ALARM", "ALARM", "ALARM", "ALARM"]],
  ["- - X - -", ["ALARM", "retain", "ALARM", "OK"]],
], 3, 3);

check([
  ["0 - X - X", ["ALARM", "ALARM", "ALARM", "ALARM"]],
  ["0 0 X 0 X", ["ALARM", "ALARM", "ALARM", "ALARM"]],
  ["0 - X - -", ["OK", "OK", "ALARM", "OK"]],
  ["- - - - 0", ["OK", "OK", "ALARM", "OK"]],
  ["- - - X -", ["ALARM", "retain", "ALARM", "OK"]],
], 3, 2);

test("an alarm is not raised too early on the only datapoint there is", () => {
  expect(stateOf([true, undefined, undefined, undefined, undefined], 3, 3, "missing")).toBeUndefined();
});
