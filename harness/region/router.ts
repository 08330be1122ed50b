/**
 * The region's front door: which service a request is for, who calls, and the headers that every answer carries.
 * Requests from sockets and from SDK clients in this process both come through here.
 */
import { toSeconds, type Random } from "../time/clock";
import { encodeCbor, CBOR_PROTOCOL } from "./wire/cbor";
import { encodeJson } from "./wire/json";
import { buildXml } from "./wire/xml";
import type { Credentials } from "./core/credentials";
import { unknownOperation } from "./core/invoke";
import { credentialScopeOf, type CredentialScope } from "./core/signature";
import { AwsError, type CallContext, type Outcome, type RegionContext, type Service, type WireRequest, type WireResponse } from "./core/types";

/** Services whose credential scope always names us-east-1 or the caller's own region: https://docs.aws.amazon.com/general/latest/gr/rande.html#global-endpoints */
const GLOBAL_SERVICES = new Set(["iam", "sts"]);

type TokenError = readonly [code: string, status: number, message?: string];

/**
 * What the protocols call an expired and an unknown session token, by signing name; absent: the JSON services' names.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html, https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html,
 * https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
 */
const TOKEN_ERRORS: Readonly<Record<string, Readonly<Record<"ExpiredTokenException" | "UnrecognizedClientException", TokenError>>>> = {
  ec2: { ExpiredTokenException: ["RequestExpired", 400, "Request has expired."], UnrecognizedClientException: ["AuthFailure", 401] },
  s3: { ExpiredTokenException: ["ExpiredToken", 400, "The provided token has expired."], UnrecognizedClientException: ["InvalidToken", 400, "The provided token is malformed or otherwise invalid."] },
  iam: { ExpiredTokenException: ["ExpiredToken", 403], UnrecognizedClientException: ["InvalidClientTokenId", 403] },
  elasticloadbalancing: { ExpiredTokenException: ["ExpiredToken", 403], UnrecognizedClientException: ["InvalidClientTokenId", 403] },
  sts: { ExpiredTokenException: ["ExpiredToken", 403], UnrecognizedClientException: ["InvalidClientTokenId", 403] },
  dynamodb: { ExpiredTokenException: ["ExpiredTokenException", 400], UnrecognizedClientException: ["UnrecognizedClientException", 400] },
  states: { ExpiredTokenException: ["ExpiredTokenException", 400], UnrecognizedClientException: ["UnrecognizedClientException", 400] },
};

export class Router {
  readonly #bySigningName = new Map<string, Service>();
  readonly #requestIds: Random;
  #dateSecond = NaN;
  #dateText = "";

  constructor(readonly region: RegionContext, readonly credentials: Credentials, random: Random) {
    this.#requestIds = random;
  }

  add(service: Service): void {
    this.#bySigningName.set(service.signingName, service);
  }

  /** A request id: AWS's are UUIDs in most services. */
  requestId(): string {
    return this.#requestIds.uuid();
  }

  /** Answers a request. Never throws. */
  async handle(request: WireRequest): Promise<WireResponse> {
    const context: CallContext = { region: this.region, caller: this.credentials.administrator, requestId: this.requestId() };
    let response: WireResponse;
    let caller: CallContext["caller"] | undefined;
    try {
      const identified = this.#identify(request);
      const { service } = identified;
      context.caller = caller = identified.caller;
      response = await service.handle(request, context);
    } catch (error) {
      if (!(error instanceof AwsError)) this.region.reportDefect?.("router", error);
      response = this.refuse(error instanceof AwsError ? error : new AwsError("InternalFailure", String(error), 500), request, context);
    }
    response.headers["date"] = this.date();
    response.headers["x-amzn-requestid"] ??= context.requestId;
    if (this.region.observe) this.region.observe({ caller, ...(context.outcome ?? outcomeOf(request, response)) });
    return response;
  }

  /** Now, as HTTP's Date header writes it; clients correct their clocks by it. */
  date(): string {
    const second = Math.floor(toSeconds(this.region.clock.now()));
    if (second !== this.#dateSecond) {
      this.#dateSecond = second;
      this.#dateText = new Date(second * 1000).toUTCString();
    }
    return this.#dateText;
  }

  /** An error in the protocol of the service that the request is for, or else in the one that it looks like. */
  refuse(error: AwsError, request: WireRequest, context: CallContext = { region: this.region, caller: this.credentials.administrator, requestId: this.requestId() }): WireResponse {
    const service = this.#bySigningName.get(scopeOrNothing(request)?.service ?? "");
    return service?.refuse?.(error, request, context) ?? refuseByLook(error, request, context);
  }

  #identify(request: WireRequest): { service: Service; caller: CallContext["caller"] } {
    const scope = credentialScopeOf(request);
    if (!scope) throw unsigned(request);
    const service = this.#bySigningName.get(scope.service);
    if (!service) {
      throw new AwsError("UnrecognizedServiceException", `The embedded region does not have the service that signs as '${scope.service}'; it has: ${[...this.#bySigningName.keys()].sort().join(", ")}.`, 400);
    }
    const { regionName } = this.region;
    if (scope.region !== undefined && scope.region !== regionName && !(GLOBAL_SERVICES.has(scope.service) && scope.region === "us-east-1")) {
      throw new AwsError("InvalidSignatureException", `Credential should be scoped to a valid region, not '${scope.region}'. This endpoint is ${regionName}: set AWS_REGION=${regionName}.`, 403);
    }
    return { service, caller: this.#caller(scope) };
  }

  #caller(scope: CredentialScope): CallContext["caller"] {
    try {
      return this.credentials.resolve(scope.accessKeyId, scope.sessionToken);
    } catch (error) {
      const renamed = error instanceof AwsError ? TOKEN_ERRORS[scope.service]?.[error.code as "ExpiredTokenException"] : undefined;
      if (renamed) throw new AwsError(renamed[0], renamed[2] ?? (error as AwsError).message, renamed[1]);
      throw error;
    }
  }
}

/** Of a request that met no operation: what it seems to have asked for, and the error that it was answered with. */
function outcomeOf(request: WireRequest, response: WireResponse): Outcome {
  const named = request.headers["x-amz-target"] ?? /(?:^|&)Action=([^&]*)/.exec(request.query || request.body.toString("latin1", 0, 4096))?.[1];
  const code = response.headers["x-amzn-errortype"] ?? /<Code>([^<]*)</.exec(String(response.body).slice(0, 4096))?.[1] ?? "";
  return {
    service: scopeOrNothing(request)?.service ?? "(unsigned)",
    operation: named ?? `${request.method} ${request.path}`,
    ...(response.status < 400 ? {} : { error: { code, status: response.status } }),
  };
}

function scopeOrNothing(request: WireRequest): CredentialScope | undefined {
  try {
    return credentialScopeOf(request);
  } catch {
    return undefined;
  }
}

/**
 * What AWS answers to a request without a signature: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/CommonErrors.html; S3 calls it
 * AccessDenied, and says of Signature Version 2 that it is not for buckets made since June 2020.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/specify-signature-version.html
 */
function unsigned(request: WireRequest): AwsError {
  const [, federated] = /(?:^|&)Action=(AssumeRoleWith(?:WebIdentity|SAML))(?:&|$)/.exec(looksLike(request) === "query" ? `${request.query}&${request.body.toString("latin1")}` : "") ?? [];
  if (federated) return unknownOperation("sts", federated, "InvalidAction");
  if (isVersion2(request)) {
    return new AwsError("InvalidRequest", "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.", 400);
  }
  return looksLike(request) === "s3"
    ? new AwsError("AccessDenied", "Access Denied", 403)
    : new AwsError("MissingAuthenticationToken", "Request is missing Authentication Token", 403);
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/RESTAuthentication.html */
const isVersion2 = ({ headers, query }: WireRequest): boolean => (headers["authorization"] ?? "").startsWith("AWS ") || /(^|&)AWSAccessKeyId=/.test(query);

type Look = "cbor" | "json" | "query" | "s3" | "rest";

/** The protocol that a request seems to be in, when its signature does not tell. */
function looksLike(request: WireRequest): Look {
  const { headers } = request;
  if (headers["smithy-protocol"] === CBOR_PROTOCOL) return "cbor";
  if (headers["x-amz-target"] !== undefined) return "json";
  if (/(^|&)Action=/.test(request.query) || (headers["content-type"] ?? "").startsWith("application/x-www-form-urlencoded")) return "query";
  if (/(^|\.)s3[.-]/.test(headers["host"] ?? "") || isVersion2(request) || scopeOrNothing(request)?.service === "s3") return "s3";
  return "rest";
}

function refuseByLook(error: AwsError, request: WireRequest, { requestId }: CallContext): WireResponse {
  const { status, code, message } = error;
  switch (looksLike(request)) {
    case "cbor":
      return { status, headers: { "content-type": "application/cbor", "smithy-protocol": CBOR_PROTOCOL }, body: encodeCbor({ __type: code, message }) };
    case "query":
      return { status, headers: { "content-type": "text/xml" }, body: buildXml("ErrorResponse", { Error: { Type: "Sender", Code: code, Message: message }, RequestId: requestId }) };
    case "s3":
      return { status, headers: { "content-type": "application/xml" }, body: buildXml("Error", { Code: code, Message: message, RequestId: requestId }) };
    default:
      return { status, headers: { "content-type": "application/json", "x-amzn-errortype": code }, body: encodeJson({ __type: code, message }) };
  }
}
