/** Templates and experiments by id, and how answers show them. */
import { toDate, type Random } from "../../../time/clock";
import { pageOf, type Page } from "../../core/paging";
import type { RegionContext } from "../../core/types";
import { conflict, notFound, validation } from "./errors";
import { ExperimentRun, type FisSettings } from "./experiment";
import type { Definition, Experiment, Template } from "./model";
import { checkQuota } from "./quotas";
import { SafetyLever } from "./safety-lever";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

export class FisStore {
  readonly templates = new Map<string, Template>();
  /** In order of their start. */
  readonly experiments = new Map<string, ExperimentRun>();
  readonly random: Random;
  readonly lever = new SafetyLever(() => this.experiments.values());
  private readonly tokens = new Map<string, { request: string; id: string }>();

  constructor(readonly region: RegionContext, readonly settings: FisSettings) {
    this.random = region.random.fork("fis");
  }

  newId(prefix: "EXT" | "EXP"): string {
    return prefix + Array.from({ length: 15 }, () => ALPHABET[this.random.integer(ALPHABET.length)]).join("");
  }

  arn(resource: "experiment-template" | "experiment" | "action" | "safety-lever", id: string): string {
    const { partition, regionName, accountId } = this.region;
    return `arn:${partition}:fis:${regionName}:${accountId}:${resource}/${id}`;
  }

  /** @throws AwsError ResourceNotFoundException */
  template(id: string): Template {
    const found = this.templates.get(id);
    if (!found) throw notFound(`Experiment template ${id} not found.`);
    return found;
  }

  /** @throws AwsError ResourceNotFoundException */
  experiment(id: string): ExperimentRun {
    const found = this.experiments.get(id);
    if (!found) throw notFound(`Experiment ${id} not found.`);
    return found;
  }

  /** A template or an experiment by its ARN; undefined when there is none. */
  taggedResource(resourceArn: string): Template | Experiment | undefined {
    const id = resourceArn.slice(resourceArn.lastIndexOf("/") + 1);
    return this.templates.get(id) ?? this.experiments.get(id)?.experiment;
  }

  /** The tags of a template or an experiment, by its ARN; they may be changed. @throws AwsError ResourceNotFoundException, ValidationException */
  tagsOf(resourceArn: string): Map<string, string> {
    const [, kind, id] = /:(experiment-template|experiment)\/(\w+)$/.exec(resourceArn) ?? [];
    if (!kind || !id) throw validation(`The resource ARN '${resourceArn}' is not valid.`);
    return kind === "experiment" ? this.experiment(id).experiment.tags : this.template(id).tags;
  }

  /** The id made under a client token earlier; undefined for a new one. @throws AwsError ConflictException, for another request under the same token */
  earlier(operation: string, clientToken: string | undefined, input: object): string | undefined {
    const found = clientToken === undefined ? undefined : this.tokens.get(`${operation} ${clientToken}`);
    if (found && found.request !== JSON.stringify(input)) throw conflict("The client token was used before with other parameters.");
    return found?.id;
  }

  remember(operation: string, clientToken: string | undefined, input: object, id: string): void {
    if (clientToken !== undefined) this.tokens.set(`${operation} ${clientToken}`, { request: JSON.stringify(input), id });
  }

  /** An experiment from a template, started; cancelled at once while the safety lever is engaged. @throws AwsError ServiceQuotaExceededException */
  startExperiment(template: Template, tags: Map<string, string>, actionsMode: Experiment["actionsMode"]): ExperimentRun {
    checkQuota("Active experiments", 1 + [...this.experiments.values()].filter(({ isActive }) => isActive).length);
    const { id: templateId, createdAt: _c, updatedAt: _u, tags: _t, ...definition } = template;
    const id = this.newId("EXP");
    const now = this.region.clock.now();
    const experiment: Experiment = {
      id, templateId, definition: structuredClone(definition), actionsMode, state: { status: "initiating", reason: "Experiment is initiating." }, createdAt: now,
      actions: new Map(Object.entries(definition.actions).map(([name, action]) => [name, { definition: action, state: { status: "pending", reason: "Initial state" } }])),
      resolved: new Map(), tags, changed: this.region.clock.gate(`experiment ${id}`),
    };
    const run = new ExperimentRun(this.region, this.settings, this.random.fork(id), experiment);
    this.experiments.set(id, run);
    if (this.lever.status === "disengaged") run.start();
    else run.cancel("Experiment cancelled: the safety lever is engaged.");
    return run;
  }
}

/** Tags of a request. @throws AwsError ValidationException */
export function readTags(tags: unknown): Map<string, string> {
  const map = new Map<string, string>();
  if (Array.isArray(tags) || typeof (tags ?? {}) !== "object") throw validation("The tags must be a map.");
  for (const [key, value] of Object.entries((tags ?? {}) as Record<string, unknown>)) {
    if (key === "" || key.length > 128 || key.toLowerCase().startsWith("aws:")) throw validation(`The tag key '${key}' is not valid.`);
    if (typeof value !== "string" || value.length > 256) throw validation(`The value of the tag '${key}' is not valid.`);
    map.set(key, value);
  }
  if (map.size > 50) throw validation("A resource may have at most 50 tags.");
  return map;
}

const definitionOut = ({ targets, stopConditions, roleArn, logConfiguration, experimentOptions }: Definition): object =>
  ({ targets, stopConditions, roleArn, logConfiguration, experimentOptions, targetAccountConfigurationsCount: 0 });

/** https://docs.aws.amazon.com/fis/latest/APIReference/API_ExperimentTemplate.html */
export const templateOut = (store: FisStore, template: Template): object => ({
  id: template.id, arn: store.arn("experiment-template", template.id), description: template.description, actions: template.actions, ...definitionOut(template),
  creationTime: toDate(template.createdAt), lastUpdateTime: toDate(template.updatedAt), tags: Object.fromEntries(template.tags),
});

/** https://docs.aws.amazon.com/fis/latest/APIReference/API_Experiment.html */
export const experimentOut = (store: FisStore, { experiment }: ExperimentRun): object => ({
  id: experiment.id, arn: store.arn("experiment", experiment.id), experimentTemplateId: experiment.templateId, state: experiment.state, ...definitionOut(experiment.definition),
  experimentOptions: { ...experiment.definition.experimentOptions, actionsMode: experiment.actionsMode },
  actions: Object.fromEntries([...experiment.actions].map(([name, action]) => [name, {
    ...action.definition, state: action.state, startTime: action.startedAt === undefined ? undefined : toDate(action.startedAt), endTime: action.endedAt === undefined ? undefined : toDate(action.endedAt),
  }])),
  creationTime: toDate(experiment.createdAt), startTime: experiment.startedAt === undefined ? undefined : toDate(experiment.startedAt),
  endTime: experiment.endedAt === undefined ? undefined : toDate(experiment.endedAt), tags: Object.fromEntries(experiment.tags),
});

/** A page of a list. @throws AwsError ValidationException, for a bad maxResults or nextToken */
export function paged<T>(items: readonly T[], input: { maxResults?: number | string; nextToken?: string }): Page<T> {
  const most = input.maxResults === undefined ? 100 : Number(input.maxResults);
  if (!Number.isInteger(most) || most < 1 || most > 100) throw validation("maxResults must be from 1 to 100.");
  return pageOf(items, most, input.nextToken, () => validation("The nextToken is not valid."));
}
