/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html */
import { all, anywhere, each, on, requestTags, tagKeys, type Call, type Rule, type RuleTable } from "../need";
import type { Service } from "../../core/types";

/** AWS's own parameters (`/aws/service/…`) have no account. A version or label after the name is no part of the ARN. */
function parameter({ region }: Call, name: unknown): string {
  const text = String(name ?? "");
  if (text.startsWith("arn:")) return text;
  const bare = text.replace(/:[^:/]+$/, "").replace(/^\//, "");
  return `arn:${region.partition}:ssm:${region.regionName}:${bare.startsWith("aws/service/") ? "" : region.accountId}:parameter/${bare}`;
}

/** Documents of AWS have no account. */
const document: Rule = on("ssm:SendCommand", ({ input, region }) => {
  const name = String(input.DocumentName ?? "");
  return name.startsWith("arn:") ? name : `arn:${region.partition}:ssm:${region.regionName}:${/^AWS/.test(name) ? "" : region.accountId}:document/${name}`;
});
/** The instances that a command is sent to. Those that its targets find are asked for when it has found them. */
const nodes: Rule = ({ input, region, arn }) => ((input.InstanceIds ?? []) as unknown[]).map(String).map((id) => ({
  action: "ssm:SendCommand", resource: arn("ec2", `instance/${id}`), tags: () => region.service<Tagged>("ec2").tagsOf(id),
}));
interface Tagged extends Service { tagsOf(id: string): ReadonlyMap<string, string> | undefined }

export const SSM: RuleTable = {
  SendCommand: all(document, nodes),
  ...each("CancelCommand DescribeInstanceInformation GetCommandInvocation ListCommandInvocations ListCommands", (name) => anywhere(`ssm:${name}`)),
  ...each("GetParameter DeleteParameter GetParameterHistory LabelParameterVersion UnlabelParameterVersion", (name) => on(`ssm:${name}`, (call) => parameter(call, call.input.Name))),
  DescribeParameters: anywhere("ssm:DescribeParameters"),
  DeleteParameters: on("ssm:DeleteParameters", (call) => ((call.input.Names ?? []) as unknown[]).map((name) => parameter(call, name))),
  AddTagsToResource: on("ssm:AddTagsToResource", (call) => parameter(call, call.input.ResourceId), ({ input }) => requestTags(input.Tags)),
  RemoveTagsFromResource: on("ssm:RemoveTagsFromResource", (call) => parameter(call, call.input.ResourceId), ({ input }) => tagKeys(input.TagKeys)),
  ListTagsForResource: on("ssm:ListTagsForResource", (call) => parameter(call, call.input.ResourceId)),
  PutParameter: on("ssm:PutParameter", (call) => parameter(call, call.input.Name), ({ input }) => ({ ...requestTags(input.Tags), "ssm:Overwrite": input.Overwrite === undefined ? undefined : String(input.Overwrite) })),
  GetParameters: on("ssm:GetParameters", (call) => ((call.input.Names ?? []) as unknown[]).map((name) => parameter(call, name))),
  GetParametersByPath: on("ssm:GetParametersByPath", (call) => parameter(call, String(call.input.Path ?? "").replace(/\/+$/, "")), ({ input }) => ({ "ssm:Recursive": String(input.Recursive ?? false) })),
};
