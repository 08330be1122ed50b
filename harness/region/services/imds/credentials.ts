/**
 * The credentials of the instance's role: kept until they near their end, then replaced, so that what is served is always
 * good for a while. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-metadata-security-credentials.html
 */
import { minutes, type Clock, type Microseconds } from "../../../time/clock";
import { AwsError, type RoleSession } from "../../core/types";
import { isoSeconds, spaced } from "./text";
import type { MetadataView } from "./view";

/** New ones are there at least five minutes before the old ones expire; SDKs want to refresh a quarter of an hour before. */
const ROTATE_BEFORE = minutes(20);

export class RoleCredentials {
  private session: RoleSession | undefined;
  private issuedAt: Microseconds = 0;

  constructor(private readonly view: MetadataView, private readonly clock: Clock) {}

  /** The document at `iam/security-credentials/ROLE`. */
  document(): string | undefined {
    try {
      const session = this.current();
      if (!session) return undefined;
      const { accessKeyId, secretAccessKey, sessionToken, expiration } = session.credentials;
      return spaced({
        Code: "Success", LastUpdated: isoSeconds(this.issuedAt), Type: "AWS-HMAC", AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, Token: sessionToken, Expiration: isoSeconds(expiration),
      });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      return spaced({
        Code: "AssumeRoleUnauthorizedAccess", LastUpdated: isoSeconds(this.clock.now()),
        Message: `EC2 cannot assume the role ${this.view.profile?.roleName}. Please see documentation at https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_iam-ec2.html.`,
      });
    }
  }

  private current(): RoleSession | undefined {
    const now = this.clock.now();
    const { session } = this;
    if (session && !this.view.renewsRole()) return session;
    if (session) {
      const { expiration } = session.credentials;
      if (expiration - now > Math.min(ROTATE_BEFORE, (expiration - this.issuedAt) / 2)) return session;
    }
    this.session = this.view.assumeRole();
    this.issuedAt = now;
    return this.session;
  }
}
