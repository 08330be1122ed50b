/** The `job` stack: what production runs. */
import { TerraformOutput, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { join } from "node:path";
import { bundleFunction } from "./bundle";
import type { Config } from "./config";
import { checkpoints } from "./constructs/checkpoints";
import { prepareStack } from "./constructs/context";
import { instance } from "./constructs/instance";
import { ledger } from "./constructs/ledger";
import { machine } from "./constructs/machine";
import { network } from "./constructs/network";
import { alarms, dashboard } from "./constructs/observability";
import { sweeper } from "./constructs/sweeper";
import { watcher } from "./constructs/watcher";
import { METRICS_NAMESPACE } from "./names";
import { renderUserData, type UserDataSettings } from "./user-data";

/** The workload that travels in the user data; the agent runs it in its own folder. */
const DEFAULT_JOB_COMMAND = "python3 workload.py";

/** What the user data's template may ask for. */
export function userDataSettings(config: Config, table: string): UserDataSettings {
  return {
    NAME: config.name,
    TABLE: table,
    NAMESPACE: METRICS_NAMESPACE,
    JOB_COMMAND: config.jobCommand ?? DEFAULT_JOB_COMMAND,
    JOB_ARTIFACT: config.jobArtifact ?? "",
    HEARTBEAT_SECONDS: String(config.heartbeatSeconds),
    ON_REBALANCE: config.onRebalance,
    TARGET_GROUP_ARN: config.targetGroupArn ?? "",
    REGION: config.region,
  };
}

export class JobStack extends TerraformStack {
  /** @param projectFolder holds `userdata/` and `functions/`. @throws UserDataError */
  constructor(scope: Construct, config: Config, projectFolder: string) {
    super(scope, "job");
    const context = prepareStack(this, config);
    const { names, place, arns } = context;
    const userData = renderUserData(join(projectFolder, "userdata"), userDataSettings(config, names.ledger));

    const table = ledger(context);
    const bucket = checkpoints(context);
    const net = network(context);
    const parts = instance(context, `${config.name}-checkpoints-${place.accountId}-${config.region}`, net, userData);
    const job = machine(context, { table, bucket, instance: parts, network: net });
    const watch = watcher(context, bundleFunction(projectFolder, "watcher"), job.arn);
    const sweep = sweeper(context, bundleFunction(projectFolder, "sweeper"));
    alarms(context, { machineArn: job.arn, watcher: watch.function, deadLetters: watch.deadLetters, sweeper: sweep });
    dashboard(context, arns.machine, names.watcher);

    output(this, "state_machine_arn", job.arn, "Start executions of this");
    output(this, "ledger_table", table.name, "One item a job");
    output(this, "checkpoint_bucket", bucket.bucket, "Checkpoints under jobs/, final logs under logs/");
    output(this, "metrics_namespace", METRICS_NAMESPACE, "CloudWatch namespace of the job metrics");
    output(this, "name", config.name, "What every name of this deployment begins with");
    output(this, "permission_reasons", JSON.stringify(context.reasons), "Why roles of this stack may do what no scenario needs: POLICY/SID/ACTION to the reason");
  }
}

/** A Terraform output under exactly this name. */
export function output(stack: TerraformStack, name: string, value: string, description: string): void {
  new TerraformOutput(stack, name, { value, description, staticId: true });
}
