/**
 * AWS Lambda: functions that run for real on the region's clock, those of Node.js runtimes in this process, those of Python
 * runtimes in processes of their own; invocations that wait and that do not, versions, aliases, permissions and destinations.
 * https://docs.aws.amazon.com/lambda/latest/api/welcome.html
 */
import { AwsError, type RegionContext, type Service } from "../../core/types";
import { refusingMembers } from "../../core/unsupported";
import { restService } from "../../wire/rest";
import type { FailedDelivery } from "./destinations";
import { Invocations } from "./invocations";
import { invalidParameter } from "./errors";
import { REFUSED_MEMBERS } from "./limits";
import { createAlias, deleteAlias, getAlias, listAliases, updateAlias } from "./operations/aliases";
import { deleteFunctionConcurrency, getFunctionConcurrency, putFunctionConcurrency } from "./operations/concurrency";
import { createFunction } from "./operations/create-function";
import { deleteFunction } from "./operations/delete-function";
import { deleteFunctionEventInvokeConfig, getFunctionEventInvokeConfig, listFunctionEventInvokeConfigs, putFunctionEventInvokeConfig, updateFunctionEventInvokeConfig } from "./operations/event-invoke-config";
import { getAccountSettings, getFunctionCodeSigningConfig, getFunctionRecursionConfig, getRuntimeManagementConfig } from "./operations/fixed-settings";
import { getFunction, getFunctionConfiguration, listFunctions } from "./operations/get-function";
import { invoke } from "./operations/invoke";
import { addPermission, getPolicy, policyOf, removePermission } from "./operations/permissions";
import { listTags, tagResource, untagResource } from "./operations/tags";
import { updateFunctionCode, updateFunctionConfiguration } from "./operations/update-function";
import { listVersionsByFunction, publishVersion } from "./operations/versions";
import { ROUTES } from "./routes";
import { LambdaStore } from "./store";

export interface ServiceInvocation {
  functionArn: string;
  /** JSON text. */
  payload: string;
  /** The service that invokes, as policies name it: `events.amazonaws.com`. */
  principal: string;
  /** On whose behalf: the rule, say. */
  sourceArn: string;
}

export interface LambdaService extends Service {
  /** Queues an event for a function, as a service of AWS, where the function's policy lets it. @throws AwsError ResourceNotFoundException, AccessDeniedException */
  invokeForService(invocation: ServiceInvocation): void;
  /** The policy of a function, for who decides on access; undefined when it has none. */
  resourcePolicy(identifier: string): string | undefined;
  resourceTags(identifier: string): ReadonlyMap<string, string> | undefined;
  /** Records of queued invocations that could not be delivered to their destinations. */
  readonly failures: readonly FailedDelivery[];
}

export function createLambdaService(region: RegionContext): LambdaService {
  const store = new LambdaStore(region);
  const invocations = new Invocations(store);
  const service = restService({
    name: "lambda",
    signingName: "lambda",
    region,
    routes: ROUTES,
    close: async () => invocations.close(),
    operations: refusingMembers({
      CreateFunction: createFunction(store),
      UpdateFunctionCode: updateFunctionCode(store, invocations),
      UpdateFunctionConfiguration: updateFunctionConfiguration(store, invocations),
      GetFunction: getFunction(store),
      GetFunctionConfiguration: getFunctionConfiguration(store),
      ListFunctions: listFunctions(store),
      DeleteFunction: deleteFunction(store, invocations),
      Invoke: invoke(store, invocations),
      PublishVersion: publishVersion(store),
      ListVersionsByFunction: listVersionsByFunction(store),
      CreateAlias: createAlias(store),
      GetAlias: getAlias(store),
      UpdateAlias: updateAlias(store),
      DeleteAlias: deleteAlias(store),
      ListAliases: listAliases(store),
      AddPermission: addPermission(store),
      RemovePermission: removePermission(store),
      GetPolicy: getPolicy(store),
      PutFunctionConcurrency: putFunctionConcurrency(store),
      GetFunctionConcurrency: getFunctionConcurrency(store),
      DeleteFunctionConcurrency: deleteFunctionConcurrency(store),
      PutFunctionEventInvokeConfig: putFunctionEventInvokeConfig(store),
      UpdateFunctionEventInvokeConfig: updateFunctionEventInvokeConfig(store),
      GetFunctionEventInvokeConfig: getFunctionEventInvokeConfig(store),
      DeleteFunctionEventInvokeConfig: deleteFunctionEventInvokeConfig(store),
      ListFunctionEventInvokeConfigs: listFunctionEventInvokeConfigs(store),
      TagResource: tagResource(store),
      UntagResource: untagResource(store),
      ListTags: listTags(store),
      GetFunctionCodeSigningConfig: getFunctionCodeSigningConfig(store),
      GetRuntimeManagementConfig: getRuntimeManagementConfig(store),
      GetFunctionRecursionConfig: getFunctionRecursionConfig(store),
      GetAccountSettings: getAccountSettings(store),
    }, REFUSED_MEMBERS, invalidParameter),
  });
  return Object.assign(service, {
    failures: invocations.failures,
    resourcePolicy(identifier: string): string | undefined {
      const found = findOrNothing(store, identifier);
      return found && policyOf(found.fn, found.qualifier);
    },
    resourceTags: (identifier: string) => findOrNothing(store, identifier)?.fn.tags,
    invokeForService({ functionArn, payload, principal, sourceArn }: ServiceInvocation): void {
      const { fn, qualifier } = store.resolve(functionArn);
      const resource = qualifier === undefined ? fn.arn : `${fn.arn}:${qualifier}`;
      const policy = policyOf(fn, qualifier);
      if (!region.permitsService({ principal, action: "lambda:InvokeFunction", resource, sourceArn, policies: policy === undefined ? [] : [policy] })) {
        throw new AwsError("AccessDeniedException", `The policy of ${resource} does not allow ${principal} to perform lambda:InvokeFunction for ${sourceArn}.`, 403);
      }
      invocations.enqueue(fn, { requestId: store.random.uuid(), payload, invokedArn: resource, ...(qualifier === undefined ? {} : { qualifier }) });
    },
  });
}

/** The function that an identifier names; undefined when there is none. */
function findOrNothing(store: LambdaStore, identifier: string): ReturnType<LambdaStore["find"]> | undefined {
  try {
    return store.find(identifier);
  } catch (error) {
    if (error instanceof AwsError) return undefined;
    throw error;
  }
}
