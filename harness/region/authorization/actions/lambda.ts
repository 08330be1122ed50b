/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html */
import type { Need } from "../../core/types";
import { all, anywhere, each, on, passRole, requestTags, tagKeys, when, type Call, type Described, type Rule, type RuleTable } from "../need";

/** A function by its name, a partial ARN or an ARN, with the qualifier if there is one. */
function functionArn(call: Call, given: unknown = call.input.FunctionName, qualifier: unknown = call.input.Qualifier): string {
  const text = String(given ?? "");
  const [name = "", own] = (text.includes(":function:") ? text.slice(text.indexOf(":function:") + ":function:".length) : text).split(":");
  const after = own ?? (qualifier === undefined || qualifier === "" ? undefined : String(qualifier));
  return call.arn("lambda", `function:${name}${after === undefined ? "" : `:${after}`}`);
}
const bare = (call: Call): string => functionArn(call, call.input.FunctionName, undefined).split(":").slice(0, 7).join(":");
const onFunction = (action: string, resource: (call: Call) => string = (call) => functionArn(call), keys?: (call: Call) => Need["keys"]): Rule => (call) => {
  const arn = resource(call);
  const asked = keys?.(call);
  return [{
    action, resource: arn, ...(asked ? { keys: asked } : {}),
    policy: () => call.region.service<Described>("lambda").resourcePolicy?.(arn),
    tags: () => call.region.service<Described>("lambda").resourceTags?.(arn),
  }];
};
const resource = ({ input }: Call): string => String(input.Resource ?? "");
const ON_FUNCTION = "UpdateFunctionCode GetFunction GetFunctionConfiguration PublishVersion ListVersionsByFunction CreateAlias GetAlias UpdateAlias DeleteAlias ListAliases "
  + "RemovePermission GetPolicy GetFunctionConcurrency PutFunctionConcurrency DeleteFunctionConcurrency PutFunctionEventInvokeConfig UpdateFunctionEventInvokeConfig "
  + "GetFunctionEventInvokeConfig DeleteFunctionEventInvokeConfig ListFunctionEventInvokeConfigs DeleteFunction GetFunctionCodeSigningConfig GetRuntimeManagementConfig GetFunctionRecursionConfig";

export const LAMBDA: RuleTable = {
  ...each(ON_FUNCTION, (name) => onFunction(`lambda:${name}`)),
  CreateFunction: all(
    onFunction("lambda:CreateFunction", bare, ({ input }) => requestTags(input.Tags)),
    when(({ input }) => Object.keys(input.Tags ?? {}).length > 0, on("lambda:TagResource", bare, ({ input }) => requestTags(input.Tags))),
    passRole(({ input }) => input.Role, "lambda.amazonaws.com"),
  ),
  UpdateFunctionConfiguration: all(onFunction("lambda:UpdateFunctionConfiguration"), passRole(({ input }) => input.Role, "lambda.amazonaws.com")),
  Invoke: onFunction("lambda:InvokeFunction"),
  AddPermission: onFunction("lambda:AddPermission", undefined, ({ input }) => ({ "lambda:Principal": input.Principal })),
  ...each("ListFunctions GetAccountSettings", (name) => anywhere(`lambda:${name}`)),
  TagResource: onFunction("lambda:TagResource", resource, ({ input }) => requestTags(input.Tags)),
  UntagResource: onFunction("lambda:UntagResource", resource, ({ input }) => tagKeys(input.TagKeys)),
  ListTags: onFunction("lambda:ListTags", resource),
};
