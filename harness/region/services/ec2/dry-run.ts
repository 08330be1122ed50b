/** DryRun: whether the caller may make a request, without making it. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/CommonParameters.html */
import { ec2Error } from "./errors";
import { flag, type Wire } from "./input";

/** For a request that was found permitted. @throws AwsError DryRunOperation, when that was all that was asked */
export function refuseDryRun(input: Wire): void {
  if (flag(input, "DryRun")) throw ec2Error("DryRunOperation", "Request would have succeeded, but DryRun flag is set.");
}
