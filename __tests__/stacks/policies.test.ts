/** Least privilege, held by rules: what each policy of the deployment may and may not say. */
import { allow, allowOnAnything } from "../../stacks/policy";
import { FIXTURE, removeSynthesized, statements, synthesized, type FoundStatement } from "./synthesized";

/* eslint-disable @typescript-eslint/no-explicit-any */

const TARGET_GROUP = "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/batch/73e2d6bc24d8a067";
const KEY = "arn:aws:kms:us-east-1:123456789012:key/01234567-0123-0123-0123-0123456789ab";
let found: FoundStatement[];
beforeAll(() => { found = statements(synthesized(FIXTURE, { SPOTPROOF_KMS_KEY_ARN: KEY, SPOTPROOF_JOB_ARTIFACT: "s3://artifacts/a.tar.gz", SPOTPROOF_JOB_COMMAND: "./run", SPOTPROOF_TARGET_GROUP_ARN: TARGET_GROUP })); });
afterAll(removeSynthesized);

const asList = (value: string | string[] | undefined): string[] => (value === undefined ? [] : [value].flat());
const identity = (): FoundStatement[] => found.filter(({ policy }) => /^aws_iam_(role_)?policy\./.test(policy));
const of = (policy: string): any[] => identity().filter((each) => each.policy.endsWith(policy)).map(({ statement }) => statement);
const granting = (policy: string, action: string): any[] => of(policy).filter((statement) => statement.Action.includes(action));

/** The only statements on `*`: AWS offers nothing narrower for these actions. */
const ON_ANYTHING: Record<string, string> = {
  "machine_policy FindLeftOverInstancesAndPrices": "EC2's Describe actions have no resource types",
  "machine_policy DeliverExecutionLogs": "log delivery actions have no resource types",
  "instance_policy Metrics": "PutMetricData has no resource type; narrowed by its namespace",
  "watcher_policy FindInstances": "EC2's Describe actions have no resource types",
  "sweeper_policy FindInstances": "EC2's Describe actions have no resource types",
  "sweeper_policy CountWhatItFinds": "PutMetricData has no resource type; narrowed by its namespace",
  "experiment_policy FindTheArmedInstance": "EC2's Describe actions have no resource types",
  "experiment_policy RefuseLaunchesOfTheMachine": "InjectApiError is narrowed by its condition keys",
  "experiment_policy DeliverExperimentLogs": "log delivery actions have no resource types",
  "runner_policy Watch": "Describe, Get and List actions without resource types",
};

it("finds all policies", () => {
  expect([...new Set(found.map(({ policy }) => policy.split(".")[1]))].sort()).toEqual([
    "agent_policy", "checkpoints_policy", "experiment_policy", "experiment_role", "instance_policy", "instance_role", "machine_policy", "machine_role", "runner_policy",
    "sweeper_policy", "sweeper_role", "watcher_dead_letters_policy", "watcher_policy", "watcher_role",
  ]);
});

it("grants no action by a wildcard, and nothing by exclusion", () => {
  for (const { policy, statement } of found) {
    expect([policy, asList(statement.Action).filter((action) => action.includes("*"))]).toEqual([policy, []]);
    for (const field of ["NotAction", "NotResource", "NotPrincipal"]) expect(statement).not.toHaveProperty(field);
  }
});

it("grants on * only where AWS offers nothing narrower", () => {
  const onAnything = identity().filter(({ statement }) => asList(statement.Resource).includes("*"));
  expect(onAnything.map(({ policy, statement }) => `${policy.split(".")[1]} ${statement.Sid}`).sort()).toEqual(Object.keys(ON_ANYTHING).sort());
});

it("narrows every other resource to a service, a region, an account and a kind", () => {
  for (const { policy, statement } of identity()) {
    for (const resource of asList(statement.Resource).filter((each) => each !== "*")) {
      expect([policy, statement.Sid, resource]).toEqual([policy, statement.Sid, expect.stringMatching(/^(\$\{aws_[a-z0-9_.]+\.arn\}|arn:(aws|\$\{[^}]*\}):[a-z0-9]+:[^:*]*:[^:*]*:[^*].*)$/)]);
    }
  }
});

it("names each statement once", () => {
  const names = found.filter(({ statement }) => statement.Sid !== undefined).map(({ policy, statement }) => `${policy} ${statement.Sid}`);
  expect(new Set(names).size).toBe(names.length);
});

it("lets a role be assumed by its service alone, and for this account alone where the service says for whom it acts", () => {
  const trust = found.filter(({ policy }) => policy.startsWith("aws_iam_role."));
  expect(Object.fromEntries(trust.map(({ policy, statement }) => [policy.split(".")[1], statement.Principal]))).toEqual({
    instance_role: { Service: ["ec2.amazonaws.com"] }, machine_role: { Service: ["states.amazonaws.com"] }, watcher_role: { Service: ["lambda.amazonaws.com"] }, sweeper_role: { Service: ["lambda.amazonaws.com"] }, experiment_role: { Service: ["fis.amazonaws.com"] },
  });
  for (const { policy, statement } of trust.filter((each) => !/(instance|watcher|sweeper)_role$/.test(each.policy))) {
    expect([policy, statement.Condition.StringEquals["aws:SourceAccount"]]).toEqual([policy, "${data.aws_caller_identity.account.account_id}"]);
  }
});

it("terminates only instances of this deployment, or the armed one", () => {
  for (const policy of ["machine_policy", "watcher_policy", "sweeper_policy", "runner_policy"]) {
    expect(granting(policy, "ec2:TerminateInstances").map(({ Condition }) => Condition)).toEqual([{ StringEquals: { "aws:ResourceTag/spotproof:name": "spotproof" } }]);
  }
  expect(granting("experiment_policy", "ec2:TerminateInstances").map(({ Condition }) => Condition)).toEqual([{ StringEquals: { "aws:ResourceTag/spotproof:armed": "spotproof" } }]);
});

it("launches only from the template, with the deployment's tag, under the instance role", () => {
  const template = "${aws_launch_template.template.arn}";
  const [instances] = granting("machine_policy", "ec2:RunInstances").filter(({ Resource }) => Resource.some((each: string) => each.endsWith(":instance/*")));
  expect(instances.Condition).toEqual({ ArnLike: { "ec2:LaunchTemplate": template }, StringEquals: { "aws:RequestTag/spotproof:name": "spotproof" } });
  const [fleets] = granting("machine_policy", "ec2:CreateFleet").filter(({ Resource }) => Resource.some((each: string) => each.endsWith(":fleet/*")));
  expect(fleets.Condition).toEqual({ StringEquals: { "aws:RequestTag/spotproof:name": "spotproof" } });
  expect(granting("machine_policy", "iam:PassRole")).toEqual([
    { Sid: "PassTheInstanceRole", Effect: "Allow", Action: ["iam:PassRole"], Resource: ["${aws_iam_role.instance_role.arn}"], Condition: { StringEquals: { "iam:PassedToService": "ec2.amazonaws.com" } } },
  ]);
  expect(identity().filter(({ statement }) => statement.Action.some((action: string) => action.startsWith("iam:")))).toHaveLength(1);
});

it("tags only at launch; the runner tags only to arm", () => {
  expect(granting("machine_policy", "ec2:CreateTags").map(({ Condition }) => Condition)).toEqual([{ StringEquals: { "ec2:CreateAction": ["CreateFleet", "RunInstances"] } }]);
  expect(granting("runner_policy", "ec2:CreateTags").map(({ Condition }) => Condition)).toEqual([
    { StringEquals: { "aws:ResourceTag/spotproof:name": "spotproof" }, "ForAllValues:StringEquals": { "aws:TagKeys": ["spotproof:armed"] } },
  ]);
});

it("lets an instance reach its ledger, its part of the bucket, its metrics and its tokens", () => {
  expect(Object.fromEntries(of("instance_policy").map(({ Sid, Action }) => [Sid, Action]))).toEqual({
    Agent: ["s3:GetObjectVersion"],
    AgentLog: ["logs:CreateLogStream", "logs:PutLogEvents"],
    Ledger: ["dynamodb:GetItem", "dynamodb:UpdateItem"],
    Checkpoints: ["s3:GetObject", "s3:PutObject", "s3:PutObjectTagging", "s3:DeleteObject", "s3:AbortMultipartUpload"],
    FinalLogs: ["s3:PutObject"],
    ListCheckpoints: ["s3:ListBucket"],
    ReportToTheMachine: ["states:SendTaskSuccess", "states:SendTaskFailure", "states:SendTaskHeartbeat"],
    Metrics: ["cloudwatch:PutMetricData"],
    Artifact: ["s3:GetObject"],
    ItsTargetGroup: ["elasticloadbalancing:RegisterTargets", "elasticloadbalancing:DeregisterTargets"],
    Key: ["kms:Decrypt", "kms:GenerateDataKey"],
  });
  expect(granting("instance_policy", "elasticloadbalancing:DeregisterTargets")[0].Resource).toEqual([TARGET_GROUP]);
  expect(statements(synthesized(FIXTURE, {})).filter(({ statement }) => statement.Sid === "ItsTargetGroup")).toEqual([]);
  expect(granting("instance_policy", "cloudwatch:PutMetricData")[0].Condition).toEqual({ StringEquals: { "cloudwatch:namespace": "spotproof" } });
  expect(granting("instance_policy", "s3:GetObjectVersion").map(({ Resource }) => Resource)).toEqual([[expect.stringMatching(/:spotproof-agent-[^/]*\/agent\.zip$/)]]);
  expect(granting("instance_policy", "s3:GetObject").map(({ Resource }) => Resource[0])).toEqual([expect.stringMatching(/:spotproof-checkpoints-[^/]*\/jobs\/\*$/), expect.stringMatching(/:s3:::artifacts\/a\.tar\.gz$/)]);
});

it.each([
  [{ SPOTPROOF_AMI_ID: "ami-0123456789abcdef0" }, "UseTheImage", ":image/ami-0123456789abcdef0", undefined],
  [{}, "UseTheImage", ":image/*", { StringEquals: { "ec2:Owner": "amazon" } }],
  [{}, "ResolveTheImage", ":ssm:us-east-1::parameter/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64", undefined],
  [{ SPOTPROOF_AMI_ID: "resolve:ssm:own/image:3" }, "ResolveTheImage", "${data.aws_caller_identity.account.account_id}:parameter/own/image", undefined],
  [{ SPOTPROOF_VPC_ID: "vpc-01234567", SPOTPROOF_SUBNET_IDS: "subnet-01234567" }, "UseTheSubnets", ":subnet/subnet-01234567", undefined],
  [{}, "UseTheSubnets", ":subnet/*", { ArnEquals: { "ec2:Vpc": "${data.aws_vpc.default_vpc.arn}" } }],
])("narrows launches to what the knobs name: %j, %s", (knobs, sid, ending, condition) => {
  const statement = statements(synthesized(FIXTURE, knobs as Record<string, string>)).find((each) => each.statement.Sid === sid)!.statement;
  expect(statement.Resource).toEqual([expect.stringContaining(ending)]);
  expect(statement.Resource[0].endsWith(ending)).toBe(true);
  expect(statement.Condition).toEqual(condition);
});

it("cannot be written otherwise", () => {
  expect(() => allow("S", ["s3:*"], ["arn"])).toThrow("wildcard");
  expect(() => allow("S", ["s3:GetObject"], ["*"])).toThrow("bare *");
  expect(() => allowOnAnything("S", ["ec2:Describe*"], "why")).toThrow("wildcard");
});
