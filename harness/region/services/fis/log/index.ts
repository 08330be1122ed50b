/**
 * An experiment's log: what its records say, and where they go.
 * https://docs.aws.amazon.com/fis/latest/userguide/monitoring-logging.html
 */
import { toDate } from "../../../../time/clock";
import type { RegionContext, RoleSession } from "../../../core/types";
import type { ActionRun, Experiment, ResolvedResource } from "../model";
import { cloudWatchLogs } from "./cloudwatch-logs";
import type { Destination } from "./delivery";
import { s3 } from "./s3";

/** How many resolved targets a record holds; AWS pages by size. */
const RESOURCES_A_PAGE = 100;

export class ExperimentLog {
  private readonly destinations: readonly Destination[];
  private readonly version: number;

  constructor(private readonly region: RegionContext, private readonly experiment: Experiment, hash: string) {
    const configuration = experiment.definition.logConfiguration;
    this.version = configuration?.logSchemaVersion ?? 2;
    this.destinations = [
      ...(configuration?.cloudWatchLogsConfiguration ? [cloudWatchLogs(region, experiment.id, configuration.cloudWatchLogsConfiguration.logGroupArn)] : []),
      ...(configuration?.s3Configuration ? [s3(region, experiment.id, configuration.s3Configuration, hash)] : []),
    ];
  }

  /** The first record; it lets log delivery in if need be. @throws AwsError when the log cannot be written */
  async experimentStart(role: RoleSession): Promise<void> {
    for (const destination of this.destinations) destination.start?.(role);
    return this.write(role, "experiment-start", { experiment_template_id: this.experiment.templateId, experiment_start_time: this.time(this.experiment.startedAt) });
  }

  targetResolutionStart(role: RoleSession, name: string): Promise<void> {
    return this.write(role, "target-resolution-start", { target_resolution_start_time: this.time(), target_name: name });
  }

  /** What came of a target: a detail for the account, and the resources themselves, page by page. */
  async targetResolutionEnd(role: RoleSession, name: string, resources: readonly ResolvedResource[], error?: string): Promise<void> {
    const about = { target_resolution_end_time: this.time(), target_name: name, ...(this.version >= 2 ? { target_type: this.experiment.definition.targets[name]!.resourceType } : {}) };
    const failed = error === undefined ? {} : { error_information: error };
    if (this.version >= 2) {
      await this.write(role, "target-resolution-detail", {
        ...about, account_id: this.region.accountId, resolved_targets_count: resources.length, status: error === undefined ? "completed" : "failed", ...failed,
      });
    }
    const totalPages = Math.max(1, Math.ceil(resources.length / RESOURCES_A_PAGE));
    for (let page = 1; page <= totalPages; page++) {
      const part = resources.slice((page - 1) * RESOURCES_A_PAGE, page * RESOURCES_A_PAGE);
      await this.write(role, "target-resolution-end", { ...about, resolved_targets: part.map(({ arn }) => (this.version >= 2 ? { arn } : arn)), page, total_pages: totalPages, ...failed });
    }
  }

  actionStart(role: RoleSession, name: string, { definition: { actionId, targets, parameters } }: ActionRun): Promise<void> {
    return this.write(role, "action-start", {
      action_name: name, action_id: actionId, action_start_time: this.time(), action_targets: targets ?? {}, ...(parameters ? { parameters } : {}),
    });
  }

  async actionEnd(role: RoleSession, name: string, { definition: { actionId }, state }: ActionRun): Promise<void> {
    const about = { action_name: name, action_id: actionId };
    if (state.status === "failed" && this.version >= 2) await this.write(role, "action-error", { ...about, account_id: this.region.accountId, action_state: state });
    await this.write(role, "action-end", { ...about, action_end_time: this.time(), action_state: state });
  }

  /** The last record; what was kept back is delivered. */
  async experimentEnd(role: RoleSession | undefined): Promise<void> {
    await this.write(role, "experiment-end", { experiment_end_time: this.time(), experiment_state: this.experiment.state });
    for (const destination of this.destinations) await destination.close(role);
  }

  private async write(role: RoleSession | undefined, type: string, details: object): Promise<void> {
    const record = JSON.stringify({ id: this.experiment.id, log_type: type, event_timestamp: this.time(), version: String(this.version), details });
    for (const destination of this.destinations) await destination.write(record, role);
  }

  private time(at = this.region.clock.now()): string {
    return `${toDate(at).toISOString().slice(0, 19)}Z`;
  }
}
