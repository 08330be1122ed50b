/** What of STS is refused by name, and what is simpler than on AWS. */
export const REFUSED = {
  sessionMembers: "Policy, PolicyArns, Tags, TransitiveTagKeys, SerialNumber, TokenCode, ProvidedContexts, SourceIdentity and MinimumSessionTokenSize of AssumeRole",
  mfa: "multi-factor authentication (SerialNumber, TokenCode)",
} as const;

export const SIMPLIFIED = {
  signatures: "A signature names its caller by the access key and the session token; it is not verified. Access keys that the region did not give out stand for the administrator.",
} as const;
