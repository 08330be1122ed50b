/**
 * The embedded region: its services on one clock, behind one router, reachable from SDK clients in this process and
 * from a loopback port. https://docs.aws.amazon.com/ is cited where each behaviour is modelled.
 */
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Clock, Gate, Random } from "../time/clock";
import { IamAuthorization } from "./authorization/authorization";
import { parseArn, roleNameOf } from "./core/arn";
import { asksForClock, clockPage } from "./core/clock-page";
import { Credentials, type SessionRole } from "./core/credentials";
import { InjectedErrors } from "./core/injected-errors";
import { createCall, sdkConfig, type SdkCredentials } from "./core/sdk";
import { createHttpListener, type HttpListener, type HttpListenerOptions } from "./core/server";
import { AwsError, type Authorizer, type Caller, type ObservedCall, type RegionContext, type RegionSettings, type Service, type ServiceEvent, type ServiceFactory } from "./core/types";
import { createGuestHost } from "./guest";
import type { GuestHost } from "./guest/types";
import { Router } from "./router";
import { SERVICES } from "./services";
import { zonesOf } from "./zones";

export const DEFAULT_SETTINGS: RegionSettings = { launchSeconds: 10, bootSeconds: 35, eventDeliverySeconds: 1, shutdownGraceSeconds: 10, noticeSeconds: 120, functionSeconds: 1 };
const DEFAULT_ACCOUNT_ID = "123456789012";
const DEFAULT_REGION_NAME = "us-east-1";

export interface CreateRegionOptions {
  clock: Clock;
  random: Random;
  settings?: Partial<RegionSettings>;
  accountId?: string;
  regionName?: string;
  /** The Python interpreter that guests run, as an absolute path (`sys.executable`); found on the PATH when absent. */
  python?: string;
  /**
   * Opens the region to visitors, clients that are not on the clock: each of their requests gets a turn of its own by this
   * (RootClock.run), on a port of theirs. Absent: whoever sends a request holds a turn until the answer comes, as guests do.
   */
  visit?: <T>(name: string, body: () => Promise<T>) => Promise<T>;
  /** Where to listen (for visitors, when it is open to them); 0 (the default) is any free port. */
  port?: number;
  /** The flag that chose the port, for the message when it is in use. */
  portFlag?: string;
  maxBodyBytes?: number;
  /** Makes what runs instances' operating systems; called once, when the first is needed. */
  guests?: (region: RegionContext) => GuestHost;
  /** Asked before every operation. Absent: IAM's policies decide. */
  authorize?: Authorizer;
  /** What the ARN of a role that IAM does not know stands for, where a service is to act under it: nothing, as on AWS (the default), or the administrator. */
  unknownRoles?: "administrator" | "refuse";
  /** Told of errors that operations threw and that were no AwsErrors. Absent: such a defect ends the run (`fatal`), for
   * what follows it proves nothing; a server that must outlive it gives a function that logs. */
  onDefect?: (where: string, error: unknown) => void;
  /** Told of everything that the region cannot truthfully model (`fatal`), each time. */
  onFatal?: (error: Error) => void;
  /** Told of every call when it has been answered. */
  observe?: (call: ObservedCall) => void;
}

/** A region that runs, and what its owner needs of it. */
export interface Region extends RegionContext {
  readonly router: Router;
  readonly credentials: Credentials;
  readonly services: ReadonlyMap<string, Service>;
  /** What `fatal` was called with, in order. */
  readonly failures: readonly Error[];
  readonly injectedErrors: InjectedErrors;
  /** IAM's decisions, and the record of them. */
  readonly authorization: IamAuthorization;
  /** Resolves with the first of `failures`; never rejects. For code outside the clock. */
  readonly failure: Promise<Error>;
  /** Opened at each `fatal`, for actors. */
  readonly failureGate: Gate;
  /** Errors that operations threw and that were no AwsErrors: defects of the region, answered as InternalFailure. */
  readonly defects: readonly { where: string; error: unknown }[];
  /** Configuration for an SDK client in this process; as the administrator unless credentials are given. */
  sdkConfig(credentials?: SdkCredentials): ReturnType<typeof sdkConfig>;
  /** Ends guests, closes listeners and removes the folder; safe to call twice. */
  close(): Promise<void>;
}

/** The host of guests, made when the first instance boots. What a guest asks for and is not modelled ends the run. */
function defaultGuestHost(region: RegionContext): GuestHost {
  return createGuestHost({
    clock: region.clock,
    folder: region.folder,
    random: region.random.fork("guests"),
    ...(region.python === undefined ? {} : { python: region.python }),
    onRefused: (instanceId, text) => region.fatal(new Error(`${instanceId}: ${text}`)),
  });
}

/** What the iam service tells the region: the role with that name, if any. */
interface RoleDirectory extends Service { role(name: string): SessionRole | undefined }
/** What the eventbridge service takes from services. */
interface EventBus extends Service { publish(event: ServiceEvent): void }

/**
 * Makes a region and starts to listen.
 * @throws UsageError when the port is in use
 */
export async function createRegion(options: CreateRegionOptions): Promise<Region> {
  const { clock, random } = options;
  const accountId = options.accountId ?? DEFAULT_ACCOUNT_ID;
  const regionName = options.regionName ?? DEFAULT_REGION_NAME;
  const partition = "aws";
  const credentials = new Credentials({ clock, random: random.fork("credentials"), accountId, partition });
  const services = new Map<string, Service>();
  const failures: Error[] = [];
  const defects: { where: string; error: unknown }[] = [];
  const failureGate = clock.gate("region failure");
  let guests: GuestHost | undefined;
  let announce!: (error: Error) => void;
  const failure = new Promise<Error>((resolve) => { announce = resolve; });

  const find = <S extends Service>(name: string): S => {
    const service = services.get(name);
    if (!service) throw new Error(`The region has no service '${name}'; it has: ${[...services.keys()].join(", ")}.`);
    return service as S;
  };
  const administratorKeys: SdkCredentials = { accessKeyId: credentials.administrator.accessKeyId, secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY" };
  const credentialsOf = (caller: Caller): SdkCredentials => credentials.session(caller.accessKeyId)?.credentials ?? { ...administratorKeys, accessKeyId: caller.accessKeyId };

  const region: Region = {
    clock, random, accountId, regionName, partition,
    settings: { ...DEFAULT_SETTINGS, ...options.settings },
    zones: zonesOf(regionName),
    endpoint: "", guestEndpoint: "",
    folder: realpathSync(mkdtempSync(join(tmpdir(), "spotproof-"))),
    admin: credentials.administrator,
    ...(options.python === undefined ? {} : { python: options.python }),
    ...(options.observe === undefined ? {} : { observe: options.observe }),
    get guests() {
      return (guests ??= (options.guests ?? defaultGuestHost)(region));
    },
    authorization: undefined as unknown as IamAuthorization,
    injectedErrors: new InjectedErrors(),
    permit: (caller, service, needs) => authorization.permit(caller, service, needs),
    permitsService: (request) => authorization.permitsService(request),
    credentials, services, failures, failure, failureGate, defects,
    router: undefined as unknown as Router,
    call: async () => { throw new Error("The region is not started yet."); },
    publish: (event) => find<EventBus>("eventbridge").publish(event),
    assumeRole(roleArn, sessionName, by) {
      const { durationSeconds } = by;
      const name = roleNameOf(roleArn);
      const role = name === undefined || parseArn(roleArn)?.accountId !== accountId ? undefined : find<RoleDirectory>("iam").role(name);
      if (role?.arn !== roleArn && name !== undefined && options.unknownRoles === "administrator") return credentials.mint({ roleName: name, roleId: "AROAUNKNOWNTOIAM00000", arn: roleArn }, sessionName, durationSeconds, true);
      if ("caller" in by) authorization.permitAssumeRole(by.caller, roleArn);
      if (role?.arn !== roleArn || ("service" in by && !authorization.trustsService(roleArn, by.service, by.sourceArn))) {
        throw new AwsError("AccessDenied", `The role ${roleArn} does not exist in this account, or ${"service" in by ? by.service : by.caller.arn} may not assume it.`, 403);
      }
      return credentials.mint(role, sessionName, durationSeconds);
    },
    fatal(error) {
      failures.push(error);
      announce(error);
      failureGate.open();
      options.onFatal?.(error);
    },
    reportDefect(where, error) {
      defects.push({ where, error });
      if (options.onDefect) options.onDefect(where, error);
      else region.fatal(new Error(`The embedded region has a defect, in ${where}: ${error instanceof Error ? error.message : String(error)}`, { cause: error }));
    },
    hasService: (name) => services.has(name),
    service: find,
    receive: (request) => handle(request),
    sdkConfig: (keys = administratorKeys) => sdkConfig(region, handle, keys),
    close: () => (closing ??= close()),
  };
  const mutable = region as { -readonly [K in keyof Region]: Region[K] };
  const authorization = (mutable.authorization = new IamAuthorization(region));
  mutable.authorize = options.authorize ?? authorization.authorize;
  const router = (mutable.router = new Router(region, credentials, random.fork("request-ids")));
  const handle = router.handle.bind(router);
  const internal = createCall({ region, handle, requestId: () => router.requestId(), services, credentialsOf });
  mutable.call = internal.call as RegionContext["call"];

  const listeners: HttpListener[] = [];
  let closing: Promise<void> | undefined;
  async function close(): Promise<void> {
    // Services first (guests must end before their listeners do), the newest first.
    const errors: unknown[] = [];
    for (const service of [...services.values()].reverse()) await service.close?.().catch((error: unknown) => errors.push(error));
    await guests?.close().catch((error: unknown) => errors.push(error));
    for (const listener of listeners) await listener.close();
    internal.close();
    rmSync(region.folder, { recursive: true, force: true, maxRetries: 5 });
    if (errors.length > 0) throw errors[0];
  }

  try {
    const { visit } = options;
    const listen = async (answer: typeof handle, port: Pick<HttpListenerOptions, "port" | "portFlag">): Promise<string> => {
      const listener = await createHttpListener(answer, {
        ...port,
        ...(options.maxBodyBytes === undefined ? {} : { maxBodyBytes: options.maxBodyBytes }),
        oversized: (request) => router.refuse(new AwsError("RequestEntityTooLarge", "The request body is larger than this endpoint takes.", 413), request),
      });
      listeners.push(listener);
      return listener.url;
    };
    mutable.endpoint = await listen(visit ? async (request) => (asksForClock(request) ? clockPage(clock) : visit("a visitor's request", () => handle(request))) : handle, {
      port: options.port ?? 0,
      ...(options.portFlag === undefined ? {} : { portFlag: options.portFlag }),
    });
    mutable.guestEndpoint = visit ? await listen(handle, {}) : region.endpoint;
    for (const create of SERVICES as readonly ServiceFactory[]) {
      const service = create(region);
      services.set(service.name, service);
      router.add(service);
    }
  } catch (error) {
    await region.close().catch(() => {});
    throw error;
  }
  return region;
}
