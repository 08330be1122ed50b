/**
 * What the parts of the embedded region know of each other: requests as they come off the wire, who signed them,
 * operations, services, and the region that holds them.
 */
import type { Clock, Microseconds, Random } from "../../time/clock";
import type { GuestHost } from "../guest/types";

/** An HTTP request, whether it came through a socket or from an SDK client in this process. */
export interface WireRequest {
  method: string;
  /** Path without the query string, still percent-encoded. */
  path: string;
  /** Raw query string without "?"; empty when there is none. */
  query: string;
  /** Header names in lower case. */
  headers: Record<string, string>;
  /** Good until the request has been answered: a large one's buffer is used again. */
  body: Buffer;
}

/** A body whose pieces are made as they are sent. */
export interface StreamedBody {
  readonly size: number;
  /**
   * To be gone through once.
   * @param memory where pieces may be made; one is good until the next is asked for, then. Without it each stays as it is.
   */
  pieces(memory?: Buffer): Iterable<Buffer>;
  /** Instead: nobody goes through it. What is kept for it may go. */
  unsent?(): void;
}

export interface WireResponse {
  status: number;
  headers: Record<string, string>;
  body: Buffer | string;
  /** Instead of the body, which is empty then: one that is made as it is sent. */
  stream?: StreamedBody;
}

/** Who signed a request, as the access key in its credential scope says. */
export interface Caller {
  accountId: string;
  /** `arn:aws:iam::ACCOUNT:root`, or `arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION`. */
  arn: string;
  userId: string;
  accessKeyId: string;
  /** The role assumed; undefined for the administrator, as whom every unknown access key counts. */
  roleName?: string;
  /** A session of a role that IAM does not know, where those count as the administrator's. */
  isUnlimited?: true;
}

/** What an operation is told besides its input. */
export interface CallContext {
  region: RegionContext;
  caller: Caller;
  requestId: string;
  /** Which operation was run, and how that ended: noted for whoever observes calls. */
  outcome?: Outcome;
}

/** How a call ended: well, or with that error. */
export interface Outcome {
  /** The service's name, as in Service.name. */
  service: string;
  operation: string;
  error?: { code: string; status: number };
}

/** A call, when it has been answered. */
export interface ObservedCall extends Outcome {
  /** Undefined when the request did not say. */
  caller: Caller | undefined;
}

/**
 * One API operation. For every service but ec2 and s3, input and output have the shape of the API model (the SDK's
 * names). Timestamps in outputs are `Date`s, blobs are `Buffer`s: each wire format writes them in its own way.
 */
export type Operation<I = any, O = unknown> = (input: I, context: CallContext) => Promise<O> | O; // eslint-disable-line @typescript-eslint/no-explicit-any

/** An error of the service: AWS's own code, HTTP status and wording. */
export class AwsError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly status = 400,
    /** Further members of the error's shape, where the API model has them. */
    readonly members: Record<string, unknown> = {},
  ) {
    super(message);
    this.name = code;
  }
}

/** A service of the region, as the router sees it. */
export interface Service {
  /** As in the SDK package's name: ec2, sfn, fis, dynamodb, s3, cloudwatch, cloudwatch-logs, eventbridge, lambda, ssm, sts, iam, kms, resource-groups-tagging-api… */
  readonly name: string;
  /** The service's name in a SigV4 credential scope: ec2, states, fis, dynamodb, s3, monitoring, logs, events, lambda, ssm, sts, iam, kms, tagging… */
  readonly signingName: string;
  /** What it speaks on the wire: `AWS JSON 1.0`. */
  readonly protocols: readonly string[];
  /** Every operation that the service has, by its API name; what is not here is refused by name. */
  readonly operations: Readonly<Record<string, Operation>>;
  /** Decodes a request, runs the operation, encodes what it returned or threw. Never throws. */
  handle(request: WireRequest, context: CallContext): Promise<WireResponse>;
  /** An error met before the service was reached (no signature, expired credentials, an oversized body), in its protocol. */
  refuse?(error: AwsError, request: WireRequest, context: CallContext): WireResponse;
  /** Releases what the service holds. */
  close?(): Promise<void>;
}

/** How long things take in this region, and what it does at random. Seconds unless said. */
export interface RegionSettings {
  /** From the launch call until the instance is `running`. */
  launchSeconds: number;
  /** From `running` until the user data's units start. */
  bootSeconds: number;
  /** From what happens until EventBridge hands its event to a target. */
  eventDeliverySeconds: number;
  /** How long processes have after the operating system's SIGTERM, when an instance is shut down. */
  shutdownGraceSeconds: number;
  /** How long before a Spot interruption its notice appears. */
  noticeSeconds: number;
  /** From the call that creates or updates a function until that is done. */
  functionSeconds: number;
}

/** An event as EventBridge sees it; the bus adds id, time, account and region. */
export interface ServiceEvent {
  source: string;
  "detail-type": string;
  resources: string[];
  detail: Record<string, unknown>;
}

export interface RegionContext {
  readonly clock: Clock;
  readonly random: Random;
  readonly settings: RegionSettings;
  readonly accountId: string;
  /** us-east-1, say. */
  readonly regionName: string;
  readonly partition: string;
  /** Availability zones' names with their ids (use1-az1). */
  readonly zones: readonly { name: string; id: string }[];
  /** Where SDK clients outside this process reach the region: http://127.0.0.1:PORT */
  readonly endpoint: string;
  /** Where the processes of guests reach it, in turns of their own; the same place unless the region is open to visitors. */
  readonly guestEndpoint: string;
  /** A folder of the region's own; guests and unpacked functions live below it. Removed when the region closes. */
  readonly folder: string;
  /** Makes the operating systems of instances. */
  readonly guests: GuestHost;
  /** The Python interpreter that guests run, absolute; absent: found on the PATH. */
  readonly python?: string;
  /** The administrator, as whom the loader calls. */
  readonly admin: Caller;
  /**
   * Calls an API of this region from inside it, as that caller, with the SDK's names in and out. For most services
   * this runs the operation itself; for ec2 and s3 it goes through the real SDK client, which is the codec. Throws
   * AwsError (SDK exceptions are turned into it).
   */
  call<T = any>(caller: Caller, service: string, operation: string, input: object): Promise<T>; // eslint-disable-line @typescript-eslint/no-explicit-any
  /** Answers a request off the wire, in the turn of whoever sent it. Never throws. */
  receive(request: WireRequest): Promise<WireResponse>;
  /** Puts an event of an AWS service on the default bus; rules match and deliver it in time, as actors of their own. */
  publish(event: ServiceEvent): void;
  /**
   * The session of a role: the identity under which a service acts for its owner; by default for an hour. Throws AwsError
   * AccessDenied when there is no such role, or when its trust policy does not let the service in.
   */
  assumeRole(roleArn: string, sessionName: string, by: AssumedBy): RoleSession;
  /** Ends the run: something happened that the region cannot truthfully model. The message names it. */
  fatal(error: Error): void;
  /** Throws the AwsError that is given instead of an answer, where there is one now. Absent: there is none. */
  readonly injectedErrors?: { check(service: string, caller: Caller): void };
  /** Asked before every operation; throws AwsError when the caller may not. Absent: everything is allowed. */
  authorize?: Authorizer;
  /** Asked within an operation, for what it only knows once it runs: throws the service's refusal. Absent: everything is allowed. */
  permit?(caller: Caller, service: string, needs: readonly Need[]): void;
  /** Whether one of a resource's own policies lets a service of AWS in. */
  permitsService(request: ServiceRequest): boolean;
  /** Notes that an operation threw what is no AwsError: a defect of the region, which the caller sees as InternalFailure. */
  reportDefect?(where: string, error: unknown): void;
  /** Told of every call when it has been answered, whoever made it. */
  observe?(call: ObservedCall): void;
  /** Told of every call before it is decided and before its answer leaves; what it returns is awaited in the asker's turn. */
  meet?(stage: CallStage, call: Authorization): Promise<void> | undefined;
  /** Whether there is a service of that name. */
  hasService?(name: string): boolean;
  /** The named service, for what has no API between services (an instance's guest, an experiment's faults). */
  service<S extends Service>(name: string): S;
}

/** What an authorizer is told about a call, before the operation runs. */
export interface Authorization {
  /** The service's name, as in Service.name. */
  service: string;
  operation: string;
  /** Decoded, in the shape that the operation gets. */
  input: unknown;
  context: CallContext;
}

/** Decides whether a call may happen; throws the service's AwsError (AccessDenied…) when it may not. */
export type Authorizer = (call: Authorization) => void | Promise<void>;

/** One thing that a call needs permission for, with the values that conditions may ask for. */
export interface Need {
  /** `dynamodb:GetItem` */
  action: string;
  /** An ARN, or `*` where the action has no resource types. */
  resource: string;
  /** Condition keys of this action beside the global ones. */
  keys?: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The resource's tags: `aws:ResourceTag/KEY`, and `SERVICE:ResourceTag/KEY`. */
  tags?: () => ReadonlyMap<string, string> | undefined;
  /** The resource's own policy, as JSON text. */
  policy?: () => string | undefined;
  /** The resource's own policy must allow it too. */
  policyMustAllow?: true;
}

/** A call has been asked for and nothing has come of it, or it has been carried out and nobody has been told. */
export type CallStage = "asked" | "done";

/** A service of AWS that asks for itself, by a resource's own policies. */
export interface ServiceRequest {
  /** As policies name it: `events.amazonaws.com`. */
  principal: string;
  action: string;
  resource: string;
  /** On whose behalf: the rule, say. */
  sourceArn: string;
  /** JSON texts; one of them must allow it, none may deny it. */
  policies: readonly string[];
  /** Condition keys beside the global ones. */
  keys?: Readonly<Record<string, string>>;
}

/** Who assumes a role: a service of AWS, on behalf of something (`aws:SourceArn` in the trust policy), or another role's session. */
export type AssumedBy = ({
  /** As trust policies name it: `states.amazonaws.com`. */
  service: string;
  sourceArn?: string;
} | { caller: Caller }) & { durationSeconds?: number };

/** Temporary credentials of a role, and the caller that they stand for. */
export interface RoleSession {
  caller: Caller;
  credentials: { accessKeyId: string; secretAccessKey: string; sessionToken: string; expiration: Microseconds };
}

/** What every service is made with: `createXService(region)`; it may use other services only after construction. */
export type ServiceFactory = (region: RegionContext) => Service;
