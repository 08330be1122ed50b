/** How Lambda's operations stand on the wire: https://docs.aws.amazon.com/lambda/latest/api/API_Operations.html */
import type { RestRoute } from "../../wire/rest";

const FUNCTION = "/2015-03-31/functions/{FunctionName}";
const ASYNC = "/2019-09-25/functions/{FunctionName}/event-invoke-config";

export const ROUTES: readonly RestRoute[] = [
  {
    operation: "Invoke", method: "POST", path: `${FUNCTION}/invocations`, requestPayload: "Payload",
    requestHeaders: { InvocationType: "x-amz-invocation-type", LogType: "x-amz-log-type", ClientContext: "x-amz-client-context", DurableExecutionName: "x-amz-durable-execution-name", TenantId: "x-amz-tenant-id" },
    responseHeaders: { FunctionError: "x-amz-function-error", LogResult: "x-amz-log-result", ExecutedVersion: "x-amz-executed-version" }, responsePayload: "Payload", responseStatus: "StatusCode",
  },
  { operation: "CreateFunction", method: "POST", path: "/2015-03-31/functions", status: 201 },
  { operation: "ListFunctions", method: "GET", path: "/2015-03-31/functions" },
  { operation: "GetFunction", method: "GET", path: FUNCTION },
  { operation: "DeleteFunction", method: "DELETE", path: FUNCTION, responseStatus: "StatusCode" },
  { operation: "GetFunctionConfiguration", method: "GET", path: `${FUNCTION}/configuration` },
  { operation: "UpdateFunctionConfiguration", method: "PUT", path: `${FUNCTION}/configuration` },
  { operation: "UpdateFunctionCode", method: "PUT", path: `${FUNCTION}/code` },
  { operation: "PublishVersion", method: "POST", path: `${FUNCTION}/versions`, status: 201 },
  { operation: "ListVersionsByFunction", method: "GET", path: `${FUNCTION}/versions` },
  { operation: "CreateAlias", method: "POST", path: `${FUNCTION}/aliases`, status: 201 },
  { operation: "ListAliases", method: "GET", path: `${FUNCTION}/aliases` },
  { operation: "GetAlias", method: "GET", path: `${FUNCTION}/aliases/{Name}` },
  { operation: "UpdateAlias", method: "PUT", path: `${FUNCTION}/aliases/{Name}` },
  { operation: "DeleteAlias", method: "DELETE", path: `${FUNCTION}/aliases/{Name}`, status: 204 },
  { operation: "AddPermission", method: "POST", path: `${FUNCTION}/policy`, status: 201 },
  { operation: "GetPolicy", method: "GET", path: `${FUNCTION}/policy` },
  { operation: "RemovePermission", method: "DELETE", path: `${FUNCTION}/policy/{StatementId}`, status: 204 },
  { operation: "PutFunctionConcurrency", method: "PUT", path: "/2017-10-31/functions/{FunctionName}/concurrency" },
  { operation: "DeleteFunctionConcurrency", method: "DELETE", path: "/2017-10-31/functions/{FunctionName}/concurrency", status: 204 },
  { operation: "GetFunctionConcurrency", method: "GET", path: "/2019-09-30/functions/{FunctionName}/concurrency" },
  { operation: "PutFunctionEventInvokeConfig", method: "PUT", path: ASYNC },
  { operation: "UpdateFunctionEventInvokeConfig", method: "POST", path: ASYNC },
  { operation: "GetFunctionEventInvokeConfig", method: "GET", path: ASYNC },
  { operation: "DeleteFunctionEventInvokeConfig", method: "DELETE", path: ASYNC, status: 204 },
  { operation: "ListFunctionEventInvokeConfigs", method: "GET", path: `${ASYNC}/list` },
  { operation: "TagResource", method: "POST", path: "/2017-03-31/tags/{Resource}", status: 204 },
  { operation: "UntagResource", method: "DELETE", path: "/2017-03-31/tags/{Resource}", status: 204, queryNames: { TagKeys: "tagKeys" }, queryLists: ["TagKeys"] },
  { operation: "ListTags", method: "GET", path: "/2017-03-31/tags/{Resource}" },
  { operation: "GetFunctionCodeSigningConfig", method: "GET", path: "/2020-06-30/functions/{FunctionName}/code-signing-config" },
  { operation: "GetRuntimeManagementConfig", method: "GET", path: "/2021-07-20/functions/{FunctionName}/runtime-management-config" },
  { operation: "GetFunctionRecursionConfig", method: "GET", path: "/2024-08-31/functions/{FunctionName}/recursion-config" },
  { operation: "GetAccountSettings", method: "GET", path: "/2016-08-19/account-settings" },
];
