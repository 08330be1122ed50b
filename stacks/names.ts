/**
 * Names that are fixed at synth from the knob `name`, and the ARNs that follow from them, so that user data, roles and
 * the other stack need no references to resources.
 */
import type { Config } from "./knobs";

/** Tags that say whose an instance is. Without a slash, because instance metadata serves them. */
export const TAG = {
  /** The knob `name`. */
  name: "spotproof:name",
  /** The job's id. */
  job: "spotproof:job",
  /** The launch's number within the job. */
  launch: "spotproof:launch",
  /** The execution that launched it, its ARN. */
  execution: "spotproof:execution",
  /** Set by the harness on the one instance that an experiment may strike. */
  armed: "spotproof:armed",
} as const;

/** Tag of the checkpoints of a job that has finished. */
export const FINISHED_TAG = "spotproof:finished";

/** CloudWatch namespace of the agent's metrics. */
export const METRICS_NAMESPACE = "spotproof";

/** Key of the agent's archive in its bucket. */
export const AGENT_KEY = "agent.zip";

export type Names = ReturnType<typeof namesOf>;

/** Every fixed name of a deployment. */
export function namesOf(config: Pick<Config, "name">) {
  const { name } = config;
  return {
    ledger: `${name}-ledger`,
    machine: `${name}-job`,
    machineRole: `${name}-state-machine`,
    template: `${name}-job`,
    /** The function and its role; so of the sweeper. */
    watcher: `${name}-watcher`,
    sweeper: `${name}-sweeper`,
    deadLetters: `${name}-watcher-dead-letters`,
    instance: `${name}-instance`,
    securityGroup: `${name}-instance`,
    dashboard: name,
    fisRole: `${name}-experiments`,
    guardAlarm: `${name}-experiment-guard`,
    runnerPolicy: `${name}-runner`,
    machineLogs: `/aws/vendedlogs/states/${name}-job`,
    watcherLogs: `/aws/lambda/${name}-watcher`,
    sweeperLogs: `/aws/lambda/${name}-sweeper`,
    agentLogs: `/spotproof/${name}/agent`,
    experimentLogs: `/aws/vendedlogs/fis/${name}`,
  };
}

/** Where a deployment is: Terraform references, or literals in a test. */
export interface Place {
  partition: string;
  region: string;
  accountId: string;
}

/** Names of buckets are anyone's in all of AWS: account and region make them ours. */
export function bucketNames({ name }: Pick<Config, "name">, { accountId, region }: Place) {
  return { checkpoints: `${name}-checkpoints-${accountId}-${region}`, agent: `${name}-agent-${accountId}-${region}` };
}

export type Buckets = ReturnType<typeof bucketNames>;

export type Arns = ReturnType<typeof arnsOf>;

/** ARNs of what has a fixed name. Formats: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
export function arnsOf(names: Names, place: Place) {
  const { partition, region, accountId } = place;
  const arn = (service: string, resource: string): string => `arn:${partition}:${service}:${region}:${accountId}:${resource}`;
  return {
    ledger: arn("dynamodb", `table/${names.ledger}`),
    machine: arn("states", `stateMachine:${names.machine}`),
    executions: arn("states", `execution:${names.machine}:*`),
    instances: arn("ec2", "instance/*"),
    ec2: (resource: string): string => arn("ec2", resource),
    role: (role: string): string => `arn:${partition}:iam::${accountId}:role/${role}`,
    logs: (group: string): string => arn("logs", `log-group:${group}`),
    fis: (resource: string): string => arn("fis", resource),
    /** Images have no account in their ARN. */
    image: (image: string): string => `arn:${partition}:ec2:${region}::image/${image}`,
    bucket: (bucket: string): string => `arn:${partition}:s3:::${bucket}`,
  };
}
