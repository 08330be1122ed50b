/** What the guest wrote, at most its last 64 KB, in base64. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetConsoleOutput.html */
import { toDate } from "../../../../time/clock";
import { requiredText } from "../input";
import type { Ec2Operation } from "./operation";

const LIMIT_BYTES = 64 * 1024;

export const getConsoleOutput: Ec2Operation = (core) => (input) => {
  const [instance] = core.instancesWithIds([requiredText(input, "InstanceId")]);
  const output = Buffer.from(instance!.console());
  return { instanceId: instance!.id, timestamp: toDate(core.now()), output: output.subarray(Math.max(0, output.length - LIMIT_BYTES)).toString("base64") };
};
