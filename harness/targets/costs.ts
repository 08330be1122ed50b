/**
 * What runs on AWS start, and what that costs at most: every job's instances for as long as its scenario may take, at the
 * highest On-Demand or Spot price of the types that the state machine asks for, and the experiments' action-minutes.
 */
import { DescribeSpotPriceHistoryCommand, type _InstanceType } from "@aws-sdk/client-ec2";
import { DescribeStateMachineCommand } from "@aws-sdk/client-sfn";
import type { ScenarioRun } from "../model/scenario";
import type { Clients, Outputs } from "./target";

/** https://aws.amazon.com/fis/pricing/ */
const DOLLARS_AN_ACTION_MINUTE = 0.1;
/** An interruption's experiment: two minutes of notice, and some. */
const EXPERIMENT_MINUTES = 5;
/** Of one job: the one that works, and one that is on its way in or out. */
const INSTANCES_AT_ONCE = 2;
const ON_FIS = new Set(["interrupt", "terminate", "no-capacity"]);

export interface Estimate {
  executions: number;
  instanceHours: number;
  experiments: number;
  actionMinutes: number;
  instanceTypes: string[];
  /** The highest hourly price seen among the types; undefined when none could be read. */
  dollarsAnHour?: number;
}

/** The runs' own part of it; pure. */
export function estimate(runs: readonly ScenarioRun[]): Omit<Estimate, "instanceTypes" | "dollarsAnHour"> {
  const faults = runs.flatMap((run) => run.faults);
  return {
    executions: runs.reduce((sum, run) => sum + run.jobs.length + run.faults.filter((fault) => fault.kind === "start-execution" || (fault.kind === "stop-execution" && fault.durationSeconds !== undefined)).length, 0),
    instanceHours: runs.reduce((sum, run) => sum + (INSTANCES_AT_ONCE * run.jobs.length * run.timeoutMinutes) / 60, 0),
    experiments: faults.filter((fault) => ON_FIS.has(fault.kind)).length,
    actionMinutes: faults.filter((fault) => ON_FIS.has(fault.kind)).reduce((sum, fault) => sum + Math.max(EXPERIMENT_MINUTES, (fault.durationSeconds ?? 0) / 60), 0),
  };
}

/** Adds what AWS says of the types and their prices. Rejects with the SDK's errors when the state machine cannot be read. */
export async function estimateOnAws(runs: readonly ScenarioRun[], clients: Clients, outputs: Outputs): Promise<Estimate> {
  const { definition } = await clients.sfn.send(new DescribeStateMachineCommand({ stateMachineArn: outputs.stateMachineArn }));
  const instanceTypes = [...new Set([...(definition ?? "").matchAll(/"([a-z][a-z0-9-]*\.[a-z0-9-]*(?:nano|micro|small|medium|large|xlarge|metal)[a-z0-9-]*)"/g)].map((match) => match[1]!))];
  let dollarsAnHour: number | undefined;
  try {
    // The newest price of each type and zone; Spot is never more than On-Demand unless a maximum says so.
    const { SpotPriceHistory: prices } = await clients.ec2.send(new DescribeSpotPriceHistoryCommand({ InstanceTypes: instanceTypes as _InstanceType[], ProductDescriptions: ["Linux/UNIX"], MaxResults: 300 }));
    const found = (prices ?? []).map((price) => Number(price.SpotPrice)).filter((price) => price > 0);
    if (found.length > 0) dollarsAnHour = Math.max(...found);
  } catch {
    // The estimate says then that no price is known.
  }
  return { ...estimate(runs), instanceTypes, ...(dollarsAnHour === undefined ? {} : { dollarsAnHour }) };
}

/** The estimate in words, and in dollars where a price is known. */
export function estimateText(cost: Estimate, where: string): string {
  const hours = cost.instanceHours.toFixed(1);
  const experiments = cost.actionMinutes * DOLLARS_AN_ACTION_MINUTE;
  const types = cost.instanceTypes.length === 0 ? "" : ` (${cost.instanceTypes.join(", ")})`;
  const dollars = cost.dollarsAnHour === undefined
    ? `No Spot price could be read; the experiments cost at most $${experiments.toFixed(2)}, the instances what ${hours} hours of them cost.`
    : `At most $${(cost.instanceHours * cost.dollarsAnHour + experiments).toFixed(2)} for instances at $${cost.dollarsAnHour.toFixed(4)} an hour (the dearest present Spot price among them) and for experiments at $${DOLLARS_AN_ACTION_MINUTE.toFixed(2)} an action-minute.`;
  return [
    `On AWS this starts, through ${where}:`,
    `  ${cost.executions} execution(s), at most ${hours} hours of Spot Instances in all${types}, ${cost.experiments} FIS experiment(s).`,
    `  ${dollars} Storage, requests and log lines come to cents.`,
  ].join("\n");
}
