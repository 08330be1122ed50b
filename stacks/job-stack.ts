/** The `job` stack: what production runs. */
import { TerraformOutput, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { join } from "node:path";
import { archiveAgent } from "./agent-archive";
import { bundleFunction } from "./bundle";
import type { Config } from "./knobs";
import { agent } from "./constructs/agent";
import { alarms } from "./constructs/alarms";
import { checkpoints } from "./constructs/checkpoints";
import { prepareStack } from "./constructs/context";
import { instance } from "./constructs/instance";
import { ledger } from "./constructs/ledger";
import { machine } from "./constructs/machine";
import { network } from "./constructs/network";
import { dashboard } from "./constructs/dashboard";
import { sweeper } from "./constructs/sweeper";
import { watcher } from "./constructs/watcher";
import { AGENT_KEY, METRICS_NAMESPACE, namesOf } from "./names";
import { renderUserData, type UserDataSettings } from "./user-data";

/** The workload that travels with the agent, which runs it in its own folder. */
const DEFAULT_JOB_COMMAND = "python3 workload.py";

/** Where the loader finds the agent; Terraform knows bucket and version only once they are there. */
export interface AgentPlace {
  bucket: string;
  version: string;
  sha256: string;
}

/** What the user data's template may ask for. */
export function userDataSettings(config: Config, table: string, { bucket, version, sha256 }: AgentPlace): UserDataSettings {
  return {
    NAME: config.name,
    TABLE: table,
    NAMESPACE: METRICS_NAMESPACE,
    LOG_GROUP: namesOf(config).agentLogs,
    JOB_COMMAND: config.jobCommand ?? DEFAULT_JOB_COMMAND,
    JOB_ARTIFACT: config.jobArtifact ?? "",
    HEARTBEAT_SECONDS: String(config.heartbeatSeconds),
    RETRYABLE_EXIT_CODES: config.retryableExitCodes.join(","),
    NO_PROGRESS_SECONDS: String(config.noProgressMinutes * 60),
    END_WITHOUT_PROGRESS_SECONDS: config.endWithoutProgressMinutes === undefined ? "" : String(config.endWithoutProgressMinutes * 60),
    ON_REBALANCE: config.onRebalance,
    TARGET_GROUP_ARN: config.targetGroupArn ?? "",
    REGION: config.region,
    AGENT_BUCKET: bucket,
    AGENT_KEY,
    AGENT_VERSION: version,
    AGENT_SHA256: sha256,
  };
}

export class JobStack extends TerraformStack {
  /** @param projectFolder holds `userdata/` and `functions/`. @throws UserDataError */
  constructor(scope: Construct, config: Config, projectFolder: string) {
    super(scope, "job");
    const context = prepareStack(this, config);
    const { names, arns } = context;

    const table = ledger(context);
    const bucket = checkpoints(context);
    const net = network(context);
    const archive = archiveAgent(projectFolder);
    const { bucket: agentBucket, versionId } = agent(context, archive);
    const settings = userDataSettings(config, names.ledger, { bucket: agentBucket, version: versionId, sha256: archive.sha256 });
    const parts = instance(context, net, renderUserData(join(projectFolder, "userdata"), settings));
    const job = machine(context, { table, bucket, instance: parts, network: net });
    const watch = watcher(context, bundleFunction(projectFolder, "watcher"), job.arn);
    const sweep = sweeper(context, bundleFunction(projectFolder, "sweeper"));
    alarms(context, { machine: job, watcher: watch.function, deadLetters: watch.deadLetters, sweeper: sweep });
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
