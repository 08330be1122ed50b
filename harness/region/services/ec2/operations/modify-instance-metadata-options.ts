/** What is not given stays as it is. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyInstanceMetadataOptions.html */
import { refuseOthers, requiredText } from "../input";
import { metadataOptions } from "../metadata-options";
import { metadataOptionsOut } from "../render";
import { checkMetadataTagKeys } from "../tags";
import type { Ec2Operation } from "./operation";

const KNOWN = new Set(["DryRun", "InstanceId", "HttpEndpoint", "HttpTokens", "HttpPutResponseHopLimit", "HttpProtocolIpv6", "InstanceMetadataTags"]);

export const modifyInstanceMetadataOptions: Ec2Operation = (core) => (input) => {
  refuseOthers(input, KNOWN, "ModifyInstanceMetadataOptions");
  const [instance] = core.instancesWithIds([requiredText(input, "InstanceId")]);
  const options = metadataOptions(input, instance!.metadataOptions);
  if (options.tags === "enabled") checkMetadataTagKeys(core.tags.of(instance!.id).keys());
  instance!.metadataOptions = options;
  return { instanceId: instance!.id, instanceMetadataOptions: { ...metadataOptionsOut(instance!), state: "pending" } };
};
