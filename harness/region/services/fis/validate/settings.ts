/** What a template says besides targets and actions. https://docs.aws.amazon.com/fis/latest/APIReference/API_CreateExperimentTemplate.html */
import { notSupported } from "../../../core/unsupported";
import { validation } from "../errors";
import { REFUSED } from "../limits";
import type { ExperimentOptions, LogConfiguration, StopCondition } from "../model";
import { QUOTAS } from "../quotas";
import { list, optionalStructure, optionalText, structure, text, type Input } from "./read";

/** https://docs.aws.amazon.com/fis/latest/userguide/stop-conditions.html */
export function readStopConditions(input: Input): StopCondition[] {
  const conditions = list(input["stopConditions"], "stopConditions", readStopCondition);
  if (conditions.length === 0) throw validation("The experiment template must have at least one stop condition; its source may be none.");
  const most = QUOTAS["Stop conditions per experiment template"];
  if (conditions.length > most) throw validation(`The experiment template may have at most ${most} stop conditions.`);
  if (conditions.length > 1 && conditions.some(({ source }) => source === "none")) throw validation(`A stop condition with the source "none" must be the only one.`);
  return conditions;
}

function readStopCondition(member: unknown, where: string): StopCondition {
  const condition = structure(member, where);
  const source = text(condition["source"], `${where}.source`, { most: 64, solid: true });
  const value = optionalText(condition["value"], `${where}.value`, { least: 20 });
  if (source === "none") {
    if (value !== undefined) throw validation(`A stop condition with the source "none" cannot have a value.`);
    return { source };
  }
  if (source !== "aws:cloudwatch:alarm") throw validation(`The source "${source}" of a stop condition must be none or aws:cloudwatch:alarm.`);
  if (value === undefined) throw validation(`A stop condition with the source "aws:cloudwatch:alarm" must have the alarm's ARN as its value.`);
  if (!/^arn:aws[a-z-]*:cloudwatch:[\w-]+:\d{12}:alarm:.+$/.test(value)) throw validation(`The value "${value}" of a stop condition is not the ARN of a CloudWatch alarm.`);
  return { source, value };
}

/** https://docs.aws.amazon.com/fis/latest/userguide/experiment-options.html */
export function readOptions(input: Input): ExperimentOptions {
  const options = optionalStructure(input["experimentOptions"], "experimentOptions") ?? {};
  const mode = optionalText(options["emptyTargetResolutionMode"], "experimentOptions.emptyTargetResolutionMode", { of: ["fail", "skip"] }) ?? "fail";
  const accounts = optionalText(options["accountTargeting"], "experimentOptions.accountTargeting", { of: ["single-account", "multi-account"] }) ?? "single-account";
  if (accounts !== "single-account") throw validation(notSupported(REFUSED.accounts));
  return { accountTargeting: "single-account", emptyTargetResolutionMode: mode as "fail" | "skip" };
}

/** An empty one means: no log. https://docs.aws.amazon.com/fis/latest/userguide/monitoring-logging.html */
export function readLogConfiguration(input: Input): LogConfiguration | undefined {
  const configuration = optionalStructure(input["logConfiguration"], "logConfiguration");
  if (!configuration || Object.keys(configuration).length === 0) return undefined;
  const { logSchemaVersion } = configuration;
  if (logSchemaVersion !== 1 && logSchemaVersion !== 2) throw validation("The log schema version (logConfiguration.logSchemaVersion) must be 1 or 2.");
  const logs = optionalStructure(configuration["cloudWatchLogsConfiguration"], "logConfiguration.cloudWatchLogsConfiguration");
  const s3 = optionalStructure(configuration["s3Configuration"], "logConfiguration.s3Configuration");
  if (!logs && !s3) throw validation("The log configuration must have a destination: cloudWatchLogsConfiguration, s3Configuration or both.");
  return {
    ...(logs ? { cloudWatchLogsConfiguration: { logGroupArn: logGroupArn(logs) } } : {}),
    ...(s3 ? { s3Configuration: readS3(s3) } : {}),
    logSchemaVersion,
  };
}

function logGroupArn(logs: Input): string {
  const arn = text(logs["logGroupArn"], "logConfiguration.cloudWatchLogsConfiguration.logGroupArn", { least: 20, solid: true });
  if (!/^arn:aws[a-z-]*:logs:[\w-]+:\d{12}:log-group:[^:]+:\*$/.test(arn)) throw validation(`The log group ARN "${arn}" is not valid: it must be that of a log group, with ":*" at its end.`);
  return arn;
}

function readS3(s3: Input): { bucketName: string; prefix?: string } {
  const prefix = optionalText(s3["prefix"], "logConfiguration.s3Configuration.prefix", { most: 700, least: 1 });
  return { bucketName: text(s3["bucketName"], "logConfiguration.s3Configuration.bucketName", { most: 63, least: 3, solid: true }), ...(prefix ? { prefix } : {}) };
}

/** Members of the API that the region does not have, refused by name. @throws AwsError ValidationException */
export function refuseUnsupported(input: Input): void {
  const isGiven = (member: string): boolean => input[member] !== undefined && input[member] !== null;
  if (isGiven("experimentReportConfiguration")) throw validation(notSupported(REFUSED.reports));
  if (isGiven("targetAccountConfigurations")) throw validation(notSupported(REFUSED.accounts));
}
