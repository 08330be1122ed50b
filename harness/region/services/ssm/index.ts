/**
 * Systems Manager, as far as parameters go: String and StringList parameters with versions, and AWS's public image
 * parameters. https://docs.aws.amazon.com/systems-manager/latest/userguide/systems-manager-parameter-store.html
 */
import type { RegionContext, Service } from "../../core/types";
import { jsonService } from "../../wire/json";
import { deleteParameter } from "./operations/delete-parameter";
import { getParameter } from "./operations/get-parameter";
import { getParameters } from "./operations/get-parameters";
import { getParametersByPath } from "./operations/get-parameters-by-path";
import { putParameter } from "./operations/put-parameter";
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
      DeleteParameter: deleteParameter(state),
      GetParameter: getParameter(state),
      GetParameters: getParameters(state),
      GetParametersByPath: getParametersByPath(state),
      PutParameter: putParameter(state),
    },
  });
}
