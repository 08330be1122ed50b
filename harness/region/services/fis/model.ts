/** Experiment templates and experiments, in the API's own shapes where an answer holds them. */
import type { Gate, Microseconds } from "../../../time/clock";

export interface TemplateAction { actionId: string; description?: string; parameters?: Record<string, string>; targets?: Record<string, string>; startAfter?: string[] }

export interface TemplateTarget {
  resourceType: string;
  resourceArns?: string[];
  resourceTags?: Record<string, string>;
  filters?: { path: string; values: string[] }[];
  selectionMode: string;
  parameters?: Record<string, string>;
}

export interface StopCondition { source: string; value?: string }
export interface LogConfiguration { cloudWatchLogsConfiguration?: { logGroupArn: string }; s3Configuration?: { bucketName: string; prefix?: string }; logSchemaVersion: number }
export interface ExperimentOptions { accountTargeting: "single-account"; emptyTargetResolutionMode: "fail" | "skip" }

/** What a template says, and an experiment repeats. */
export interface Definition {
  description: string;
  targets: Record<string, TemplateTarget>;
  actions: Record<string, TemplateAction>;
  stopConditions: StopCondition[];
  roleArn: string;
  logConfiguration?: LogConfiguration;
  experimentOptions: ExperimentOptions;
}

export interface Template extends Definition {
  id: string;
  createdAt: Microseconds;
  updatedAt: Microseconds;
  tags: Map<string, string>;
}

export type ActionStatus = "pending" | "initiating" | "running" | "completed" | "cancelled" | "skipped" | "stopping" | "stopped" | "failed";
export type ExperimentStatus = "pending" | "initiating" | "running" | "completed" | "stopping" | "stopped" | "failed" | "cancelled";

export interface ActionRun {
  definition: TemplateAction;
  state: { status: ActionStatus; reason: string };
  startedAt?: Microseconds;
  endedAt?: Microseconds;
}

/** A resource that a target was resolved to. */
export interface ResolvedResource { arn: string; /** The part of the ARN after the last slash: an instance's id, a role's name. */ id: string }

export interface Experiment {
  id: string;
  templateId: string;
  definition: Definition;
  /** `skip-all`: targets are resolved, and nothing is done to them. */
  actionsMode: "run-all" | "skip-all";
  state: { status: ExperimentStatus; reason: string };
  actions: Map<string, ActionRun>;
  /** By target name; empty until the targets have been resolved. */
  resolved: Map<string, ResolvedResource[]>;
  createdAt: Microseconds;
  startedAt?: Microseconds;
  endedAt?: Microseconds;
  tags: Map<string, string>;
  /** Why it is being stopped; undefined while nobody stops it. */
  stopReason?: string;
  /** Opened when it is to stop, and whenever one of its actions is over. */
  changed: Gate;
}

export const isOver = (status: ExperimentStatus): boolean => ["completed", "stopped", "failed", "cancelled"].includes(status);
