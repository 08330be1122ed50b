/** STS: who calls, and sessions of roles. https://docs.aws.amazon.com/STS/latest/APIReference/welcome.html */
import type { Credentials } from "../../core/credentials";
import { AwsError, type RegionContext, type Service } from "../../core/types";
import { refusingMembers } from "../../core/unsupported";
import { queryService } from "../../wire/query";
import { REFUSED_MEMBERS } from "./limits";
import { assumeRole } from "./operations/assume-role";
import { decodeAuthorizationMessage } from "./operations/decode-authorization-message";
import { getCallerIdentity } from "./operations/get-caller-identity";
import { getSessionToken } from "./operations/get-session-token";

export function createStsService(region: RegionContext): Service {
  // The region that makes this service owns the sessions; see region.ts.
  const { credentials } = region as RegionContext & { credentials: Credentials };
  return queryService({
    name: "sts",
    signingName: "sts",
    xmlns: "https://sts.amazonaws.com/doc/2011-06-15/",
    version: "2011-06-15",
    region,
    operations: refusingMembers({
      AssumeRole: assumeRole(credentials),
      DecodeAuthorizationMessage: decodeAuthorizationMessage,
      GetCallerIdentity: getCallerIdentity,
      GetSessionToken: getSessionToken(credentials),
    }, REFUSED_MEMBERS, (message) => new AwsError("ValidationError", message)),
  });
}
