/**
 * Calls from inside the region: `region.call`. For services whose operations have the API's own shape the operation is
 * run; ec2 and s3, which have their wire's shape, are called through the real SDK client (loaded when first needed),
 * one for each caller.
 */
import { invoke, unknownOperation } from "./invoke";
import { createRequestHandler, type Handle } from "./request-handler";
import { AwsError, type CallContext, type Caller, type RegionContext, type Service } from "./types";

/** What an SDK package gives: `EC2Client`, `CreateFleetCommand`… */
type SdkPackage = Record<string, new (input: object) => unknown>;
interface SdkClient { send(command: unknown): Promise<Record<string, unknown>>; destroy(): void }

/** Services that are called through their SDK client, and how it is made. */
const THROUGH_SDK: Record<string, { client: string; load: () => SdkPackage; options: object }> = {
  ec2: { client: "EC2Client", load: () => require("@aws-sdk/client-ec2") as SdkPackage, options: {} },
  s3: { client: "S3Client", load: () => require("@aws-sdk/client-s3") as SdkPackage, options: { forcePathStyle: true, cacheMiddleware: false } },
};

/** Long-term or temporary credentials, as SDK clients take them. */
export interface SdkCredentials { accessKeyId: string; secretAccessKey: string; sessionToken?: string }

/**
 * What an SDK client in this process is configured with to reach this region, past any socket. SDK retries are off, for
 * they would wait in real time. Spread it into a client's constructor.
 */
export function sdkConfig(region: Pick<RegionContext, "regionName" | "endpoint">, handle: Handle, credentials: SdkCredentials) {
  // Only what signs: an expiration is virtual time here, and the SDK would hold it against the real one.
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const keys = { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
  // The middleware stack of each command is put together once: that is a third of what a call takes. Not for S3, whose requests share that stack's context with each other's bucket.
  return { region: region.regionName, endpoint: region.endpoint, credentials: keys, signerConstructor: nominalSigner(credentials), requestHandler: createRequestHandler(handle), maxAttempts: 1, cacheMiddleware: true };
}

/**
 * A signer that names the caller and computes no signature: the region verifies none, so its own clients need not pay
 * for them. What the router reads is the credential scope.
 */
const nominalSigner = (credentials: SdkCredentials) => class {
  /** The SDK gives the region's name, or a function that tells it. */
  constructor(private readonly scope: { service: string; region: string | (() => Promise<string>) }) {}

  async sign<T>(request: T): Promise<T> {
    const { headers } = request as { headers: Record<string, string> };
    const regionName = typeof this.scope.region === "string" ? this.scope.region : await this.scope.region();
    headers["authorization"] = `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/19700101/${regionName}/${this.scope.service}/aws4_request, SignedHeaders=host, Signature=0`;
    if (credentials.sessionToken) headers["x-amz-security-token"] = credentials.sessionToken;
    return request;
  }
};

/** Makes `region.call`. `handle` is the router's; `credentialsOf` gives the credentials under which a caller's requests are signed. */
export function createCall(options: {
  region: RegionContext;
  handle: Handle;
  requestId: () => string;
  services: ReadonlyMap<string, Service>;
  credentialsOf: (caller: Caller) => SdkCredentials;
}): { call: (caller: Caller, service: string, operation: string, input: object) => Promise<unknown>; close: () => void } {
  const { region, services } = options;
  const clients = new Map<string, SdkClient>();

  async function throughSdk(caller: Caller, service: string, operation: string, input: object): Promise<unknown> {
    const { client: clientName, load, options: more } = THROUGH_SDK[service]!;
    const sdk = load();
    const Command = sdk[`${operation}Command`];
    if (!Command) throw unknownOperation(service, operation);
    const key = `${service} ${caller.accessKeyId}`;
    let client = clients.get(key);
    if (!client) clients.set(key, (client = new sdk[clientName]!({ ...sdkConfig(region, options.handle, options.credentialsOf(caller)), ...more }) as SdkClient));
    try {
      const { $metadata: _metadata, ...output } = await client.send(new Command(input));
      return output;
    } catch (error) {
      throw fromSdkException(error, service, operation);
    }
  }

  return {
    async call(caller, name, operation, input) {
      const service = services.get(name);
      if (!service) throw new AwsError("UnrecognizedServiceException", `The embedded region has no service ${name} (${operation} was called); it has: ${[...services.keys()].sort().join(", ")}.`);
      if (THROUGH_SDK[name]) return throughSdk(caller, name, operation, input);
      const context: CallContext = { region, caller, requestId: options.requestId() };
      // Copies on both sides, as a wire would: neither side sees what the other later does to its objects.
      try {
        return copyValue((await invoke(service, operation, copyValue(input), context)) ?? {});
      } finally {
        region.observe?.({ caller, ...context.outcome! });
      }
    },
    close() {
      for (const client of clients.values()) client.destroy();
      clients.clear();
    },
  };
}

/** Members of the SDK's exceptions that are not of the error's own shape. */
const SDK_MEMBERS = new Set(["name", "message", "stack", "$fault", "$metadata", "$response", "$retryable", "Code", "Message", "Type", "RequestId", "requestId", "Error"]);

/** The AwsError that an SDK exception stands for; anything else (a refused input, a defect) is rethrown with the call's name. */
function fromSdkException(error: unknown, service: string, operation: string): unknown {
  if (error instanceof AwsError) return error;
  const exception = error as { name?: string; message?: string; Code?: string; $metadata?: { httpStatusCode?: number } };
  const status = exception?.$metadata?.httpStatusCode;
  if (status === undefined) {
    return Object.assign(new Error(`${service}:${operation} could not be called: ${exception?.message ?? String(error)}`), { cause: error });
  }
  const members = Object.fromEntries(Object.entries(exception as object).filter(([name, value]) => !SDK_MEMBERS.has(name) && value !== undefined));
  return new AwsError(exception.Code ?? exception.name ?? "UnknownError", exception.message ?? "", status, members);
}

/** A deep copy of an API-shaped value: plain objects and arrays anew, members that are undefined left out, Dates and bytes copied. */
function copyValue<T>(value: T): T {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(copyValue) as T;
  if (value instanceof Date) return new Date(value.getTime()) as T;
  if (value instanceof Uint8Array) return Buffer.from(value) as unknown as T;
  if (value instanceof Map) return new Map([...value].map(([key, member]) => [key, copyValue(member)])) as T;
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    const member = (value as Record<string, unknown>)[key];
    if (member === undefined) continue;
    if (key === "__proto__") Object.defineProperty(copy, key, { value: copyValue(member), enumerable: true, configurable: true, writable: true });
    else copy[key] = copyValue(member);
  }
  return copy as T;
}
