/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutDashboard.html and its neighbours. */
import { pageOf } from "../../../core/paging";
import { AwsError, type Operation } from "../../../core/types";
import type { Alarms } from "../alarms";
import { missingParameter } from "../errors";

export interface Dashboard { name: string; arn: string; body: string; lastModified: Date }
export type Dashboards = Map<string, Dashboard>;

const notFound = (name: string): AwsError => new AwsError("ResourceNotFound", `Dashboard ${name} does not exist`, 404);
const invalid = (message: string): AwsError => new AwsError("InvalidParameterInput", "The field DashboardBody must be a valid JSON object", 400, { dashboardValidationMessages: [{ Message: message }] });

export const putDashboard = (dashboards: Dashboards, { region, now }: Pick<Alarms, "region"> & { now(): Date }): Operation<{ DashboardName?: string; DashboardBody?: string }> => (input) => {
  const { DashboardName: name, DashboardBody: body } = input;
  if (!name) throw missingParameter("DashboardName");
  if (!body) throw missingParameter("DashboardBody");
  if (!/^[A-Za-z0-9_-]{1,255}$/.test(name)) throw new AwsError("InvalidParameterValue", `The value ${name} for field DashboardName contains invalid characters. It can only contain alphanumerics, dash (-) and underscore (_).`);
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch (error) {
    throw invalid((error as Error).message);
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) throw invalid("The dashboard body must be a JSON object");
  const widgets = (parsed as { widgets?: unknown }).widgets;
  if (widgets !== undefined && !Array.isArray(widgets)) throw invalid("Should be array: /widgets");
  if (Array.isArray(widgets) && widgets.length > 500) throw invalid("A dashboard has at most 500 widgets");
  dashboards.set(name, { name, arn: `arn:${region.partition}:cloudwatch::${region.accountId}:dashboard/${name}`, body, lastModified: now() });
  return { DashboardValidationMessages: [] };
};

export const getDashboard = (dashboards: Dashboards): Operation<{ DashboardName?: string }> => (input) => {
  if (!input.DashboardName) throw missingParameter("DashboardName");
  const dashboard = dashboards.get(input.DashboardName);
  if (!dashboard) throw notFound(input.DashboardName);
  return { DashboardName: dashboard.name, DashboardArn: dashboard.arn, DashboardBody: dashboard.body };
};

export const listDashboards = (dashboards: Dashboards): Operation<{ DashboardNamePrefix?: string; NextToken?: string }> => (input) => {
  const found = [...dashboards.values()].filter(({ name }) => name.startsWith(input.DashboardNamePrefix ?? "")).sort((a, b) => (a.name < b.name ? -1 : 1));
  const { items, nextToken } = pageOf(found, 1000, input.NextToken || undefined, "InvalidNextToken");
  return { DashboardEntries: items.map(({ name, arn, body, lastModified }) => ({ DashboardName: name, DashboardArn: arn, LastModified: lastModified, Size: Buffer.byteLength(body) })), NextToken: nextToken };
};

export const deleteDashboards = (dashboards: Dashboards): Operation<{ DashboardNames?: string[] }> => (input) => {
  if (!input.DashboardNames?.length) throw missingParameter("DashboardNames");
  const missing = input.DashboardNames.find((name) => !dashboards.has(name));
  if (missing) throw notFound(missing);
  for (const name of input.DashboardNames) dashboards.delete(name);
};
