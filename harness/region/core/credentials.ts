/**
 * Who is who: the administrator, and the sessions of roles. An access key that a session was minted for stands for that
 * session until it expires; every other access key stands for the administrator, so dummy credentials may do everything.
 *
 * Signatures are not verified: the region listens on loopback only, and dummy keys have no secret to verify with.
 * Formats of identifiers: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
 */
import { seconds, type Clock, type Random } from "../../time/clock";
import { AwsError, type Caller, type RoleSession } from "./types";

/** One hour: what AssumeRole gives when it is not asked for more. https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
export const DEFAULT_SESSION_SECONDS = 3600;

/** A role, as far as a session of it needs one. */
export interface SessionRole {
  roleName: string;
  /** `AROA…` */
  roleId: string;
  arn: string;
}

export class Credentials {
  readonly administrator: Caller;
  readonly #sessions = new Map<string, RoleSession>();
  readonly #random: Random;

  constructor(readonly options: { clock: Clock; random: Random; accountId: string; partition: string }) {
    this.#random = options.random;
    const { accountId, partition } = options;
    this.administrator = { accountId, arn: `arn:${partition}:iam::${accountId}:root`, userId: accountId, accessKeyId: "AKIAIOSFODNN7EXAMPLE" };
  }

  /** Mints temporary credentials for a session of that role. They are remembered for good: a forgotten key would be an administrator's. */
  mint(role: SessionRole, sessionName: string, durationSeconds = DEFAULT_SESSION_SECONDS, isUnlimited = false): RoleSession {
    const { accountId, partition } = this.options;
    return this.#remember({
      accountId,
      arn: `arn:${partition}:sts::${accountId}:assumed-role/${role.roleName}/${sessionName}`,
      userId: `${role.roleId}:${sessionName}`,
      roleName: role.roleName,
      ...(isUnlimited ? { isUnlimited } : {}),
    }, durationSeconds);
  }

  /** Mints temporary credentials that stand for the administrator. */
  mintForAdministrator(durationSeconds: number): RoleSession {
    return this.#remember(this.administrator, durationSeconds);
  }

  #remember(caller: Omit<Caller, "accessKeyId">, durationSeconds: number): RoleSession {
    const accessKeyId = uniqueId(this.#random, "ASIA");
    const session: RoleSession = {
      caller: { ...caller, accessKeyId },
      credentials: {
        accessKeyId,
        secretAccessKey: this.#random.bytes(30).toString("base64"),
        sessionToken: this.#random.bytes(96).toString("base64"),
        expiration: this.options.clock.now() + seconds(durationSeconds),
      },
    };
    this.#sessions.set(accessKeyId, session);
    return session;
  }

  /** The session that an access key was minted for, expired or not. */
  session(accessKeyId: string): RoleSession | undefined {
    return this.#sessions.get(accessKeyId);
  }

  /**
   * The caller that an access key and session token stand for.
   * @throws AwsError ExpiredTokenException or UnrecognizedClientException; the router gives them the names that each protocol has for them
   */
  resolve(accessKeyId: string, sessionToken: string | undefined): Caller {
    const session = this.session(accessKeyId);
    if (!session) return { ...this.administrator, accessKeyId };
    if (sessionToken !== session.credentials.sessionToken) throw new AwsError("UnrecognizedClientException", "The security token included in the request is invalid.", 403);
    if (this.expired(session)) throw new AwsError("ExpiredTokenException", "The security token included in the request is expired", 403);
    return session.caller;
  }

  expired(session: RoleSession): boolean {
    return this.options.clock.now() >= session.credentials.expiration;
  }
}

const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** A prefix and 17 characters of base 32, as IAM's unique ids are: `AROA…` for a role, `ASIA…` for a temporary key. */
export function uniqueId(random: Random, prefix: string): string {
  let text = prefix;
  for (let count = 0; count < 17; count++) text += BASE32[random.integer(32)];
  return text;
}
