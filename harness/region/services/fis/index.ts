/**
 * AWS Fault Injection Service: templates checked as the service checks them, and experiments that really run, on the
 * clock, under their own role. https://docs.aws.amazon.com/fis/latest/userguide/what-is.html
 *
 * - `actions.ts` the table of actions; `validate.ts` what a template must be; `targets.ts`, `stop-conditions.ts`, `log.ts`
 * - `experiment.ts` an experiment's life; `store.ts` what there is; `operations/` one API operation a file
 */
import type { Operation, RegionContext, Service } from "../../core/types";
import { restService, type RestRoute } from "../../wire/rest";
import { DEFAULT_FIS_SETTINGS, type FisSettings } from "./experiment";
import { createExperimentTemplate } from "./operations/create-experiment-template";
import { deleteExperimentTemplate } from "./operations/delete-experiment-template";
import { getAction } from "./operations/get-action";
import { getExperiment } from "./operations/get-experiment";
import { getExperimentTemplate } from "./operations/get-experiment-template";
import { listActions } from "./operations/list-actions";
import { listExperimentResolvedTargets } from "./operations/list-experiment-resolved-targets";
import { listExperimentTemplates } from "./operations/list-experiment-templates";
import { listExperiments } from "./operations/list-experiments";
import { listTagsForResource } from "./operations/list-tags-for-resource";
import { listTargetResourceTypes } from "./operations/list-target-resource-types";
import type { FisOperation } from "./operations/operation";
import { startExperiment } from "./operations/start-experiment";
import { stopExperiment } from "./operations/stop-experiment";
import { tagResource } from "./operations/tag-resource";
import { untagResource } from "./operations/untag-resource";
import { updateExperimentTemplate } from "./operations/update-experiment-template";
import { FisStore } from "./store";

export type { FisSettings } from "./experiment";

export interface FisService extends Service {
  /** May be changed at any time. */
  readonly settings: FisSettings;
}

const OPERATIONS: readonly (Omit<RestRoute, "operation"> & { name: string; create: FisOperation })[] = [
  { name: "CreateExperimentTemplate", method: "POST", path: "/experimentTemplates", create: createExperimentTemplate },
  { name: "GetExperimentTemplate", method: "GET", path: "/experimentTemplates/{id}", create: getExperimentTemplate },
  { name: "UpdateExperimentTemplate", method: "PATCH", path: "/experimentTemplates/{id}", create: updateExperimentTemplate },
  { name: "DeleteExperimentTemplate", method: "DELETE", path: "/experimentTemplates/{id}", create: deleteExperimentTemplate },
  { name: "ListExperimentTemplates", method: "GET", path: "/experimentTemplates", create: listExperimentTemplates },
  { name: "StartExperiment", method: "POST", path: "/experiments", create: startExperiment },
  { name: "GetExperiment", method: "GET", path: "/experiments/{id}", create: getExperiment },
  { name: "StopExperiment", method: "DELETE", path: "/experiments/{id}", create: stopExperiment },
  { name: "ListExperiments", method: "GET", path: "/experiments", create: listExperiments },
  { name: "ListExperimentResolvedTargets", method: "GET", path: "/experiments/{experimentId}/resolvedTargets", create: listExperimentResolvedTargets },
  { name: "ListActions", method: "GET", path: "/actions", create: listActions },
  { name: "GetAction", method: "GET", path: "/actions/{id}", create: getAction },
  { name: "ListTargetResourceTypes", method: "GET", path: "/targetResourceTypes", create: listTargetResourceTypes },
  { name: "TagResource", method: "POST", path: "/tags/{resourceArn}", create: tagResource },
  { name: "UntagResource", method: "DELETE", path: "/tags/{resourceArn}", queryLists: ["tagKeys"], create: untagResource },
  { name: "ListTagsForResource", method: "GET", path: "/tags/{resourceArn}", create: listTagsForResource },
];

/** Makes the region's FIS; it uses ec2, and cloudwatch and cloudwatch-logs where a template does. */
export function createFisService(region: RegionContext, settings: Partial<FisSettings> = {}): FisService {
  const store = new FisStore(region, { ...DEFAULT_FIS_SETTINGS, ...settings });
  const operations: Record<string, Operation> = Object.fromEntries(OPERATIONS.map(({ name, create }) => [name, create(store)]));
  const routes = OPERATIONS.map(({ name, create: _create, ...route }): RestRoute => ({ ...route, operation: name }));
  return Object.assign(restService({ name: "fis", signingName: "fis", region, operations, routes }), { settings: store.settings });
}
