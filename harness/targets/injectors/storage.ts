/**
 * Faults of a job's storage: S3 or DynamoDB answers its instances with errors for a while, and a checkpoint is not what was committed. No API
 * of AWS does the first, and the runner's policy lets it write no checkpoints; so these are for a region of the harness's own.
 */
import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import { seconds } from "../../time/clock";
import type { CheckpointDamage } from "../../model/scenario";
import type { InjectedErrors } from "../../region/core/injected-errors";
import type { RegionContext } from "../../region/core/types";
import type { Injector } from "../target";

export function storageErrorsInjector(injected: InjectedErrors, resolutionSeconds: number): Injector {
  return {
    resolutionSeconds,
    async inject({ fault, outputs, clock, struck, over }) {
      const { service = "s3", answer = "throttled" } = fault;
      // The role of the deployment's instances; the harness and the state machine go on.
      const lift = injected.inject({ service, answer, roleName: `${outputs.name}-instance` });
      struck();
      const end = clock.now() + seconds(fault.durationSeconds ?? 0);
      while (clock.now() < end && !over()) await clock.sleep(Math.min(seconds(1), end - clock.now()));
      lift();
      return { status: "completed" };
    },
  };
}

/** What each damage makes of the object's bytes; `older`: of those of the checkpoint before. Undefined: nothing is left. */
const DAMAGED: Readonly<Record<CheckpointDamage, (bytes: Buffer, before: Buffer | undefined) => Buffer | undefined>> = {
  truncated: (bytes) => bytes.subarray(0, Math.floor(bytes.length / 2)),
  altered: (bytes) => Buffer.concat([bytes.subarray(0, 512), Buffer.from([bytes[512]! ^ 1]), bytes.subarray(513)]),
  older: (_, before) => before,
  missing: () => undefined,
};

export function checkpointDamageInjector(region: Pick<RegionContext, "call" | "admin">, resolutionSeconds: number): Injector {
  const call = (operation: string, input: object): Promise<unknown> => region.call(region.admin, "s3", operation, input);
  return {
    resolutionSeconds,
    async inject({ fault, jobId, clients, outputs, struck }) {
      const Bucket = outputs.checkpointBucket;
      const read = async (Key: string): Promise<Buffer> => {
        const { Body: body } = await call("GetObject", { Bucket, Key }) as { Body: { transformToByteArray(): Promise<Uint8Array> } };
        return Buffer.from(await body.transformToByteArray());
      };
      const { Item: item } = await clients.dynamodb.send(new GetItemCommand({ TableName: outputs.ledgerTable, Key: { jobId: { S: jobId } }, ConsistentRead: true }));
      const [last, previous] = [item?.["last"]?.M?.["key"]?.S, item?.["previous"]?.M?.["key"]?.S];
      const damage = fault.damage ?? "missing";
      if (last === undefined || (damage === "older" && previous === undefined)) return { status: "missed", reason: "there was no checkpoint to damage yet" };
      const damaged = DAMAGED[damage](await read(last), damage === "older" ? await read(previous!) : undefined);
      if (damaged === undefined) await call("DeleteObject", { Bucket, Key: last });
      else await call("PutObject", { Bucket, Key: last, Body: damaged });
      struck();
      return { status: "completed" };
    },
  };
}
