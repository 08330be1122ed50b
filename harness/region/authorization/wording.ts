/**
 * Refusals as AWS words them: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html,
 * EC2's: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html (UnauthorizedOperation),
 * S3's: https://docs.aws.amazon.com/AmazonS3/latest/userguide/troubleshoot-403-errors.html
 */
import { AwsError } from "../core/types";
import type { Decision } from "./evaluate";

export interface Refused {
  /** The caller's ARN, or a service's principal. */
  principal: string;
  action: string;
  resource: string;
  decision: Extract<Decision, { allowed: false }>;
}

/** `User: … is not authorized to perform: … on resource: … because …` */
export function refusalText({ principal, action, resource, decision }: Refused, quote = ""): string {
  const where = resource === "*" ? "" : ` on resource: ${quote}${resource}${quote}`;
  const article = decision.explicit && decision.kind === "identity-based policy" ? "an" : "a";
  const why = decision.explicit ? `with an explicit deny in ${article} ${decision.kind}` : `because no ${decision.missing} allows the ${action} action`;
  return `User: ${principal} is not authorized to perform: ${action}${where} ${why}`;
}

/** Services of the query protocols, and those that keep their codes: AccessDenied with status 403. */
const ACCESS_DENIED = new Set(["iam", "sts", "cloudwatch", "sqs"]);
/** REST services answer 403, JSON services 400. */
const FORBIDDEN = new Set(["lambda", "fis"]);

/** @param service the service that answers, as in Service.name */
export function refusal(service: string, refused: Refused): AwsError {
  if (service === "ec2") {
    return new AwsError("UnauthorizedOperation", `You are not authorized to perform this operation. ${refusalText(refused)}${refused.resource === "*" ? "" : `. Encoded authorization failure message: ${encodeRefusal(refused)}`}`, 403);
  }
  if (service === "s3") return new AwsError("AccessDenied", refusalText(refused, '"'), 403);
  const message = refusalText(refused);
  if (ACCESS_DENIED.has(service)) return new AwsError("AccessDenied", message, 403);
  return new AwsError("AccessDeniedException", message, FORBIDDEN.has(service) ? 403 : 400, service === "dynamodb" ? { Message: message } : {});
}

/**
 * What EC2 encodes, and sts:DecodeAuthorizationMessage decodes: here base64 of the same members.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_DecodeAuthorizationMessage.html
 */
function encodeRefusal({ principal, action, resource, decision }: Refused): string {
  return Buffer.from(JSON.stringify({
    allowed: false, explicitDeny: decision.explicit, matchedStatements: { items: decision.explicit ? [{ statementId: decision.by.sid ?? "", effect: "DENY" }] : [] },
    failures: { items: [] }, context: { principal: { arn: principal }, action, resource, conditions: { items: [] } },
  })).toString("base64url");
}

/** @throws AwsError InvalidAuthorizationMessageException, for what is no encoded message */
export function decodeRefusal(encoded: string): string {
  try {
    const text = Buffer.from(encoded, "base64url").toString("utf8");
    if (typeof (JSON.parse(text) as { allowed?: unknown }).allowed === "boolean") return text;
  } catch {
    // It is refused below.
  }
  throw new AwsError("InvalidAuthorizationMessageException", "Message is not valid", 400);
}
