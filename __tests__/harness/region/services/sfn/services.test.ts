/** The table of integrated services against the API models that the SDK's packages carry. */
import { SERVICES } from "../../../../../harness/region/services/sfn/integrations/services";

const PACKAGES: Record<string, string> = { sfn: "sfn", cloudwatchlogs: "cloudwatch-logs", eventbridge: "eventbridge", resourcegroupstaggingapi: "resource-groups-tagging-api", elasticloadbalancingv2: "elastic-load-balancing-v2" };

/** Error codes for which a client has a class of its own. */
function modeled(arnName: string): string[] {
  const client = require(`@aws-sdk/client-${PACKAGES[arnName] ?? arnName}`) as Record<string, unknown>;
  const prototypeOf = (name: string): object => (client[name] as { prototype: object }).prototype;
  // Some models have a ServiceException of their own below the client's.
  const named = Object.keys(client).filter((name) => /^[^_].*ServiceException$|^ServiceException$/.test(name));
  const base = named.find((name) => !named.some((other) => Object.prototype.isPrototypeOf.call(prototypeOf(other), prototypeOf(name))));
  const Base = client[base as string] as { prototype: object };
  return Object.entries(client).filter(([name, value]) => name !== base && typeof value === "function" && (value as { prototype?: object }).prototype instanceof (Base as never)).map(([name]) => name);
}

// Services with many errors of operations that the region does not have are held to being right, not complete.
const PARTIAL = new Set(["ssm", "lambda", "cloudwatchlogs", "iam", "s3", "sts", "kms", "resourcegroupstaggingapi", "sqs"]);

it.each(SERVICES.map((service) => [service.arnName, service] as const))("%s names the errors that its model has", (arnName, { modeledErrors }) => {
  const expected = modeled(arnName);
  const known = (code: string): boolean => expected.includes(code) || expected.includes(`${code}Exception`);
  expect(modeledErrors.filter((code) => !known(code))).toEqual([]);
  if (!PARTIAL.has(arnName)) expect(expected.filter((name) => !modeledErrors.includes(name) && !modeledErrors.includes(name.replace(/Exception$/, "")))).toEqual([]);
});
