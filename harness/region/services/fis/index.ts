/**
 * AWS Fault Injection Service: templates checked as the service checks them, and experiments that really run, on the
 * clock, under their own role. https://docs.aws.amazon.com/fis/latest/userguide/what-is.html
 *
 * - `actions/` the table of actions; `resource-types.ts` that of targets; `quotas.ts`; `validate/` what a template must be
 * - `experiment.ts` an experiment's life: `resolution.ts` and `targets.ts`, `stop-conditions.ts`, `safety-lever.ts`, `log/`
 * - `store.ts` what there is; `operations/` one API operation a file
 */
import type { Operation, RegionContext, Service } from "../../core/types";
import { restService, type RestRoute } from "../../wire/rest";
import { DEFAULT_FIS_SETTINGS, type FisSettings } from "./experiment";
import { createExperimentTemplate } from "./operations/create-experiment-template";
import { deleteExperimentTemplate } from "./operations/delete-experiment-template";
import { getAction } from "./operations/get-action";
import { getSafetyLever } from "./operations/get-safety-lever";
import { getTargetResourceType } from "./operations/get-target-resource-type";
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
import { updateSafetyLeverState } from "./operations/update-safety-lever-state";
import { FisStore } from "./store";

export type { FisSettings } from "./experiment";

export interface FisService extends Service {
  /** May be changed at any time. */
  readonly settings: FisSettings;
  /** Tags of a template or an experiment; undefined when there is none of that ARN. */
  resourceTags(arn: string): ReadonlyMap<string, string> | undefined;
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
  { name: "GetTargetResourceType", method: "GET", path: "/targetResourceTypes/{resourceType}", create: getTargetResourceType },
  { name: "GetSafetyLever", method: "GET", path: "/safetyLevers/{id}", create: getSafetyLever },
  { name: "UpdateSafetyLeverState", method: "PATCH", path: "/safetyLevers/{id}/state", create: updateSafetyLeverState },
  { name: "TagResource", method: "POST", path: "/tags/{resourceArn}", create: tagResource },
  { name: "UntagResource", method: "DELETE", path: "/tags/{resourceArn}", queryLists: ["tagKeys"], create: untagResource },
  { name: "ListTagsForResource", method: "GET", path: "/tags/{resourceArn}", create: listTagsForResource },
];

/** Routes of operations that the region does not have, so that they are refused by name: experiments over several accounts. */
const REFUSED: readonly RestRoute[] = [
  { operation: "CreateTargetAccountConfiguration", method: "POST", path: "/experimentTemplates/{id}/targetAccountConfigurations/{accountId}" },
  { operation: "GetTargetAccountConfiguration", method: "GET", path: "/experimentTemplates/{id}/targetAccountConfigurations/{accountId}" },
  { operation: "UpdateTargetAccountConfiguration", method: "PATCH", path: "/experimentTemplates/{id}/targetAccountConfigurations/{accountId}" },
  { operation: "DeleteTargetAccountConfiguration", method: "DELETE", path: "/experimentTemplates/{id}/targetAccountConfigurations/{accountId}" },
  { operation: "ListTargetAccountConfigurations", method: "GET", path: "/experimentTemplates/{id}/targetAccountConfigurations" },
  { operation: "GetExperimentTargetAccountConfiguration", method: "GET", path: "/experiments/{id}/targetAccountConfigurations/{accountId}" },
  { operation: "ListExperimentTargetAccountConfigurations", method: "GET", path: "/experiments/{id}/targetAccountConfigurations" },
];

/** Makes the region's FIS; it uses ec2, and cloudwatch and cloudwatch-logs where a template does. */
export function createFisService(region: RegionContext, settings: Partial<FisSettings> = {}): FisService {
  const store = new FisStore(region, { ...DEFAULT_FIS_SETTINGS, ...settings });
  const operations: Record<string, Operation> = Object.fromEntries(OPERATIONS.map(({ name, create }) => [name, create(store)]));
  const routes = OPERATIONS.map(({ name, create: _create, ...route }): RestRoute => ({ ...route, operation: name })).concat(REFUSED);
  return Object.assign(restService({ name: "fis", signingName: "fis", region, operations, routes }), {
    settings: store.settings,
    resourceTags: (arn: string) => store.taggedResource(arn)?.tags,
  });
}
