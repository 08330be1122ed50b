/** Functions for tests: a role, a package made of source texts, and ways to invoke. */
import { strToU8, zipSync } from "fflate";
import type { RegionSettings } from "../../../../../harness/region/core/types";
import { startRegion, type TestRegion } from "../../support/region";

export interface LambdaTest extends TestRegion {
  call<T = Record<string, unknown>>(operation: string, input: object): Promise<T>;
  /** Makes a function of those files (or one index.js). */
  create(name: string, source: string | Record<string, string>, more?: object): Promise<Record<string, unknown>>;
  invoke(name: string, event?: unknown, more?: object): Promise<{ value: unknown; error?: string; log: string }>;
  /** Everything in a log group, in order. */
  log(group: string): Promise<string[]>;
  run<T>(body: () => Promise<T>): Promise<T>;
}

export const ROLE = "arn:aws:iam::123456789012:role/function";
export const zip = (files: Record<string, string>): Buffer => Buffer.from(zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)]))));

/** Functions are ready at once, unless the settings say otherwise. */
export async function startLambda(settings: Partial<RegionSettings> = {}): Promise<LambdaTest> {
  const started = await startRegion({ settings: { functionSeconds: 0, ...settings } });
  const { region, clock } = started;
  await region.call(region.admin, "iam", "CreateRole", {
    RoleName: "function",
    AssumeRolePolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }] }),
  });
  await region.call(region.admin, "iam", "AttachRolePolicy", { RoleName: "function", PolicyArn: "arn:aws:iam::aws:policy/AdministratorAccess" });
  const call = <T>(operation: string, input: object): Promise<T> => region.call<T>(region.admin, "lambda", operation, input);
  return {
    ...started,
    call,
    create: (name, source, more = {}) => call("CreateFunction", { FunctionName: name, Runtime: "nodejs22.x", Handler: "index.handler", Role: ROLE, Code: { ZipFile: zip(typeof source === "string" ? { "index.js": source } : source) }, ...more }),
    async invoke(name, event = {}, more = {}) {
      const { Payload, FunctionError, LogResult } = await call<{ Payload: Buffer; FunctionError?: string; LogResult?: string }>("Invoke", { FunctionName: name, Payload: Buffer.from(JSON.stringify(event)), LogType: "Tail", ...more });
      const text = Payload.toString("utf8");
      return { value: text === "" ? undefined : JSON.parse(text), ...(FunctionError ? { error: FunctionError } : {}), log: Buffer.from(LogResult ?? "", "base64").toString("utf8") };
    },
    async log(group) {
      const { events } = await region.call<{ events: { message: string }[] }>(region.admin, "cloudwatch-logs", "FilterLogEvents", { logGroupName: group });
      return events.map(({ message }) => message);
    },
    run: (body) => clock.run("test", body),
  };
}
