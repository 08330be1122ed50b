/**
 * Who a function is while it runs: its role's credentials, and the variables that its environment begins with.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
 */
import { toSeconds, type Microseconds } from "../../../../time/clock";
import type { RegionContext, RoleSession } from "../../../core/types";
import type { Configuration } from "../store";

/** Credentials are renewed when they are valid for less than this. */
const RENEW_SECONDS = 300;

export interface Keys { accessKeyId: string; secretAccessKey: string; sessionToken: string }

export class FunctionSession {
  #session: RoleSession;

  constructor(readonly region: RegionContext, readonly configuration: Configuration) {
    this.#session = this.#assume();
  }

  /** Lambda assumes the role for the function itself. https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html */
  #assume(): RoleSession {
    const { region, configuration: { role, functionName } } = this;
    return region.assumeRole(role, functionName, { service: "lambda.amazonaws.com", sourceArn: `arn:${region.partition}:lambda:${region.regionName}:${region.accountId}:function:${functionName}` });
  }

  get expiration(): Microseconds {
    return this.#session.credentials.expiration;
  }

  /** Whether the credentials outlast that time with something to spare. */
  isGoodUntil(time: Microseconds): boolean {
    return toSeconds(this.expiration - time) >= RENEW_SECONDS;
  }

  /** Valid now. */
  get current(): RoleSession {
    if (!this.isGoodUntil(this.region.clock.now())) this.#session = this.#assume();
    return this.#session;
  }

  get keys(): Keys {
    const { accessKeyId, secretAccessKey, sessionToken } = this.current.credentials;
    return { accessKeyId, secretAccessKey, sessionToken };
  }

  keyVariables(): Record<string, string> {
    const { accessKeyId, secretAccessKey, sessionToken } = this.keys;
    return { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: sessionToken };
  }

  /** What every runtime sets, the runtime's own variables, and the function's. */
  variables(logStreamName: string, own: Record<string, string>): Record<string, string> {
    const { configuration, region } = this;
    const { logging } = configuration;
    return {
      AWS_REGION: region.regionName, AWS_DEFAULT_REGION: region.regionName,
      AWS_EXECUTION_ENV: `AWS_Lambda_${configuration.runtime}`,
      AWS_LAMBDA_FUNCTION_NAME: configuration.functionName, AWS_LAMBDA_FUNCTION_VERSION: configuration.version, AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(configuration.memorySize),
      AWS_LAMBDA_LOG_GROUP_NAME: logging.group, AWS_LAMBDA_LOG_STREAM_NAME: logStreamName, AWS_LAMBDA_LOG_FORMAT: logging.format,
      ...(logging.applicationLevel ? { AWS_LAMBDA_LOG_LEVEL: logging.applicationLevel } : {}),
      AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
      LAMBDA_TASK_ROOT: "/var/task", LAMBDA_RUNTIME_DIR: "/var/runtime", _HANDLER: configuration.handler,
      TZ: ":UTC", LANG: "en_US.UTF-8",
      ...own,
      ...configuration.environment,
      ...this.keyVariables(),
    };
  }
}
