/**
 * Temporary credentials of a role. Whether its trust policy lets the caller in is decided before the operation runs.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
import { toDate } from "../../../../time/clock";
import { roleNameOf } from "../../../core/arn";
import { DEFAULT_SESSION_SECONDS, type Credentials, type SessionRole } from "../../../core/credentials";
import { AwsError, type Caller, type Operation, type RegionContext, type Service } from "../../../core/types";
import { numberOf } from "../../../wire/scalars";

interface Input { RoleArn?: string; RoleSessionName?: string; DurationSeconds?: string | number; ExternalId?: string }

export const assumeRole = (credentials: Credentials): Operation<Input> => (input, { region, caller }) => {
  const { RoleArn: roleArn = "", RoleSessionName: sessionName = "" } = input;
  if (!/^[\w+=,.@-]{2,64}$/.test(sessionName)) {
    throw new AwsError("ValidationError", `1 validation error detected: Value '${sessionName}' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*`);
  }
  const durationSeconds = numberOf(input.DurationSeconds, "durationSeconds") ?? DEFAULT_SESSION_SECONDS;
  (region as RegionContext & { authorization?: { permitAssumeRole(caller: Caller, roleArn: string, keys: Readonly<Record<string, string | undefined>>): void } })
    .authorization?.permitAssumeRole(caller, roleArn, { "sts:ExternalId": input.ExternalId, "sts:RoleSessionName": sessionName });
  const role = region.service<Service & { role(name: string): SessionRole | undefined; state: { role(name: string): { maxSessionSeconds: number } } }>("iam");
  const found = role.role(roleNameOf(roleArn) ?? "");
  // AWS does not say whether the role is missing or closed to the caller.
  if (!found || found.arn !== roleArn) throw new AwsError("AccessDenied", `User: ${caller.arn} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`, 403);
  const most = role.state.role(found.roleName).maxSessionSeconds;
  if (durationSeconds < 900) throw new AwsError("ValidationError", `1 validation error detected: Value '${durationSeconds}' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900`);
  if (durationSeconds > most) throw new AwsError("ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
  const session = credentials.mint(found, sessionName, durationSeconds);
  return {
    Credentials: {
      AccessKeyId: session.credentials.accessKeyId,
      SecretAccessKey: session.credentials.secretAccessKey,
      SessionToken: session.credentials.sessionToken,
      Expiration: toDate(session.credentials.expiration),
    },
    AssumedRoleUser: { AssumedRoleId: session.caller.userId, Arn: session.caller.arn },
  };
};
