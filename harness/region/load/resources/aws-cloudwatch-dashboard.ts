/** https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/cloudwatch_dashboard */
import type { ResourceType } from "../resource";

export const awsCloudwatchDashboard: ResourceType = (args) => {
  const name = args.text("dashboard_name");
  const body = args.text("dashboard_body");
  return async ({ call, region }) => {
    const answer = await call<{ DashboardValidationMessages?: { Message?: string; DataPath?: string }[] }>("cloudwatch", "PutDashboard", { DashboardName: name, DashboardBody: body });
    const messages = answer.DashboardValidationMessages ?? [];
    if (messages.length > 0) throw args.problem(`cloudwatch:PutDashboard warned: ${messages.map(({ DataPath, Message }) => `${DataPath ?? ""} ${Message ?? ""}`).join("; ")}`);
    return { dashboard_arn: `arn:${region.partition}:cloudwatch::${region.accountId}:dashboard/${name}`, id: name };
  };
};
