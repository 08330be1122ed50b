/**
 * The three experiments of AWS Fault Injection Service, the role that runs them, the alarm that stops them and their log.
 *
 * Actions, parameters, target keys and permissions: https://docs.aws.amazon.com/fis/latest/userguide/fis-actions-reference.html
 */
import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { FisExperimentTemplate, type FisExperimentTemplateTarget } from "@cdktf/provider-aws/lib/fis-experiment-template";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { Fn } from "cdktf";
import { TAG } from "../names";
import { allow, allowOnAnything, policyDocument, trustPolicy } from "../policy";
import type { StackContext } from "./context";
import { availabilityZones } from "./network";

export interface Experiments {
  interrupt: FisExperimentTemplate;
  terminate: FisExperimentTemplate;
  noCapacity: FisExperimentTemplate;
}

export function experiments(context: StackContext): Experiments {
  const { scope, config, names, place, arns } = context;
  const log = new CloudwatchLogGroup(scope, "experiment_log", { name: names.experimentLogs, retentionInDays: config.logRetentionDays });
  const guard = guardAlarm(context);
  const role = new IamRole(scope, "experiment_role", {
    name: names.fisRole,
    assumeRolePolicy: trustPolicy("fis.amazonaws.com", {
      StringEquals: { "aws:SourceAccount": place.accountId },
      ArnLike: { "aws:SourceArn": arns.fis("experiment/*") },
    }),
  });
  const policy = new IamRolePolicy(scope, "experiment_policy", { name: names.fisRole, role: role.name, policy: experimentPolicy(context) });

  const template = (id: string, description: string, action: Action, target: FisExperimentTemplateTarget): FisExperimentTemplate =>
    new FisExperimentTemplate(scope, id, {
      description,
      roleArn: role.arn,
      action: [
        {
          name: id.replaceAll("_", "-"),
          actionId: action.id,
          parameter: Object.entries(action.parameters).map(([key, value]) => ({ key, value })),
          target: { key: action.targetKey, value: target.name },
        },
      ],
      target: [target],
      stopCondition: [{ source: "aws:cloudwatch:alarm", value: guard.arn }],
      experimentOptions: { accountTargeting: "single-account", emptyTargetResolutionMode: "fail" },
      logConfiguration: { logSchemaVersion: 2, cloudwatchLogsConfiguration: { logGroupArn: `${log.arn}:*` } },
      tags: { Name: `${config.name}-${id.replaceAll("_", "-")}` },
      dependsOn: [policy],
    });

  const armed = (resourceType: string): FisExperimentTemplateTarget => ({
    name: "armed",
    resourceType,
    selectionMode: "COUNT(1)",
    resourceTag: [{ key: TAG.armed, value: config.name }],
    filter: [{ path: "State.Name", values: ["running"] }],
  });

  return {
    interrupt: template(
      "interrupt",
      "Spot interruption of the armed instance: rebalance recommendation and notice at once, the end two minutes later",
      { id: "aws:ec2:send-spot-instance-interruptions", parameters: { durationBeforeInterruption: "PT2M" }, targetKey: "SpotInstances" },
      armed("aws:ec2:spot-instance"),
    ),
    terminate: template(
      "terminate",
      "Termination of the armed instance without notice: its operating system shuts down",
      { id: "aws:ec2:terminate-instances", parameters: {}, targetKey: "Instances" },
      armed("aws:ec2:instance"),
    ),
    noCapacity: template(
      "no_capacity",
      "No capacity in any zone for launches of the state machine; stop the experiment to end it sooner",
      {
        id: "aws:ec2:api-insufficient-instance-capacity-error",
        parameters: {
          duration: `PT${config.noCapacityFaultMinutes}M`,
          availabilityZoneIdentifiers: config.zones.length > 0 ? config.zones.join(",") : Fn.join(",", availabilityZones(scope).names),
          percentage: "100",
        },
        targetKey: "Roles",
      },
      { name: "machine", resourceType: "aws:iam:role", selectionMode: "ALL", resourceArns: [arns.role(names.machineRole)] },
    ),
  };
}

interface Action {
  id: string;
  parameters: Record<string, string>;
  targetKey: string;
}

/** A job that fails while an experiment runs has met more than it can bear: stop. */
function guardAlarm({ scope, config, names, arns }: StackContext): CloudwatchMetricAlarm {
  return new CloudwatchMetricAlarm(scope, "guard", {
    alarmName: names.guardAlarm,
    alarmDescription: `A job of ${config.name} failed; experiments stop.`,
    namespace: "AWS/States",
    metricName: "ExecutionsFailed",
    dimensions: { StateMachineArn: arns.machine },
    statistic: "Sum",
    period: 60,
    evaluationPeriods: 1,
    threshold: 1,
    comparisonOperator: "GreaterThanOrEqualToThreshold",
    treatMissingData: "notBreaching",
  });
}

function experimentPolicy({ config, names, arns }: StackContext): string {
  const armed = { StringEquals: { [`aws:ResourceTag/${TAG.armed}`]: config.name } };
  return policyDocument([
    allow("StrikeTheArmedInstance", ["ec2:SendSpotInstanceInterruptions", "ec2:TerminateInstances"], [arns.instances], armed),
    allowOnAnything(
      "FindTheArmedInstance",
      ["ec2:DescribeInstances"],
      "EC2's Describe actions have no resource types: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html",
    ),
    allowOnAnything(
      "RefuseLaunchesOfTheMachine",
      ["ec2:InjectApiError"],
      "the action is granted on * and narrowed by its two condition keys: https://docs.aws.amazon.com/fis/latest/userguide/security_iam_id-based-policy-examples.html",
      {
        "ForAnyValue:StringEquals": {
          "ec2:FisActionId": ["aws:ec2:api-insufficient-instance-capacity-error"],
          "ec2:FisTargetArns": [arns.role(names.machineRole)],
        },
      },
    ),
    allowOnAnything(
      "DeliverExperimentLogs",
      ["logs:CreateLogDelivery", "logs:PutResourcePolicy", "logs:DescribeResourcePolicies", "logs:DescribeLogGroups"],
      "the log delivery actions have no resource types: https://docs.aws.amazon.com/fis/latest/userguide/monitoring-logging.html",
    ),
  ]);
}
