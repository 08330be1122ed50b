/**
 * Systems Manager, as far as parameters go: their types, versions, labels, filters and tags, and AWS's public image
 * parameters. https://docs.aws.amazon.com/systems-manager/latest/userguide/systems-manager-parameter-store.html
 */
import type { RegionContext, Service } from "../../core/types";
import { jsonService } from "../../wire/json";
import { deleteParameter, deleteParameters } from "./operations/delete-parameter";
import { describeParameters } from "./operations/describe-parameters";
import { getParameter } from "./operations/get-parameter";
import { getParameterHistory } from "./operations/get-parameter-history";
import { getParameters } from "./operations/get-parameters";
import { getParametersByPath } from "./operations/get-parameters-by-path";
import { labelParameterVersion, unlabelParameterVersion } from "./operations/label-parameter-version";
import { putParameter } from "./operations/put-parameter";
import { addTagsToResource, listTagsForResource, removeTagsFromResource } from "./operations/tags";
import { SsmState } from "./state";

export function createSsmService(region: RegionContext): Service {
  const state = new SsmState(region);
  return jsonService({
    name: "ssm",
    signingName: "ssm",
    version: "1.1",
    targetPrefix: "AmazonSSM",
    region,
    operations: {
      AddTagsToResource: addTagsToResource(state),
      DeleteParameter: deleteParameter(state),
      DeleteParameters: deleteParameters(state),
      DescribeParameters: describeParameters(state),
      GetParameter: getParameter(state),
      GetParameterHistory: getParameterHistory(state),
      GetParameters: getParameters(state),
      GetParametersByPath: getParametersByPath(state),
      LabelParameterVersion: labelParameterVersion(state),
      ListTagsForResource: listTagsForResource(state),
      PutParameter: putParameter(state),
      RemoveTagsFromResource: removeTagsFromResource(state),
      UnlabelParameterVersion: unlabelParameterVersion(state),
    },
  });
}
