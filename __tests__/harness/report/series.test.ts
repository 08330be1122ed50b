import { seriesOf, simplify } from "../../../harness/report/series";
import { sampleHistory, sampleResults } from "./sample";

const series = () => seriesOf(sampleHistory(), "main", sampleResults().scenarios[0]!.interruptions);

describe("a chart's series", () => {
  test("progress belongs to the attempt that owned the job when it was made", () => {
    const [first, second] = series().attempts;
    expect(first!.points).toHaveLength(151);
    expect(second!.points[0]).toMatchObject({ at: 245, committed: 33.33 });
    expect(first!.to).toBe(196);
  });

  test("lost work spans from the fault to the next takeover, between restored and reached percent", () => {
    expect(series().losses).toEqual([{ from: 196, to: 245, low: 33.33, high: 41.67, label: "30.0 s of work lost" }]);
  });

  test("marks are the checkpoints, the faults by their nature, and the end", () => {
    expect(series().marks.map(({ kind, at }) => [kind, at])).toEqual([["checkpoint", 169], ["kill", 196], ["end", 490]]);
  });

  test("points on a straight line are dropped, corners are kept", () => {
    const line = Array.from({ length: 100 }, (_, at) => ({ at, committed: 0, total: at }));
    expect(simplify(line).length).toBeLessThan(4);
    const corner = [{ at: 0, committed: 0, total: 0 }, { at: 5, committed: 0, total: 5 }, { at: 6, committed: 5, total: 5 }, { at: 9, committed: 5, total: 8 }];
    expect(simplify(corner)).toEqual(corner);
  });
});
