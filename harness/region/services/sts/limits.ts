/** What of STS is refused by name, and what is simpler than on AWS. */
import type { RefusedMembers } from "../../core/unsupported";

export const REFUSED = {
  mfa: "multi-factor authentication (SerialNumber, TokenCode)",
} as const;

export const SIMPLIFIED = {
  signatures: "A signature names its caller by the access key and the session token; it is not verified. Access keys that the region did not give out stand for the administrator.",
} as const;

/** Of AssumeRole: what would narrow or label the session, which sessions here cannot be. */
export const REFUSED_MEMBERS: RefusedMembers = {
  AssumeRole: { Policy: [], PolicyArns: [], Tags: [], TransitiveTagKeys: [], SerialNumber: [], TokenCode: [], ProvidedContexts: [], SourceIdentity: [], MinimumSessionTokenSize: [] },
  GetSessionToken: { MinimumSessionTokenSize: [] },
};
