/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html */
import { each, on, requestTags, type Call, type RuleTable } from "../need";

/** AWS's own parameters (`/aws/service/…`) have no account. A version or label after the name is no part of the ARN. */
function parameter({ region }: Call, name: unknown): string {
  const text = String(name ?? "");
  if (text.startsWith("arn:")) return text;
  const bare = text.replace(/:[^:/]+$/, "").replace(/^\//, "");
  return `arn:${region.partition}:ssm:${region.regionName}:${bare.startsWith("aws/service/") ? "" : region.accountId}:parameter/${bare}`;
}

export const SSM: RuleTable = {
  ...each("GetParameter DeleteParameter", (name) => on(`ssm:${name}`, (call) => parameter(call, call.input.Name))),
  PutParameter: on("ssm:PutParameter", (call) => parameter(call, call.input.Name), ({ input }) => ({ ...requestTags(input.Tags), "ssm:Overwrite": input.Overwrite === undefined ? undefined : String(input.Overwrite) })),
  GetParameters: on("ssm:GetParameters", (call) => ((call.input.Names ?? []) as unknown[]).map((name) => parameter(call, name))),
  GetParametersByPath: on("ssm:GetParametersByPath", (call) => parameter(call, String(call.input.Path ?? "").replace(/\/+$/, "")), ({ input }) => ({ "ssm:Recursive": String(input.Recursive ?? false) })),
};
