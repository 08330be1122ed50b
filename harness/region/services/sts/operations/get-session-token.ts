/** Temporary credentials of the caller's own. https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html */
import { toDate } from "../../../../time/clock";
import type { Credentials } from "../../../core/credentials";
import { AwsError, type Operation } from "../../../core/types";
import { notSupported } from "../../../core/unsupported";
import { numberOf } from "../../../wire/scalars";
import { REFUSED } from "../limits";

interface Input { DurationSeconds?: string | number; SerialNumber?: string; TokenCode?: string }

/** The account's owner gets an hour at most; longer sessions are cut to it. */
const MOST_SECONDS = 3600;
const outOfRange = (given: number, constraint: string): AwsError =>
  new AwsError("ValidationError", `1 validation error detected: Value '${given}' at 'durationSeconds' failed to satisfy constraint: Member must have value ${constraint}`);

export const getSessionToken = (credentials: Credentials): Operation<Input> => ({ DurationSeconds, SerialNumber, TokenCode }, { caller }) => {
  if (SerialNumber !== undefined || TokenCode !== undefined) throw new AwsError("ValidationError", notSupported(REFUSED.mfa));
  if (credentials.session(caller.accessKeyId)) throw new AwsError("AccessDenied", "Cannot call GetSessionToken with session credentials", 403);
  const asked = numberOf(DurationSeconds, "durationSeconds") ?? MOST_SECONDS;
  if (asked < 900) throw outOfRange(asked, "greater than or equal to 900");
  if (asked > 129_600) throw outOfRange(asked, "less than or equal to 129600");
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = credentials.mintForAdministrator(Math.min(asked, MOST_SECONDS)).credentials;
  return { Credentials: { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken: sessionToken, Expiration: toDate(expiration) } };
};
