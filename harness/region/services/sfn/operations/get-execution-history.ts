/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_GetExecutionHistory.html */
import { toApiEvent } from "../../../../asl/history";
import type { Operation } from "../../../core/types";
import { invalidToken } from "../errors";
import { readMaxResults } from "../input";
import { checkArn } from "../names";
import type { SfnStore } from "../store";

interface GetExecutionHistoryInput { executionArn?: string; maxResults?: number; reverseOrder?: boolean; nextToken?: string; includeExecutionData?: boolean }

export const getExecutionHistory = (store: SfnStore): Operation<GetExecutionHistoryInput> => ({ executionArn, maxResults, reverseOrder = false, nextToken, includeExecutionData = true }) => {
  const { events } = store.execution(checkArn(executionArn, "executionArn")).execution;
  const limit = readMaxResults(maxResults);
  // Events are only ever added. Read backwards, a page is told how many events, from the first, are still to come, so that new ones do not shift it.
  const start = nextToken === undefined ? (reverseOrder ? events.length : 0) : readToken(nextToken, events.length);
  const page = reverseOrder ? events.slice(Math.max(start - limit, 0), start).reverse() : events.slice(start, start + limit);
  const next = reverseOrder ? start - page.length : start + page.length;
  const more = reverseOrder ? next > 0 : next < events.length;
  return { events: page.map((event) => toApiEvent(event, includeExecutionData)), ...(more ? { nextToken: Buffer.from(`from:${next}`).toString("base64url") } : {}) };
};

function readToken(token: string, most: number): number {
  const found = /^from:(\d+)$/.exec(Buffer.from(token, "base64url").toString("utf8"))?.[1];
  if (found === undefined || Number(found) > most) throw invalidToken();
  return Number(found);
}
