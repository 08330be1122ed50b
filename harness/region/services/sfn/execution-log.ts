/**
 * An execution's log in CloudWatch Logs: its history's events, as the state machine's level asks for them. Delivered as all
 * vended logs are, a moment later and as well as possible: an execution never fails of its log.
 * https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html
 */
import { toApiEvent, type HistoryEvent } from "../../../asl/history";
import { seconds } from "../../../time/clock";
import { AwsError, type RegionContext, type Service } from "../../core/types";
import { machineSession } from "./role";
import type { LoggingConfiguration, Revision } from "./store";

/** What the logs service lends: a write by another service of AWS. */
interface LogsWriter extends Service {
  putForService(write: { groupArn: string; streamName: string; message: string; principal: string; sourceArn: string }): Promise<void>;
}

const PRINCIPAL = "delivery.logs.amazonaws.com";
/** From an event until its record is in the log. */
const DELIVERY_SECONDS = 1;

/** Events of the levels below ALL: https://docs.aws.amazon.com/step-functions/latest/dg/cloudwatch-log-level.html */
const FATAL: ReadonlySet<string> = new Set(["ExecutionAborted", "ExecutionFailed", "ExecutionTimedOut"]);
const ERROR = /(Failed|Aborted|TimedOut)$|^FailStateEntered$/;

const isLogged = (level: LoggingConfiguration["level"], type: string): boolean => level === "ALL" || FATAL.has(type) || (level === "ERROR" && ERROR.test(type));

export class ExecutionLog {
  private waiting: { event: HistoryEvent; redriveCount: number }[] = [];
  private readonly groupArn: string | undefined;
  private readonly configuration: LoggingConfiguration;

  constructor(
    private readonly region: RegionContext,
    private readonly revision: Revision,
    private readonly stateMachineArn: string,
    private readonly executionArn: string,
    private readonly streamName: string,
  ) {
    this.configuration = revision.loggingConfiguration;
    this.groupArn = this.configuration.level === "OFF" ? undefined : this.configuration.destinations?.[0]?.cloudWatchLogsLogGroup?.logGroupArn;
  }

  /** Takes an event note of; its record follows. */
  add(event: HistoryEvent, redriveCount: number): void {
    if (this.groupArn === undefined || !isLogged(this.configuration.level, event.type)) return;
    this.waiting.push({ event, redriveCount });
    if (this.waiting.length === 1) {
      this.region.clock.spawn("execution log", async () => {
        await this.region.clock.sleep(seconds(DELIVERY_SECONDS));
        await this.deliver();
      });
    }
  }

  private async deliver(): Promise<void> {
    const events = this.waiting;
    this.waiting = [];
    try {
      for (const { event, redriveCount } of events) await this.write(this.record(event, redriveCount));
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
    }
  }

  private record(event: HistoryEvent, redriveCount: number): string {
    const { id, previousEventId, timestamp, type, ...details } = toApiEvent(event, this.configuration.includeExecutionData) as { id: number; previousEventId: number; timestamp: Date; type: string };
    return JSON.stringify({
      id: String(id), type, details: Object.values(details)[0] ?? {}, redrive_count: String(redriveCount), previous_event_id: String(previousEventId),
      event_timestamp: String(timestamp.getTime()), execution_arn: this.executionArn,
    });
  }

  private async write(message: string): Promise<void> {
    const { accountId, regionName, partition } = this.region;
    const write = { groupArn: this.groupArn as string, streamName: this.streamName, message, principal: PRINCIPAL, sourceArn: `arn:${partition}:logs:${regionName}:${accountId}:*` };
    const logs = this.region.service<LogsWriter>("cloudwatch-logs");
    try {
      await logs.putForService(write);
    } catch (error) {
      if (!(error instanceof AwsError) || error.code !== "AccessDeniedException") throw error;
      await this.admit();
      await logs.putForService(write);
    }
  }

  /** The policy that log delivery sets up for itself, with the permissions of the state machine's role. */
  private async admit(): Promise<void> {
    const { accountId, regionName, partition } = this.region;
    const policyDocument = JSON.stringify({
      Version: "2012-10-17",
      Statement: [{
        Sid: "AWSLogDeliveryWrite", Effect: "Allow", Principal: { Service: PRINCIPAL }, Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: [`${(this.groupArn as string).replace(/:\*$/, "")}:log-stream:*`],
        Condition: { StringEquals: { "aws:SourceAccount": [accountId] }, ArnLike: { "aws:SourceArn": [`arn:${partition}:logs:${regionName}:${accountId}:*`] } },
      }],
    });
    const { caller } = machineSession(this.region, this.revision.roleArn, this.stateMachineArn, "log-delivery");
    await this.region.call(caller, "cloudwatch-logs", "PutResourcePolicy", { policyName: "AWSLogDeliveryWrite20150319", policyDocument });
  }
}
