/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_RedriveExecution.html */
import { minutes, toDate } from "../../../../time/clock";
import type { Operation } from "../../../core/types";
import { executionNotRedrivable } from "../errors";
import { redriveExecution as redrive } from "../executions";
import { checkArn } from "../names";
import { whyNotRedrivable } from "../redrive";
import type { SfnStore } from "../store";

/** So many of the last tokens are known again, for so long. */
const TOKENS = 10;
const TOKEN_IS_VALID = minutes(15);

/** Idempotent by its token. */
export const redriveExecution = (store: SfnStore): Operation<{ executionArn?: string; clientToken?: string }> => ({ executionArn, clientToken }) => {
  const record = store.execution(checkArn(executionArn, "executionArn"));
  const now = store.region.clock.now();
  const known = record.redriveTokens.find(({ token, time }) => token === clientToken && now - time <= TOKEN_IS_VALID);
  if (known !== undefined) return { redriveDate: toDate(known.time) };
  const whyNot = whyNotRedrivable(record, now);
  if (whyNot !== undefined) throw executionNotRedrivable(whyNot);
  redrive(store, record);
  if (clientToken !== undefined) record.redriveTokens = [...record.redriveTokens.slice(1 - TOKENS), { token: clientToken, time: now }];
  return { redriveDate: toDate(now) };
};
