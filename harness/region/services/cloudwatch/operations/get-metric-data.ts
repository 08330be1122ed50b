/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html */
import { toSeconds } from "../../../../time/clock";
import { AwsError, type Operation } from "../../../core/types";
import { dateOf, numberOf } from "../../../wire/scalars";
import { missingParameter, validation } from "../errors";
import type { Metrics } from "../metrics";
import { parseQueries, runQueries, type InputQuery } from "../queries";

const MOST_DATAPOINTS = 100_800;

interface Input { MetricDataQueries?: InputQuery[]; StartTime?: Date; EndTime?: Date; NextToken?: string; ScanBy?: string; MaxDatapoints?: number | string }

export const getMetricData = (metrics: Metrics): Operation<Input> => (input, { region }) => {
  const start = dateOf(input.StartTime, "StartTime");
  const end = dateOf(input.EndTime, "EndTime");
  if (!start) throw missingParameter("StartTime");
  if (!end) throw missingParameter("EndTime");
  if (start >= end) throw validation("The parameter StartTime must be less than the parameter EndTime.");
  const ascending = input.ScanBy === "TimestampAscending";
  if (input.ScanBy && !ascending && input.ScanBy !== "TimestampDescending") throw validation(`The value ${input.ScanBy} for parameter ScanBy is invalid.`);
  const most = numberOf(input.MaxDatapoints, "MaxDatapoints") ?? MOST_DATAPOINTS;
  if (most < 1 || most > MOST_DATAPOINTS) throw validation(`The value ${most} for parameter MaxDatapoints must be between 1 and ${MOST_DATAPOINTS}.`);
  const results = runQueries(metrics, parseQueries(input.MetricDataQueries), { start: start.getTime() / 1000, end: end.getTime() / 1000, now: toSeconds(region.clock.now()) });

  // Pages hold datapoints of the results in order; a result that goes on in the next page is partial in this one.
  const skip = readToken(input.NextToken);
  let passed = 0;
  let room = most;
  let isCut = false;
  const shown: object[] = [];
  for (const { id, label, points } of results) {
    const ordered = ascending ? points : [...points].reverse();
    const first = Math.max(0, skip - passed);
    passed += ordered.length;
    if (first > 0 && first >= ordered.length) continue;
    if (room === 0 && ordered.length > 0) {
      isCut = true;
      break;
    }
    const part = ordered.slice(first, first + room);
    room -= part.length;
    const complete = first + part.length === ordered.length;
    shown.push({ Id: id, Label: label, Timestamps: part.map(([time]) => new Date(time * 1000)), Values: part.map(([, value]) => value), StatusCode: complete ? "Complete" : "PartialData" });
    if (!complete) {
      isCut = true;
      break;
    }
  }
  return { MetricDataResults: shown, Messages: [], ...(isCut ? { NextToken: Buffer.from(`data:${skip + most}`).toString("base64url") } : {}) };
};

function readToken(token: string | undefined): number {
  if (!token) return 0;
  const match = /^data:(\d+)$/.exec(Buffer.from(token, "base64url").toString("utf8"));
  if (!match) throw new AwsError("InvalidNextToken", "The next token is invalid.");
  return Number(match[1]);
}
