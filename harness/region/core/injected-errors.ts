/**
 * Errors that a service gives a role for a while, whatever it asks: one small rule each, with a handle that lifts it. What services
 * answer when they are overloaded, refuse, fail, or find a session's time over; the codes and messages are AWS's own:
 * https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html,
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
 */
import { AwsError, type Caller } from "./types";

export type StorageService = "s3" | "dynamodb";
/** `throttled`: too many requests; `denied`: no permission; `failing`: an error of the service's own; `expired`: the session's time is over. */
export type Answer = "throttled" | "denied" | "failing" | "expired";

const ERRORS: Readonly<Record<StorageService, Readonly<Record<Answer, readonly [code: string, message: string, status: number]>>>> = {
  s3: {
    throttled: ["SlowDown", "Please reduce your request rate.", 503],
    denied: ["AccessDenied", "Access Denied", 403],
    failing: ["InternalError", "We encountered an internal error. Please try again.", 500],
    expired: ["ExpiredToken", "The provided token has expired.", 400],
  },
  dynamodb: {
    throttled: ["ProvisionedThroughputExceededException", "The level of configured provisioned throughput for the table was exceeded. Consider increasing your provisioning level with the UpdateTable API.", 400],
    denied: ["AccessDeniedException", "Access denied.", 400],
    failing: ["InternalServerError", "The server encountered an internal error trying to fulfill the request.", 500],
    expired: ["ExpiredTokenException", "The security token included in the request is expired", 400],
  },
};

interface Rule { service: StorageService; roleName: string; answer: Answer }

export class InjectedErrors {
  private readonly rules = new Set<Rule>();

  /** That answer to every call of the service by that role, until the returned function is called. */
  inject(rule: Rule): () => void {
    this.rules.add(rule);
    return () => void this.rules.delete(rule);
  }

  /** @throws AwsError when a rule strikes this call */
  check(service: string, { roleName }: Caller): void {
    for (const rule of this.rules) {
      if (rule.service !== service || rule.roleName !== roleName) continue;
      const [code, message, status] = ERRORS[rule.service][rule.answer];
      throw new AwsError(code, message, status);
    }
  }
}
