/**
 * The values that conditions and policy variables see. Keys that are not here are absent, as IAM counts keys that a
 * request does not have. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
import { toDate, toSeconds } from "../../time/clock";
import type { Caller, Need, RegionContext } from "../core/types";
import type { Keys } from "./pattern";

export interface KeySource {
  region: RegionContext;
  need: Need;
  /** Absent when a service of AWS asks for itself. */
  caller?: Caller;
  roleArn?: string;
  roleTags?: ReadonlyMap<string, string>;
  /** On whose behalf a service asks. */
  sourceArn?: string;
  sourceAccount?: string;
  principalService?: string;
}

const one = (value: string | undefined): readonly string[] | undefined => (value === undefined ? undefined : [value]);

/** Of every key in lower case, its values in this request. */
export function keysOf(source: KeySource): Keys {
  const { region, need } = source;
  let own: Map<string, readonly string[]> | undefined;
  const ownKeys = (): Map<string, readonly string[]> => {
    if (!own) {
      own = new Map();
      for (const [key, value] of Object.entries(need.keys ?? {})) if (value !== undefined) own.set(key.toLowerCase(), typeof value === "string" ? [value] : value);
    }
    return own;
  };
  return (key) => ownKeys().get(key) ?? tagKey(key, source) ?? GLOBAL_KEYS[key]?.(source, region);
}

/** `aws:ResourceTag/KEY`, `ec2:ResourceTag/KEY`, `aws:PrincipalTag/KEY`: the tag's own name does not depend on case either. */
function tagKey(key: string, { need, roleTags }: KeySource): readonly string[] | undefined {
  const slash = key.indexOf("/");
  if (slash < 0) return undefined;
  const prefix = key.slice(0, slash);
  const tags = prefix.endsWith(":resourcetag") ? need.tags?.() : prefix === "aws:principaltag" ? roleTags : undefined;
  const wanted = key.slice(slash + 1);
  for (const [name, value] of tags ?? []) if (name.toLowerCase() === wanted) return [value];
  return undefined;
}

export const GLOBAL_KEYS: Readonly<Record<string, (source: KeySource, region: RegionContext) => readonly string[] | undefined>> = {
  "aws:currenttime": (_, { clock }) => [toDate(clock.now()).toISOString()],
  "aws:epochtime": (_, { clock }) => [String(Math.floor(toSeconds(clock.now())))],
  "aws:requestedregion": (_, { regionName }) => [regionName],
  // The loopback port stands for AWS's endpoints, which are asked over TLS.
  "aws:securetransport": () => ["true"],
  "aws:sourceip": ({ caller }) => (caller ? ["127.0.0.1"] : undefined),
  "aws:viaawsservice": () => ["false"],
  "aws:principalisawsservice": ({ principalService }) => [String(principalService !== undefined)],
  "aws:principalservicename": ({ principalService }) => one(principalService),
  "aws:principalaccount": ({ caller }) => one(caller?.accountId),
  "aws:principalarn": ({ roleArn, caller }) => one(roleArn ?? caller?.arn),
  "aws:principaltype": ({ caller, roleArn }) => (caller ? [roleArn === undefined ? "Account" : "AssumedRole"] : undefined),
  "aws:userid": ({ caller }) => one(caller?.userId),
  "aws:resourceaccount": (_, { accountId }) => [accountId],
  "aws:sourcearn": ({ sourceArn }) => one(sourceArn),
  "aws:sourceaccount": ({ sourceAccount }) => one(sourceAccount),
  // An instance's session is named after it.
  "ec2:sourceinstancearn": ({ caller }, { partition, regionName, accountId }) => {
    const id = caller && /\/(i-[0-9a-f]+)$/.exec(caller.arn)?.[1];
    return id ? [`arn:${partition}:ec2:${regionName}:${accountId}:instance/${id}`] : undefined;
  },
};
