import fc from "fast-check";
import { parseQueries, runQueries } from "../../../../../harness/region/services/cloudwatch/queries";
import { Metrics } from "../../../../../harness/region/services/cloudwatch/metrics";

test("any text at all is an expression with a result, or refused; nothing else happens", () => {
  const metrics = new Metrics();
  for (let time = 0; time < 300; time += 60) metrics.add({ namespace: "n", name: "m", dimensions: [{ Name: "JobId", Value: "a" }] }, { time, unit: "None", resolution: 60, count: 1, sum: time, min: time, max: time, values: [[time, 1]] });
  const word = fc.constantFrom("m", "e", "x", "1", "0", "+", "-", "*", "/", "^", "(", ")", "[", "]", ",", ">", "AND", "SUM(", "AVG(", "MAX(", "METRICS()", "FILL(m,", "IF(m>1,", "DIFF(", "SEARCH('{n,JobId}','Sum',60)", "SEARCH('", "'a'", "RATE(m)", "SLICE(METRICS(),0,", "SORT(METRICS(),'MAX',", "PERIOD(m)", "TIME_SERIES(2)", "LAST(");
  fc.assert(fc.property(fc.array(word, { maxLength: 8 }).map((words) => words.join(" ")), (Expression) => {
    try {
      const queries = parseQueries([{ Id: "m", MetricStat: { Metric: { Namespace: "n", MetricName: "m", Dimensions: [{ Name: "JobId", Value: "a" }] }, Period: 60, Stat: "Sum" }, ReturnData: false }, { Id: "e", Expression }]);
      for (const { points } of runQueries(metrics, queries, { start: 0, end: 300, now: 300 })) for (const point of points) expect(point.every(Number.isFinite)).toBe(true);
    } catch (error) {
      expect((error as { code?: string }).code).toMatch(/^(ValidationError|InvalidParameterValue|MissingParameter)$/);
    }
  }), { numRuns: 2000 });
});
