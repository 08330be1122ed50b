/** What is read once a run is over: executions' histories, objects, final logs, the last checkpoint, the ledger. */
import { createHash } from "node:crypto";
import { GetObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { GetExecutionHistoryCommand, type HistoryEvent as ExecutionEvent } from "@aws-sdk/client-sfn";
import type { FinalState } from "../model/history";
import { fromDate } from "../time/clock";
import type { Target } from "../targets/target";
import type { JobWatch } from "./job-watch";
import { readLedger } from "./ledger";
import { ofAnyMachine } from "./of-any-machine";
import type { Recorder } from "./recorder";
import { readTar } from "./tar";

/** Events of a final log that are left out: the job's own output, which may be any amount. */
const NOT_KEPT = new Set(["job-output"]);

/** Reads what is left of a job and adds to the history what only the end tells. Rejects with the SDK's errors. */
export async function collect(target: Target, watch: JobWatch, recorder: Recorder): Promise<FinalState> {
  const { clients, outputs } = target;
  const job = watch.spec.name;
  const ledger = await readLedger(clients, outputs, watch.jobId);
  const heartbeats: number[] = [];
  for (const execution of watch.executions) heartbeats.push(...await collectExecution(target, execution.arn, job, recorder));
  const bucket = outputs.checkpointBucket;
  const checkpoints = await list(target, bucket, `jobs/${watch.jobId}/`);
  const logs = await list(target, bucket, `logs/${watch.jobId}/`);
  const finalLogs: FinalState["finalLogs"] = [];
  for (const { key, modified } of logs) {
    const named = /\/(\d+)-(i-[0-9a-f]+)\.log$/.exec(key);
    if (named === null) continue;
    const log = { key, launch: Number(named[1]), instanceId: named[2]!, uploadedSeconds: recorder.seconds(modified) };
    finalLogs.push(log);
    const text = (await read(target, bucket, key)).toString("utf8");
    collectLog(target.kind === "local" ? ofAnyMachine(text) : text, log, job, recorder);
  }
  const last = ledger?.last;
  return {
    job,
    executionArns: watch.executions.map((execution) => execution.arn),
    ...(heartbeats.length === 0 ? {} : { heartbeatSeconds: Math.max(...heartbeats) }),
    ...(ledger === undefined ? {} : { ledger: withoutToken(ledger) }),
    checkpoints: checkpoints.map(({ key, size, modified }) => ({ key, sizeBytes: size, lastModifiedSeconds: recorder.seconds(modified) })),
    finalLogs,
    ...(last === undefined ? {} : await lastCheckpoint(target, bucket, last)),
    instances: [...watch.instances.values()].map((instance) => ({
      instanceId: instance.instanceId, launch: instance.launch, state: instance.state, lifecycle: instance.lifecycle,
      launchedSeconds: recorder.seconds(instance.launchedAt),
      ...(instance.endedAt === undefined ? {} : { endedSeconds: recorder.seconds(instance.endedAt) }),
    })),
  };
}

/** A task token lets whoever has it answer for the instance; it is no one's business afterwards. */
const withoutToken = (item: Record<string, unknown>): Record<string, unknown> => {
  const { taskToken: _, ...rest } = item;
  return rest;
};

/**
 * What an execution's history tells: launches that gave no instance (CreateFleet reports them in `Errors` beside an empty `Instances`, or
 * fails), and how long its tasks may go without a heartbeat, which is returned.
 */
async function collectExecution(target: Target, executionArn: string, job: string, recorder: Recorder): Promise<number[]> {
  const heartbeats = new Set<number>();
  for (let token: string | undefined; ;) {
    const page = await target.clients.sfn.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1000, includeExecutionData: true, nextToken: token }));
    for (const event of page.events ?? []) {
      const refusal = refusalOf(event);
      const heartbeat = event.taskScheduledEventDetails?.heartbeatInSeconds;
      if (heartbeat !== undefined) heartbeats.add(heartbeat);
      if (refusal !== undefined && event.timestamp !== undefined) recorder.add(fromDate(event.timestamp), { type: "launch-refused", job, ...refusal });
    }
    token = page.nextToken;
    if (token === undefined || token === "") return [...heartbeats];
  }
}

const LAUNCHES = new Set(["createFleet", "runInstances"]);

/** The first of the errors that a launch call ended with; exported for its tests. */
export function refusalOf(event: ExecutionEvent): { code: string; message: string } | undefined {
  const failed = event.taskFailedEventDetails;
  if (failed !== undefined && LAUNCHES.has(failed.resource ?? "")) return { code: failed.error ?? "unknown", message: failed.cause ?? "" };
  const succeeded = event.taskSucceededEventDetails;
  if (succeeded === undefined || !LAUNCHES.has(succeeded.resource ?? "")) return undefined;
  let output: { Instances?: unknown[]; Errors?: { ErrorCode?: string; ErrorMessage?: string }[] };
  try {
    output = JSON.parse(succeeded.output ?? "{}") as typeof output;
  } catch {
    return undefined;
  }
  const error = output.Errors?.[0];
  if (error === undefined || (output.Instances?.length ?? 0) > 0) return undefined;
  return { code: error.ErrorCode ?? "unknown", message: error.ErrorMessage ?? "" };
}

interface Listed { key: string; size: number; modified: number }

async function list(target: Target, bucket: string, prefix: string): Promise<Listed[]> {
  const found: Listed[] = [];
  for (let token: string | undefined; ;) {
    const page = await target.clients.s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ContinuationToken: token }));
    for (const object of page.Contents ?? []) found.push({ key: object.Key!, size: object.Size ?? 0, modified: object.LastModified === undefined ? 0 : fromDate(object.LastModified) });
    token = page.NextContinuationToken;
    if (token === undefined) return found;
  }
}

async function read(target: Target, bucket: string, key: string): Promise<Buffer> {
  const { Body: body } = await target.clients.s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  return Buffer.from(await body!.transformToByteArray());
}

const PIECE_BYTES = 64 * 1024 * 1024;

/** An object's bytes, however large it is. */
async function* pieces(target: Target, bucket: string, key: string): AsyncGenerator<Buffer> {
  for (let at = 0, size = 1; at < size; at += PIECE_BYTES) {
    const { Body: body, ContentRange: range } = await target.clients.s3.send(new GetObjectCommand({ Bucket: bucket, Key: key, Range: `bytes=${at}-${at + PIECE_BYTES - 1}` }));
    size = Number(range?.split("/")[1]);
    yield* body as AsyncIterable<Buffer>;
  }
}

function collectLog(text: string, log: { launch: number; instanceId: string }, job: string, recorder: Recorder): void {
  for (const line of text.split("\n")) {
    let entry: Record<string, unknown>;
    try {
      entry = JSON.parse(line) as Record<string, unknown>;
    } catch {
      continue; // half a line: the disk was full, or the machine gone
    }
    const { time, level, event, job: _job, launch: _launch, instance: _instance, ...fields } = entry;
    const at = Date.parse(String(time));
    if (Number.isNaN(at) || NOT_KEPT.has(String(event))) continue;
    recorder.add(at * 1000, { type: "agent-log", job, launch: log.launch, instanceId: log.instanceId, level: String(level ?? "info"), message: String(event ?? ""), fields });
  }
}

/** Within so many of an object's bytes the default workload's state is looked for. */
const BEGINNING_BYTES = 16 * 1024 * 1024;

/** The default workload's state out of the last commit's object, or why there is none to be had. */
async function lastCheckpoint(target: Target, bucket: string, last: { key: string; sha256: string }): Promise<Pick<FinalState, "workload" | "checkpointProblem">> {
  const beginning: Buffer[] = [];
  let kept = 0;
  const hash = createHash("sha256");
  try {
    for await (const piece of pieces(target, bucket, last.key)) {
      hash.update(piece);
      if (kept < BEGINNING_BYTES) {
        beginning.push(piece);
        kept += piece.length;
      }
    }
  } catch (error) {
    return { checkpointProblem: `${last.key} cannot be read: ${(error as Error).name}: ${(error as Error).message}` };
  }
  const sha256 = hash.digest("hex");
  if (sha256 !== last.sha256) return { checkpointProblem: `${last.key} has sha256 ${sha256.slice(0, 16)}…, committed was ${last.sha256.slice(0, 16)}…` };
  try {
    const state = readTar(Buffer.concat(beginning), "state.json").get("state.json");
    return state === undefined ? {} : { workload: JSON.parse(state.toString("utf8")) as NonNullable<FinalState["workload"]> };
  } catch (error) {
    return { checkpointProblem: `${last.key}: ${(error as Error).message}` };
  }
}
