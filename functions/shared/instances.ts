/** The instances of this deployment: known by their tags, described, terminated. Whatever lacks the tags is a stranger. */
import { DescribeInstancesCommand, TerminateInstancesCommand, type EC2Client, type Filter, type Instance } from "@aws-sdk/client-ec2";
import { isOneOf } from "./errors";
import type { LedgerItem } from "./ledger";

/** What is asked for instances, and whose they must be. */
export interface InstancesDeps {
  ec2: Pick<EC2Client, "send">;
  /** The deployment's name: instances whose tag `spotproof:name` differs are strangers. */
  name: string;
}

/** An instance of this deployment, as its tags say. */
export interface OurInstance {
  instanceId: string;
  job: string;
  launch: string;
  execution: string;
  /** When it was launched, in milliseconds since the epoch; 0 when EC2 does not say. */
  launchedAt: number;
  /** The code of EC2's StateReason, once it is ending: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_StateReason.html */
  endedBy: string | undefined;
}

/** States in which an instance costs money or may come to. */
export const ALIVE = ["pending", "running", "stopping", "stopped"];

/** The living instances of this deployment that these filters let through. */
export async function livingInstances(deps: InstancesDeps, filters: readonly Filter[] = []): Promise<OurInstance[]> {
  const found: OurInstance[] = [];
  let nextToken: string | undefined;
  do {
    const page = await deps.ec2.send(
      new DescribeInstancesCommand({
        Filters: [{ Name: "tag:spotproof:name", Values: [deps.name] }, ...filters, { Name: "instance-state-name", Values: ALIVE }],
        NextToken: nextToken,
      }),
    );
    for (const reservation of page.Reservations ?? []) {
      for (const instance of reservation.Instances ?? []) {
        const ours = fromTags(deps, instance);
        if (ours !== undefined) found.push(ours);
      }
    }
    nextToken = page.NextToken;
  } while (nextToken !== undefined && nextToken !== "");
  return found;
}

/** One instance, if it is of this deployment. Asked for by a filter, because an unknown id is then no error. */
export async function ourInstance(deps: InstancesDeps, instanceId: string): Promise<OurInstance | undefined> {
  const { Reservations } = await deps.ec2.send(new DescribeInstancesCommand({ Filters: [{ Name: "instance-id", Values: [instanceId] }] }));
  const instance = Reservations?.[0]?.Instances?.[0];
  return instance === undefined ? undefined : fromTags(deps, instance);
}

function fromTags(deps: InstancesDeps, instance: Instance): OurInstance | undefined {
  const tag = (key: string): string | undefined => instance.Tags?.find((each) => each.Key === key)?.Value;
  const job = tag("spotproof:job");
  const execution = tag("spotproof:execution");
  if (tag("spotproof:name") !== deps.name || job === undefined || execution === undefined || instance.InstanceId === undefined) return undefined;
  return { instanceId: instance.InstanceId, job, launch: tag("spotproof:launch") ?? "", execution, launchedAt: instance.LaunchTime?.getTime() ?? 0, endedBy: instance.StateReason?.Code };
}

/** Ends an instance; one that is gone already is no error. */
export async function terminate(deps: InstancesDeps, instanceId: string): Promise<void> {
  try {
    await deps.ec2.send(new TerminateInstancesCommand({ InstanceIds: [instanceId] }));
  } catch (error) {
    if (!isOneOf(error, ["InvalidInstanceID.NotFound"])) throw error;
  }
}

/** What a line of the log says of an instance; the epoch is the owner's, where the ledger was read. */
export const fields = (ours: OurInstance, item?: LedgerItem): object => ({
  job: ours.job, launch: Number(ours.launch), ...(item?.["ownerEpoch"]?.N === undefined ? {} : { epoch: Number(item["ownerEpoch"].N) }), instance: ours.instanceId, execution: ours.execution,
});
