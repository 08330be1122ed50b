/** A region with an experiment role, and templates to start from. */
import * as fisSdk from "@aws-sdk/client-fis";
import { createTemplate, launch, sleep, withEc2, type Ec2Test, type Ec2TestOptions } from "../ec2/support";

export interface FisTest extends Ec2Test { fis: fisSdk.FisClient; roleArn: string }

export const withFis = (body: (test: FisTest) => Promise<void>, options: Ec2TestOptions = {}): Promise<void> => withEc2(async (test) => {
  const fis = new fisSdk.FisClient(test.region.sdkConfig());
  try {
    await body({ ...test, fis, roleArn: await createRole(test, "experiments", "fis.amazonaws.com") });
  } finally {
    fis.destroy();
  }
}, [], options);

/** A role that a service may assume, and that may do everything; returns its ARN. */
export async function createRole({ region }: Pick<Ec2Test, "region">, RoleName: string, service: string): Promise<string> {
  const AssumeRolePolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" }] });
  const { Role } = await region.call<{ Role: { Arn: string } }>(region.admin, "iam", "CreateRole", { RoleName, AssumeRolePolicyDocument });
  await region.call(region.admin, "iam", "AttachRolePolicy", { RoleName, PolicyArn: "arn:aws:iam::aws:policy/AdministratorAccess" });
  return Role.Arn;
}

export type TemplateInput = Omit<fisSdk.CreateExperimentTemplateCommandInput, "description" | "stopConditions" | "roleArn"> & Partial<fisSdk.CreateExperimentTemplateCommandInput>;

export const ARMED = { "spotproof:armed": "spotproof" };

/** The template that interrupts one armed, running Spot Instance. */
export const INTERRUPT: TemplateInput = {
  targets: { armed: { resourceType: "aws:ec2:spot-instance", resourceTags: ARMED, filters: [{ path: "State.Name", values: ["running"] }], selectionMode: "COUNT(1)" } },
  actions: { interrupt: { actionId: "aws:ec2:send-spot-instance-interruptions", parameters: { durationBeforeInterruption: "PT2M" }, targets: { SpotInstances: "armed" } } },
};

export const WAIT: TemplateInput = { actions: { wait: { actionId: "aws:fis:wait", parameters: { duration: "PT1M" } } } };

export async function createExperimentTemplate({ fis, roleArn }: FisTest, input: TemplateInput): Promise<string> {
  const { experimentTemplate } = await fis.send(new fisSdk.CreateExperimentTemplateCommand({ description: "test", stopConditions: [{ source: "none" }], roleArn, ...input }));
  return experimentTemplate!.id!;
}

export async function start(test: FisTest, input: TemplateInput): Promise<string> {
  const experimentTemplateId = await createExperimentTemplate(test, input);
  const { experiment } = await test.fis.send(new fisSdk.StartExperimentCommand({ experimentTemplateId }));
  return experiment!.id!;
}

export async function get({ fis }: FisTest, id: string): Promise<fisSdk.Experiment> {
  return (await fis.send(new fisSdk.GetExperimentCommand({ id }))).experiment!;
}

/** `completed: Experiment completed.` */
export async function stateOf(test: FisTest, id: string): Promise<string> {
  const { state } = await get(test, id);
  return `${state!.status}: ${state!.reason}`;
}

/** The states of an experiment's actions, by name. */
export async function actionStates(test: FisTest, id: string): Promise<Record<string, string | undefined>> {
  return Object.fromEntries(Object.entries((await get(test, id)).actions!).map(([name, { state }]) => [name, state!.status]));
}

/** An armed instance that runs. */
export async function armed(test: FisTest): Promise<string> {
  await createTemplate(test);
  const [id] = await launch(test, { tags: ARMED });
  await sleep(test, 60);
  return id!;
}
