/** Who signed the call. https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html */
import type { Operation } from "../../../core/types";

export const getCallerIdentity: Operation = (_input, { caller }) => ({ UserId: caller.userId, Account: caller.accountId, Arn: caller.arn });
