/** What a nightly runner of the harness may do: start and follow jobs, arm one instance, run the experiments, and clear up. */
import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy";
import { TAG } from "../names";
import { allow, allowOnAnything, kept, policyDocument } from "../policy";
import type { StackContext } from "./context";
import type { Experiments } from "./experiments";

export function runnerPolicy(context: StackContext, { interrupt, terminate, noCapacity }: Experiments): IamPolicy {
  const { scope, config, names, place, arns, reasons } = context;
  const estimate = "the command line asks for it before a run on AWS, to say what that run would cost at most; on the embedded region nothing costs anything";
  const ours = { [`aws:ResourceTag/${TAG.name}`]: config.name };
  const bucket = arns.bucket(`${config.name}-checkpoints-${place.accountId}-${config.region}`);
  const templates = [interrupt, terminate, noCapacity].map((template) => arns.fis(`experiment-template/${template.id}`));
  return new IamPolicy(scope, "runner_policy", {
    name: names.runnerPolicy,
    description: `For the harness that proves ${config.name}: attach it to the role of a nightly run.`,
    policy: policyDocument([
      kept(reasons, names.runnerPolicy, allow("StartJobs", ["states:StartExecution", "states:DescribeStateMachine"], [arns.machine]), { "states:DescribeStateMachine": estimate }),
      allow("FollowJobs", ["states:DescribeExecution", "states:GetExecutionHistory", "states:StopExecution"], [arns.executions]),
      allow("ReadTheLedgerAndLock", ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:DeleteItem"], [arns.ledger]),
      allow("ReadCheckpointsAndLogs", ["s3:GetObject"], [`${bucket}/jobs/*`, `${bucket}/logs/*`]),
      allow("ListCheckpointsAndLogs", ["s3:ListBucket"], [bucket], { StringLike: { "s3:prefix": ["jobs/*", "logs/*"] } }),
      allow("Arm", ["ec2:CreateTags", "ec2:DeleteTags"], [arns.instances], {
        StringEquals: ours,
        "ForAllValues:StringEquals": { "aws:TagKeys": [TAG.armed] },
      }),
      allow("Vanish", ["ec2:TerminateInstances"], [arns.instances], { StringEquals: ours }),
      allow("StartExperiments", ["fis:StartExperiment"], [...templates, arns.fis("experiment/*")]),
      allow("FollowExperiments", ["fis:GetExperiment", "fis:StopExperiment"], [arns.fis("experiment/*")]),
      allow("LabelExperiments", ["fis:TagResource"], [arns.fis("experiment/*")]),
      allowOnAnything(
        "Watch",
        ["ec2:DescribeInstances", "ec2:DescribeSpotInstanceRequests", "ec2:DescribeSpotPriceHistory", "cloudwatch:GetMetricData", "cloudwatch:DescribeAlarmHistory"],
        "these have no resource types, or ask for all alarms at once: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html, https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html",
      ),
    ]),
  });
}
