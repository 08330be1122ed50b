/**
 * How an instance's metadata service answers, as a launch or a later call sets it.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-options.html
 */
import { ec2Error } from "./errors";
import type { Image } from "./images";
import { text, whole, type Wire } from "./input";

export interface MetadataOptions {
  httpEndpoint: "enabled" | "disabled";
  httpTokens: "required" | "optional";
  /** Of the answer to a token request; kept as data, for loopback has no hops. */
  hopLimit: number;
  tags: "enabled" | "disabled";
}

/** The defaults that an image brings: tokens required and two hops with ImdsSupport v2.0 (Amazon Linux 2023), otherwise optional and one. */
export const imageMetadataOptions = ({ imdsSupport }: Image): MetadataOptions =>
  ({ httpEndpoint: "enabled", httpTokens: imdsSupport ? "required" : "optional", hopLimit: imdsSupport ? 2 : 1, tags: "disabled" });

/** @param present what holds where nothing is given. @throws AwsError InvalidParameterValue */
export function metadataOptions(options: Wire, present: MetadataOptions): MetadataOptions {
  const choice = <T extends string>(name: string, fallback: T, allowed: readonly T[]): T => {
    const value = text(options, name) ?? fallback;
    const found = allowed.find((candidate) => candidate === value);
    if (!found) throw ec2Error("InvalidParameterValue", `Invalid value '${value}' for MetadataOptions.${name}.`);
    return found;
  };
  const hopLimit = whole(options, "HttpPutResponseHopLimit", 1) ?? present.hopLimit;
  if (hopLimit > 64) throw ec2Error("InvalidParameterValue", `Invalid value '${hopLimit}' for MetadataOptions.HttpPutResponseHopLimit.`);
  return {
    httpEndpoint: choice("HttpEndpoint", present.httpEndpoint, ["enabled", "disabled"]),
    httpTokens: choice("HttpTokens", present.httpTokens, ["required", "optional"]),
    hopLimit,
    tags: choice("InstanceMetadataTags", present.tags, ["disabled", "enabled"]),
  };
}
