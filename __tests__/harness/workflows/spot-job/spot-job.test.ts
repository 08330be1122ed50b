/**
 * A workflow as teams bring it, on an empty region and over the APIs alone: a state machine draws a run id from KMS, keeps its progress
 * in DynamoDB and its settings in SSM parameters, requests a Spot Instance with a shell script as user data, tags it, waits for its run
 * by a task token, and goes on until the job is at 100%; FIS interrupts it on the way. Every actor has a role of its own.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CloudWatchClient, GetMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { DescribeInstancesCommand, DescribeSpotInstanceRequestsCommand, EC2Client } from "@aws-sdk/client-ec2";
import { CreateExperimentTemplateCommand, FisClient, GetExperimentCommand, StartExperimentCommand } from "@aws-sdk/client-fis";
import { AddRoleToInstanceProfileCommand, CreateInstanceProfileCommand, CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { GetResourcesCommand, ResourceGroupsTaggingAPIClient } from "@aws-sdk/client-resource-groups-tagging-api";
import { CreateStateMachineCommand, DescribeExecutionCommand, SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { seconds } from "../../../../harness/time/clock";
import type { Ec2Service } from "../../../../harness/region/services/ec2";
import { startRegion } from "../../region/support/region";

const MACHINE = readFileSync(join(__dirname, "machine.json"), "utf8");
const USER_DATA = readFileSync(join(__dirname, "user-data.sh"));
const ACCOUNT = "123456789012";
const SETTINGS = { totalMinutes: 10, checkpointMinutes: 2 };

const statement = (Action: string[], Resource: string | string[], more: object = {}): object => ({ Effect: "Allow", Action, Resource, ...more });
const INSTANCE = `arn:aws:ec2:us-east-1:${ACCOUNT}:instance/*`;
const TABLE = `arn:aws:dynamodb:us-east-1:${ACCOUNT}:table/runs`;
const PARAMETERS = `arn:aws:ssm:us-east-1:${ACCOUNT}:parameter/spot-job/*`;

/** What each role may do, and who may assume it. */
const ROLES: Record<string, { service: string; statements: object[] }> = {
  "spot-job-machine": {
    service: "states.amazonaws.com",
    statements: [
      statement(["kms:GenerateRandom", "tag:TagResources", "ec2:RequestSpotInstances", "ec2:RunInstances", "ec2:DescribeSpotInstanceRequests", "ec2:CreateTags"], "*"),
      statement(["dynamodb:CreateTable", "dynamodb:PutItem", "dynamodb:GetItem", "dynamodb:UpdateItem"], TABLE),
      statement(["ssm:PutParameter"], PARAMETERS),
      statement(["ec2:TerminateInstances"], INSTANCE, { Condition: { StringEquals: { "aws:ResourceTag/Name": "spot-job" } } }),
      statement(["iam:PassRole"], `arn:aws:iam::${ACCOUNT}:role/spot-job-instance`),
    ],
  },
  "spot-job-instance": {
    service: "ec2.amazonaws.com",
    statements: [
      statement(["ssm:GetParameter"], PARAMETERS),
      statement(["cloudwatch:PutMetricData", "ec2:DescribeTags", "states:SendTaskSuccess", "states:SendTaskHeartbeat"], "*"),
      statement(["dynamodb:GetItem", "dynamodb:UpdateItem"], TABLE),
    ],
  },
  "spot-job-experiments": { service: "fis.amazonaws.com", statements: [statement(["ec2:SendSpotInstanceInterruptions"], INSTANCE), statement(["ec2:DescribeInstances"], "*")] },
};

it("carries a job to 100% over an interruption that FIS injects", async () => {
  const { region, clock } = await startRegion();
  const config = region.sdkConfig();
  const [sfn, ec2, fis, iam] = [new SFNClient(config), new EC2Client(config), new FisClient(config), new IAMClient(config)];
  try {
    for (const [RoleName, { service, statements }] of Object.entries(ROLES)) {
      await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" }] }) }));
      await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: "what-it-does", PolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement: statements }) }));
    }
    await iam.send(new CreateInstanceProfileCommand({ InstanceProfileName: "spot-job-instance" }));
    await iam.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName: "spot-job-instance", RoleName: "spot-job-instance" }));
    const role = (name: string): string => `arn:aws:iam::${ACCOUNT}:role/${name}`;
    const { Parameter } = await new SSMClient(config).send(new GetParameterCommand({ Name: "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64" }));
    const { experimentTemplate } = await fis.send(new CreateExperimentTemplateCommand({
      clientToken: "interrupt", description: "Interrupts the job's instance", roleArn: role("spot-job-experiments"), stopConditions: [{ source: "none" }],
      targets: { instances: { resourceType: "aws:ec2:spot-instance", resourceTags: { Name: "spot-job" }, selectionMode: "ALL", filters: [{ path: "State.Name", values: ["running"] }] } },
      actions: { interrupt: { actionId: "aws:ec2:send-spot-instance-interruptions", parameters: { durationBeforeInterruption: "PT2M" }, targets: { SpotInstances: "instances" } } },
    }));
    const { stateMachineArn } = await sfn.send(new CreateStateMachineCommand({ name: "spot-job", definition: MACHINE, roleArn: role("spot-job-machine") }));

    await clock.run("test", async () => {
      const { executionArn } = await sfn.send(new StartExecutionCommand({
        stateMachineArn,
        input: JSON.stringify({
          ...SETTINGS, imageId: Parameter!.Value, userData: USER_DATA.toString("base64"),
          instanceProfileArn: `arn:aws:iam::${ACCOUNT}:instance-profile/spot-job-instance`, instanceArnPrefix: `arn:aws:ec2:us-east-1:${ACCOUNT}:instance/`,
        }),
      }));
      await clock.sleep(seconds(6 * 60));
      const { experiment } = await fis.send(new StartExperimentCommand({ clientToken: "now", experimentTemplateId: experimentTemplate!.id }));
      let execution = await sfn.send(new DescribeExecutionCommand({ executionArn }));
      while (execution.status === "RUNNING") {
        await clock.sleep(seconds(10));
        execution = await sfn.send(new DescribeExecutionCommand({ executionArn }));
      }
      expect([execution.status, execution.error, execution.cause]).toEqual(["SUCCEEDED", undefined, undefined]);
      expect(JSON.parse(execution.output!)).toEqual({ percent: 100, instances: 2 });
      expect((await fis.send(new GetExperimentCommand({ id: experiment!.id }))).experiment!.state).toMatchObject({ status: "completed" });

      await clock.sleep(seconds(60));
      const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({}));
      const instances = Reservations.flatMap(({ Instances = [] }) => Instances);
      expect(instances.map(({ State, InstanceLifecycle, Tags }) => [State?.Name, InstanceLifecycle, Tags?.find(({ Key }) => Key === "Name")?.Value])).toEqual([["terminated", "spot", "spot-job"], ["terminated", "spot", "spot-job"]]);
      const { SpotInstanceRequests = [] } = await ec2.send(new DescribeSpotInstanceRequestsCommand({}));
      expect(SpotInstanceRequests.map(({ Status }) => Status?.Code)).toEqual(["instance-terminated-by-experiment", "instance-terminated-by-user"]);
      expect((await new ResourceGroupsTaggingAPIClient(config).send(new GetResourcesCommand({ ResourceTypeFilters: ["ec2:instance"], TagFilters: [{ Key: "run" }] }))).ResourceTagMappingList).toHaveLength(2);

      // What was not saved when the first instance ended is done again, and no more than that.
      const end = new Date(clock.now() / 1000);
      const query = (id: string, metric: string): object => ({ Id: id, MetricStat: { Metric: { Namespace: "spot-job", MetricName: metric }, Period: 1, Stat: "Maximum" } });
      const { MetricDataResults } = await new CloudWatchClient(config).send(new GetMetricDataCommand({
        StartTime: new Date(end.getTime() - 3600_000), EndTime: end, ScanBy: "TimestampAscending", MetricDataQueries: [query("unsaved", "unsaved"), query("checkpointed", "checkpointed")] as never,
      }));
      const [unsaved, checkpointed] = MetricDataResults!.map(({ Values }) => Values!) as [number[], number[]];
      const again = unsaved.findIndex((value, at) => at > 0 && value < unsaved[at - 1]!);
      expect(unsaved[again]! - 1).toBe(checkpointed[again - 1]);
      expect(unsaved[again - 1]! - checkpointed[again - 1]!).toBeLessThanOrEqual(20);
      expect([unsaved.at(-1), checkpointed.at(-1)]).toEqual([100, 100]);
      expect(unsaved.filter((value, at) => at > 0 && value < unsaved[at - 1]!)).toHaveLength(1);

      const console = region.service<Ec2Service>("ec2").guestConsole(instances[0]!.InstanceId!);
      expect(console).toContain("job.service: in us-east-1");
    });
    expect(region.failures).toEqual([]);
  } finally {
    for (const client of [sfn, ec2, fis, iam]) client.destroy();
    await region.close();
  }
});
