/**
 * The AWS SDK as Lambda's Node.js runtimes have it: the real packages, their clients subclassed so that by default they
 * call this region, as the function's role. Each call is an actor of its own; retries wait on the region's clock.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
 */
import { seconds, type Clock, type Random } from "../../../../../time/clock";
import { RuntimeError } from "../errors";
import type { EventLoop } from "./event-loop";

interface Keys { accessKeyId: string; secretAccessKey: string; sessionToken?: string }

export interface SdkOptions {
  loop: EventLoop;
  random: Random;
  /** How clients reach the region as whom those credentials are: endpoint, region name, request handler, signer. */
  config: (credentials: Keys) => Record<string, unknown>;
  /** The role's credentials, valid now. */
  credentials: () => Keys;
  /** Makes a promise one of the function's own context, so that its rejection, if nothing handles it, is the function's. */
  adopt: <T>(promise: Promise<T>) => Promise<T>;
}

type ClientClass = new (config: Record<string, unknown>) => { send(command: object, ...more: unknown[]): unknown };

/** The package of that name for a function, or undefined when it is not installed. */
export function loadSdk(name: string, options: SdkOptions): unknown {
  const parts = partsOf(name);
  return parts && { ...parts.shared, ...Object.fromEntries(parts.clients.map(([key, Real]) => [key, subclass(Real, options)])) };
}

/** A package's members: those that are alike for every function, and its client classes. */
interface Parts { shared: Record<string, unknown>; clients: [string, ClientClass][] }

/** Packages have thousands of members, and every function of every region loads some. */
const known = new Map<string, Parts>();

function partsOf(name: string): Parts | undefined {
  const before = known.get(name);
  if (before !== undefined) return before;
  let real: Record<string, unknown>;
  try {
    real = require(name) as Record<string, unknown>;
  } catch (error) {
    if ((error as { code?: string }).code === "MODULE_NOT_FOUND") return undefined;
    throw error;
  }
  const parts: Parts = { shared: {}, clients: [] };
  for (const key of Object.keys(real)) {
    const member = real[key];
    if (isClient(member)) parts.clients.push([key, member]);
    else if (key.startsWith("waitUntil")) parts.shared[key] = () => Promise.reject(new RuntimeError("NotSupported", `The embedded region does not support ${key} in functions: the SDK's waiters wait in real time.`));
    else parts.shared[key] = member;
  }
  known.set(name, parts);
  return parts;
}

/** Clients have `send`; commands and exceptions have not. */
const isClient = (value: unknown): value is ClientClass => typeof value === "function" && typeof (value.prototype as { send?: unknown } | undefined)?.send === "function" && value.name !== "Client";

function subclass(Real: ClientClass, options: SdkOptions): ClientClass {
  const { loop } = options;
  const Subclass = class extends Real {
    constructor(config: Record<string, unknown> = {}) {
      const { requestHandler, signerConstructor, credentials: _, maxAttempts: __, cacheMiddleware: ___, ...defaults } = options.config(options.credentials());
      const maxAttempts = typeof config["maxAttempts"] === "number" ? config["maxAttempts"] : 3;
      super({
        ...defaults,
        // An expiry in the past makes the SDK ask before each request: the role's session changes from hour to hour.
        credentials: async () => ({ ...options.credentials(), expiration: new Date(0) }),
        ...(signerConstructor === undefined ? {} : { signerConstructor: signer(options) }),
        retryStrategy: clockRetries(loop.clock, options.random, maxAttempts),
        ...config,
        requestHandler,
      });
    }
    override send(command: object, ...more: unknown[]): unknown {
      const callback = more.find((one) => typeof one === "function") as ((error: unknown, output?: unknown) => void) | undefined;
      const rest = more.filter((one) => typeof one !== "function");
      const promise = loop.call(command.constructor.name, async () => (await super.send(command, ...rest)) as unknown);
      if (!callback) return options.adopt(promise);
      promise.then((output) => loop.guard(() => callback(null, output)), (error: unknown) => loop.guard(() => callback(error)));
      return undefined;
    }
  };
  Object.defineProperty(Subclass, "name", { value: Real.name });
  return Subclass;
}

interface SignerScope { credentials: Keys | (() => Promise<Keys>) }
interface Signer { sign<T>(request: T): Promise<T> }

/** The region's own signer for clients in this process, as whoever the client's credentials say at that moment. */
function signer(options: SdkOptions) {
  return class {
    constructor(readonly scope: SignerScope) {}
    async sign<T>(request: T): Promise<T> {
      const { credentials } = this.scope;
      const keys = typeof credentials === "function" ? await credentials() : credentials;
      const RegionSigner = options.config(keys)["signerConstructor"] as new (scope: SignerScope) => Signer;
      return new RegionSigner(this.scope).sign(request);
    }
  };
}

const BASE_SECONDS = 0.1;
const THROTTLED_BASE_SECONDS = 1;
const LONGEST_SECONDS = 20;

interface SdkError { name?: string; $retryable?: { throttling?: boolean }; $metadata?: { httpStatusCode?: number } }

/**
 * What the standard mode retries. The SDK's own judgement is not asked: it takes any error for a matter of clock skew when
 * the answer's date is not the machine's, and here it never is.
 */
const isThrottling = (error: SdkError | undefined): boolean => error?.$metadata?.httpStatusCode === 429 || error?.$retryable?.throttling === true
  || /Throttl|^(BandwidthLimitExceeded|PriorRequestNotComplete|ProvisionedThroughputExceededException|RequestLimitExceeded|SlowDown|TooManyRequestsException|TransactionInProgressException)$/.test(error?.name ?? "");
const isRetryable = (error: SdkError | undefined): boolean => error?.$retryable !== undefined || isThrottling(error)
  || [500, 502, 503, 504].includes(error?.$metadata?.httpStatusCode ?? 0) || /^(TimeoutError|RequestTimeout|RequestTimeoutException)$/.test(error?.name ?? "");

interface Token { retries: number; getRetryCount(): number; getRetryDelay(): number }

/** The SDK's standard retries, with the waits on the region's clock: the SDK itself is told to wait no time. */
function clockRetries(clock: Clock, random: Random, maxAttempts: number): object {
  const token = (retries: number): Token => ({ retries, getRetryCount: () => retries, getRetryDelay: () => 0 });
  return {
    mode: "standard",
    acquireInitialRetryToken: async () => token(0),
    async refreshRetryTokenForRetry({ retries }: Token, { error }: { error?: SdkError }) {
      if (!isRetryable(error) || retries + 1 >= maxAttempts) throw new Error("No retry token available");
      const base = isThrottling(error) ? THROTTLED_BASE_SECONDS : BASE_SECONDS;
      await clock.sleep(seconds(random.next() * Math.min(LONGEST_SECONDS, base * 2 ** retries)));
      return token(retries + 1);
    },
    recordSuccess: () => undefined,
  };
}
