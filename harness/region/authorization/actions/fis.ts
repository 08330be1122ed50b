/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsfaultinjectionservice.html */
import type { Need } from "../../core/types";
import { all, anywhere, each, passRole, requestTags, tagKeys, when, type Call, type Described, type Rule, type RuleTable } from "../need";

const onArn = (action: string, arn: (call: Call) => string, keys?: (call: Call) => Need["keys"]): Rule => (call) => {
  const resource = arn(call);
  const asked = keys?.(call);
  return [{ action, resource, tags: () => call.region.service<Described>("fis").resourceTags?.(resource), ...(asked ? { keys: asked } : {}) }];
};
const template = (call: Call): string => call.arn("fis", `experiment-template/${String(call.input.id ?? call.input.experimentTemplateId ?? "*")}`);
const experiment = (call: Call): string => call.arn("fis", `experiment/${String(call.input.id ?? call.input.experimentId ?? "*")}`);
const newExperiment = (call: Call): string => call.arn("fis", "experiment/*");
const resource = ({ input }: Call): string => String(input.resourceArn ?? "");
const hasTags = ({ input }: Call): boolean => Object.keys(input.tags ?? {}).length > 0;
const actions: Rule = (call) => [...new Set(Object.values((call.input.actions ?? {}) as Record<string, { actionId?: string }>).map(({ actionId }) => String(actionId)))]
  .map((id) => ({ action: "", resource: call.arn("fis", `action/${id}`) }));
/** Templates are authorized on the actions that they use, too. */
const withActions = (action: string): Rule => (call) => actions(call).map((need) => ({ ...need, action }));

export const FIS: RuleTable = {
  CreateExperimentTemplate: all(
    onArn("fis:CreateExperimentTemplate", (call) => call.arn("fis", "experiment-template/*"), ({ input }) => requestTags(input.tags)),
    withActions("fis:CreateExperimentTemplate"),
    when(hasTags, onArn("fis:TagResource", (call) => call.arn("fis", "experiment-template/*"), ({ input }) => requestTags(input.tags))),
    passRole(({ input }) => input.roleArn, "fis.amazonaws.com"),
  ),
  UpdateExperimentTemplate: all(onArn("fis:UpdateExperimentTemplate", template), withActions("fis:UpdateExperimentTemplate"), passRole(({ input }) => input.roleArn, "fis.amazonaws.com")),
  ...each("GetExperimentTemplate DeleteExperimentTemplate", (name) => onArn(`fis:${name}`, template)),
  StartExperiment: all(
    onArn("fis:StartExperiment", template),
    onArn("fis:StartExperiment", newExperiment, ({ input }) => requestTags(input.tags)),
    when(hasTags, onArn("fis:TagResource", newExperiment, ({ input }) => requestTags(input.tags))),
  ),
  ...each("GetExperiment StopExperiment ListExperimentResolvedTargets", (name) => onArn(`fis:${name}`, experiment)),
  ...each("ListExperimentTemplates ListExperiments ListActions ListTargetResourceTypes", (name) => anywhere(`fis:${name}`)),
  GetAction: onArn("fis:GetAction", (call) => call.arn("fis", `action/${String(call.input.id ?? "")}`)),
  ...each("InjectApiInternalError InjectApiThrottleError InjectApiUnavailableError", (name) => onArn(`fis:${name}`, newExperiment, ({ input }) => ({
    "fis:Service": input.service, "fis:Operations": input.operations, "fis:Percentage": input.percentage, "fis:Targets": input.roleArns,
  }))),
  GetTargetResourceType: anywhere("fis:GetTargetResourceType"),
  ...each("GetSafetyLever UpdateSafetyLeverState", (name) => onArn(`fis:${name}`, ({ input, arn }) => arn("fis", `safety-lever/${String(input.id ?? "")}`))),
  TagResource: onArn("fis:TagResource", resource, ({ input }) => requestTags(input.tags)),
  UntagResource: onArn("fis:UntagResource", resource, ({ input }) => tagKeys(input.tagKeys)),
  ListTagsForResource: onArn("fis:ListTagsForResource", resource),
};
