/** A call context without a region behind it, for tests of codecs. */
import type { AwsError, CallContext, RegionContext, WireRequest } from "../../../../harness/region/core/types";

export interface TestContext { context: CallContext; defects: [string, unknown][] }

export function testContext(more: Partial<RegionContext> = {}): TestContext {
  const defects: [string, unknown][] = [];
  const region = { regionName: "us-east-1", accountId: "123456789012", reportDefect: (where: string, error: unknown) => defects.push([where, error]), ...more } as unknown as RegionContext;
  return { defects, context: { region, requestId: "request-1", caller: { accountId: "123456789012", arn: "arn:aws:iam::123456789012:root", userId: "123456789012", accessKeyId: "AKIA" } } };
}

export const request = (more: Partial<WireRequest> & { text?: string }): WireRequest => {
  const { text, ...rest } = more;
  return { method: "POST", path: "/", query: "", headers: {}, body: Buffer.from(text ?? ""), ...rest };
};

export const bodyText = (body: Buffer | string): string => body.toString();
export type { AwsError };
