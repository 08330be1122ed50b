/** Tags of state machines. */
import { resourceNotFound } from "./errors";
import type { MachineRecord, SfnStore } from "./store";

export interface Tag { key?: string; value?: string }

export const readTags = (tags: readonly Tag[] | undefined): Map<string, string> => new Map((tags ?? []).map(({ key = "", value = "" }) => [key, value]));
export const listTags = (tags: ReadonlyMap<string, string>): Tag[] => [...tags].map(([key, value]) => ({ key, value }));

/** The state machine that tags belong to. Throws AwsError ResourceNotFound. */
export function taggedMachine(store: SfnStore, arn: string): MachineRecord {
  const machine = store.machines.get(arn);
  if (machine === undefined) throw resourceNotFound(arn);
  return machine;
}
