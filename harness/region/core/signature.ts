/**
 * What a request says about who signed it and for which service: the credential scope of Signature Version 4, in the
 * Authorization header or in a presigned URL's query string.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
import { AwsError, type WireRequest } from "./types";

export interface CredentialScope {
  accessKeyId: string;
  /** Absent for SigV4A, which signs for several regions at once. */
  region?: string;
  /** The service's signing name. */
  service: string;
  sessionToken?: string;
}

/**
 * The credential scope of a request, or undefined when it is not signed.
 * @throws AwsError IncompleteSignature, when there is a signature without a proper scope
 */
export function credentialScopeOf(request: WireRequest): CredentialScope | undefined {
  const header = request.headers["authorization"];
  if (header !== undefined) {
    if (!header.startsWith("AWS4-")) return undefined;
    const credential = /\bCredential=([^,\s]+)/.exec(header)?.[1];
    if (credential === undefined) throw incomplete(`Authorization header requires 'Credential' parameter. Authorization=${header}`);
    return scopeOf(credential, request.headers["x-amz-security-token"]);
  }
  const query = new URLSearchParams(request.query);
  if (!query.has("X-Amz-Credential")) return undefined;
  return scopeOf(query.get("X-Amz-Credential") ?? "", query.get("X-Amz-Security-Token") ?? undefined);
}

function scopeOf(credential: string, sessionToken: string | undefined): CredentialScope {
  const parts = credential.split("/");
  if (parts.length < 4 || parts[parts.length - 1] !== "aws4_request") {
    throw incomplete(`Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '${credential}'`);
  }
  const service = parts[parts.length - 2]!;
  const token = sessionToken === undefined ? {} : { sessionToken };
  // An access key id has no slash; SigV4A's scope has no region.
  if (parts.length === 4) return { accessKeyId: parts[0]!, service, ...token };
  return { accessKeyId: parts.slice(0, -4).join("/"), region: parts[parts.length - 3]!, service, ...token };
}

const incomplete = (message: string): AwsError => new AwsError("IncompleteSignature", message, 400);
