/**
 * The watcher: what EventBridge tells of instances and executions, turned into ledger entries, ended waits and terminated
 * instances. It may be told late, twice, out of order or never, and of instances that are none of its business.
 *
 * Events: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-instance-termination-notices.html,
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/rebalance-recommendations.html,
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/monitoring-instance-state-changes.html,
 * https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html.
 */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EC2Client } from "@aws-sdk/client-ec2";
import { SFNClient } from "@aws-sdk/client-sfn";
import { logToConsole } from "./shared/log";
import type { WatcherDeps, WatcherEvent } from "./watcher/event";
import { onExecutionEnded } from "./watcher/executions";
import { onStateChange } from "./watcher/instances";
import { onRecommendation, onWarning } from "./watcher/notices";

/**
 * The handler. It throws what AWS's services throw and it does not expect, so that Lambda runs it again: each of its
 * acts may be repeated.
 */
export function makeHandler(deps: WatcherDeps): (event: WatcherEvent) => Promise<void> {
  const byDetailType: Record<string, (event: WatcherEvent) => Promise<void>> = {
    "EC2 Spot Instance Interruption Warning": (event) => onWarning(deps, event),
    "EC2 Instance Rebalance Recommendation": (event) => onRecommendation(deps, event),
    "EC2 Instance State-change Notification": (event) => onStateChange(deps, event),
    "Step Functions Execution Status Change": (event) => onExecutionEnded(deps, event),
  };
  return async (event) => {
    const handle = byDetailType[event["detail-type"]];
    if (handle === undefined) deps.log({ level: "warn", event: "ignored", reason: "unknown detail-type", detailType: event["detail-type"] });
    else await handle(event);
  };
}

export const handler = makeHandler({
  dynamodb: new DynamoDBClient({}),
  sfn: new SFNClient({}),
  ec2: new EC2Client({}),
  table: process.env["SPOTPROOF_TABLE"] ?? "",
  name: process.env["SPOTPROOF_NAME"] ?? "",
  log: logToConsole,
});
