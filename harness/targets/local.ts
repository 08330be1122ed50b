/**
 * The embedded region as a target: virtual time, the synthesized stacks loaded into it, SDK clients that reach it
 * without a socket. Everything random comes from the seed.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EC2Client } from "@aws-sdk/client-ec2";
import { FisClient } from "@aws-sdk/client-fis";
import { S3Client } from "@aws-sdk/client-s3";
import { SFNClient } from "@aws-sdk/client-sfn";
import { UsageError } from "../model/errors";
import type { RegionTiming, TargetState } from "../model/history";
import type { FaultKind, Knobs } from "../model/scenario";
import { CONDITION_NAMES, type ConditionName, type RegionConditions } from "../model/region-conditions";
import { loadTerraform } from "../region/load";
import type { SdkCredentials } from "../region/core/sdk";
import { createRegion, type Region } from "../region/region";
import { boundsMemory } from "../region/guest";
import type { Ec2Service } from "../region/services/ec2";
import { INSTANCE_TYPES } from "../region/services/ec2/catalog";
import type { ElbService } from "../region/services/elbv2";
import type { SfnService } from "../region/services/sfn";
import { seconds } from "../time/clock";
import { createRandom } from "../time/prng";
import { createVirtualClock } from "../time/virtual-clock";
import { CallMoments } from "./call-moments";
import { artifactKey, packProgram } from "./artifact";
import { apiInjectors } from "./injectors";
import { priceRiseInjector, reclaimInjector } from "./injectors/spot-pools";
import { checkpointDamageInjector, storageErrorsInjector } from "./injectors/storage";
import { killProcessInjector, networkCutInjector } from "./injectors/within-instance";
import { outputsFrom } from "./outputs";
import { RefusedWhileLoading, type Clients, type Injector, type Target } from "./target";

/** When virtual time begins: a Monday, at midnight. */
const START = seconds(Date.parse("2026-01-05T00:00:00Z") / 1000);
/** How exact a strike is: the finest look that the runner takes at a job's work. */
const RESOLUTION_SECONDS = 1;
/** The role as which the harness calls. */
const RUNNER = "harness";
/** A runner on AWS renews its session; this one outlasts any run. */
const SESSION_SECONDS = 365 * 86_400;

export interface LocalTargetOptions {
  /** Folder with `stacks/job` and `stacks/faults`, synthesized. */
  synthFolder: string;
  /** As given by the user: it stands in the history. */
  seed: string;
  /** What tells this run's randomness from that of the others with the same seed. */
  purpose: string;
  conditions?: RegionConditions;
  /** With which the stacks were synthesized. What they name must be there before the stacks are. */
  knobs?: Knobs;
  /** In the checkpoint bucket before anything starts. */
  program?: string;
}

/** Throws UsageError when the stacks cannot be loaded. */
export async function createLocalTarget({ synthFolder, seed, purpose, conditions = {}, knobs = {}, program }: LocalTargetOptions): Promise<Target> {
  let fail!: (error: Error) => void;
  const failure = new Promise<Error>((resolve) => (fail = resolve));
  const clock = createVirtualClock({
    startMicroseconds: START,
    onUncaught: (error, actorName) => fail(Object.assign(new Error(`${actorName} failed: ${(error as Error)?.message ?? String(error)}`), { cause: error })),
    onStuck: fail,
  });
  const random = createRandom(`${seed}/${purpose}`);
  const jobFolder = join(synthFolder, "stacks", "job");
  const regionName = regionOf(jobFolder);
  let region: Region | undefined;
  const close = async (): Promise<void> => {
    clock.close();
    await region?.close();
  };
  try {
    region = await createRegion({ clock, random: random.fork("region"), ...(regionName === undefined ? {} : { regionName }) });
    const made = region;
    void made.failure.then(fail);
    const { deniedAction, deniedTo = "state-machine", ...settings } = conditions;
    setConditions(made, settings);
    const calls = new CallMoments(clock);
    made.meet = calls.meet;
    const groupArn = typeof knobs["targetGroupArn"] === "string" ? knobs["targetGroupArn"] : undefined;
    const { outputs, runner, reasons } = await clock.run("load the stacks", async () => {
      if (groupArn !== undefined) await made.service<ElbService>("elastic-load-balancing-v2").adoptTargetGroup(groupArn);
      const job = await loadTerraform(made, jobFolder);
      const faults = await loadTerraform(made, join(synthFolder, "stacks", "faults"));
      const outputs = outputsFrom({ ...job.outputs, ...faults.outputs }, synthFolder);
      if (deniedAction !== undefined) await deny(made, `${outputs.name}-${deniedTo}`, deniedAction);
      if (program !== undefined) await made.call(made.admin, "s3", "PutObject", { Bucket: outputs.checkpointBucket, Key: artifactKey(program), Body: packProgram(program) });
      return { outputs, runner: await runnerCredentials(made, String(faults.outputs["runner_policy_arn"])), reasons: { ...reasonsIn(job.outputs), ...reasonsIn(faults.outputs) } };
    });
    const config = made.sdkConfig(runner);
    const clients: Clients = {
      sfn: new SFNClient(config), ec2: new EC2Client(config), fis: new FisClient(config as never), dynamodb: new DynamoDBClient(config),
      s3: new S3Client({ ...config, forcePathStyle: true, cacheMiddleware: false }), cloudwatch: new CloudWatchClient(config),
    };
    return {
      kind: "local", seed, clock, random: random.fork("harness"), clients, outputs, failure,
      injectors: { ...apiInjectors(RESOLUTION_SECONDS), ...regionInjectors(made) },
      conditions: CONDITION_NAMES.filter((name) => boundsMemory || name !== "instanceMemoryMegabytes"),
      ownDeployment: true,
      meetCall: calls.meetCall.bind(calls),
      timing: timingOf(made),
      pollSeconds: { fine: 0.25, close: 1, far: 60 },
      outlivesHarness: false,
      ...(groupArn === undefined ? {} : { targets: () => targetsIn(made, groupArn) }),
      onDemandDollarsAnHour: (instanceType) => INSTANCE_TYPES.get(instanceType)?.onDemandPrice,
      permissions: () => ({ ...made.authorization.record(), reasons }),
      async close() {
        for (const client of Object.values(clients) as { destroy(): void }[]) client.destroy();
        await close();
      },
    };
  } catch (error) {
    const record = region?.authorization.record();
    await close().catch(() => undefined);
    if (record !== undefined && record.refusals.length > 0) throw new RefusedWhileLoading(`The stacks could not be loaded: ${(error as Error).message}`, { ...record, reasons: {} });
    throw error;
  }
}

async function targetsIn(region: Region, groupArn: string): Promise<TargetState[]> {
  const { TargetHealthDescriptions: found } = await region.call<{ TargetHealthDescriptions: { Target: { Id: string }; TargetHealth: { State: string; Reason?: string } }[] }>(
    region.admin, "elastic-load-balancing-v2", "DescribeTargetHealth", { TargetGroupArn: groupArn },
  );
  return found.map(({ Target: { Id: instanceId }, TargetHealth: { State: state, Reason: reason } }) => ({ instanceId, state, ...(reason === undefined ? {} : { reason }) }));
}

/** The output in which a stack says why it grants what no scenario needs. */
function reasonsIn(outputs: Readonly<Record<string, unknown>>): Record<string, string> {
  const text = outputs["permission_reasons"];
  return typeof text === "string" ? JSON.parse(text) as Record<string, string> : {};
}

/** The harness acts as a nightly run on AWS would: by a role with the runner's policy and nothing else. */
async function runnerCredentials(region: Region, policyArn: string): Promise<SdkCredentials> {
  const { accountId, partition, admin } = region;
  const trust = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal: { AWS: `arn:${partition}:iam::${accountId}:root` }, Action: "sts:AssumeRole" }] };
  const { Role: role } = await region.call<{ Role: { Arn: string } }>(admin, "iam", "CreateRole", {
    RoleName: RUNNER, AssumeRolePolicyDocument: JSON.stringify(trust), Description: "The harness, on the embedded region",
  });
  await region.call(admin, "iam", "AttachRolePolicy", { RoleName: RUNNER, PolicyArn: policyArn });
  return region.assumeRole(role.Arn, "harness", { caller: admin, durationSeconds: SESSION_SECONDS }).credentials;
}

/** The region that the stacks are for, as their provider says. */
function regionOf(folder: string): string | undefined {
  const file = join(folder, "cdk.tf.json");
  if (!existsSync(file)) throw new UsageError(`${file} does not exist.`, "Run npm run synth first.");
  const stack = JSON.parse(readFileSync(file, "utf8")) as { provider?: { aws?: { region?: string }[] } };
  return stack.provider?.aws?.[0]?.region;
}

/** What each condition sets in the region. */
const SETTERS: { [N in Exclude<ConditionName, "deniedAction" | "deniedTo">]: (region: Region, ec2: Ec2Service, value: NonNullable<RegionConditions[N]>) => void } = {
  eventualConsistencySeconds: (_, { settings }, value) => { settings.eventualConsistencySeconds = value; },
  launchSeconds: ({ settings }, _, value) => { settings.launchSeconds = value; },
  bootSeconds: ({ settings }, _, value) => { settings.bootSeconds = value; },
  shutdownGraceSeconds: ({ settings }, _, value) => { settings.shutdownGraceSeconds = value; },
  noticeInMetadata: (_, { settings }, value) => { settings.notices.metadata = value; },
  noticeDelaySeconds: (_, { settings }, value) => { settings.notices.metadataDelaySeconds = value; },
  noticeEvents: (_, { settings }, value) => { settings.notices.events = value; },
  noticeEventDelaySeconds: (_, { settings }, value) => { settings.notices.eventDelaySeconds = value; },
  rebalanceRecommendations: (_, { settings }, value) => { settings.notices.recommendations = value; },
  stateChangeEvents: (_, { settings }, value) => { settings.stateChangeEvents = value; },
  executionEvents: (region, _, value) => { region.service<SfnService>("sfn").settings.statusEvents = value; },
  eventDeliverySeconds: ({ settings }, _, value) => { settings.eventDeliverySeconds = value; },
  apiThrottling: (_, { settings }, value) => { settings.apiThrottling = value; },
  interruptionsPerHour: (_, { configurePools }, value) => void configurePools({}, { interruptionsPerHour: value }),
  spotVcpuLimit: (_, { settings }, value) => { settings.spotVcpuLimit = value; },
  s3MegabytesPerSecond: (_, { settings }, value) => { settings.s3MegabytesPerSecond = value; },
  roleSessionMinutes: (_, { settings }, value) => { settings.roleSessionSeconds = value * 60; },
  roleSessionsRenewed: (_, { settings }, value) => { settings.roleSessionsRenewed = value; },
  instanceMemoryMegabytes: (_, { settings }, value) => { settings.instanceMemoryMegabytes = value; },
  rootVolumeMegabytes: (_, { settings }, value) => { settings.rootVolumeMegabytes = value; },
  onDemandVcpuLimit: (_, { settings }, value) => { settings.onDemandVcpuLimit = value; },
  spotServiceLinkedRole: (_, { settings }, value) => { settings.spotServiceLinkedRole = value; },
  vpcId: (_, ec2, value) => ec2.nameVpc(value),
  strictImages: (_, { settings }, value) => { settings.strictImages = value; },
};

/** As an administrator does who has mended a policy once too often. */
async function deny(region: Region, roleName: string, action: string): Promise<void> {
  await region.call(region.admin, "iam", "PutRolePolicy", {
    RoleName: roleName, PolicyName: "denied",
    PolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Deny", Action: action, Resource: "*" }] }),
  });
}

function setConditions(region: Region, conditions: Omit<RegionConditions, "deniedAction" | "deniedTo">): void {
  const ec2 = region.service<Ec2Service>("ec2");
  for (const [name, value] of Object.entries(conditions)) (SETTERS[name as keyof typeof SETTERS] as (region: Region, ec2: Ec2Service, value: unknown) => void)(region, ec2, value);
}

function timingOf({ settings }: Region): RegionTiming {
  const { launchSeconds, bootSeconds, eventDeliverySeconds, shutdownGraceSeconds } = settings;
  return { launchSeconds, bootSeconds, eventDeliverySeconds, shutdownGraceSeconds };
}

/** What no API of AWS does, but the region can. */
export function regionInjectors(region: Region): Partial<Record<FaultKind, Injector>> {
  const ec2 = region.service<Ec2Service>("ec2");
  return {
    "price-rise": priceRiseInjector(ec2.configurePools, RESOLUTION_SECONDS),
    reclaim: reclaimInjector(ec2.configurePools, RESOLUTION_SECONDS),
    "kill-process": killProcessInjector(ec2.machines, RESOLUTION_SECONDS),
    "network-cut": networkCutInjector(ec2, RESOLUTION_SECONDS),
    "storage-errors": storageErrorsInjector(region.injectedErrors, RESOLUTION_SECONDS),
    "checkpoint-damage": checkpointDamageInjector(region, RESOLUTION_SECONDS),
    rebalance: {
      resolutionSeconds: RESOLUTION_SECONDS,
      async inject({ instanceId, struck }) {
        if (instanceId === undefined) return { status: "missed", reason: "there was no instance" };
        ec2.recommendRebalance(instanceId);
        struck();
        return { status: "completed" };
      },
    },
    suspend: {
      resolutionSeconds: RESOLUTION_SECONDS,
      async inject({ instanceId, fault, clock, struck }) {
        if (instanceId === undefined) return { status: "missed", reason: "there was no instance" };
        ec2.suspend(instanceId);
        struck();
        await clock.sleep(seconds(fault.durationSeconds ?? 0));
        ec2.resume(instanceId);
        return { status: "completed" };
      },
    },
  };
}
