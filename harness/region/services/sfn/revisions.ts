/** Versions of a state machine: numbered, never changed. https://docs.aws.amazon.com/step-functions/latest/dg/concepts-state-machine-version.html */
import { validation } from "./errors";
import type { MachineRecord, SfnStore, Version } from "./store";

/** Throws AwsError ValidationException. */
export function checkVersionDescription(description: string | undefined, publish: boolean | undefined): void {
  if (description !== undefined && publish !== true) throw validation("Version description can only be set when publish is true");
}

/** Publishes the present revision; the same revision published again is the same version. */
export function publishVersion(store: SfnStore, machine: MachineRecord, description: string | undefined): Version {
  const latest = machine.versions[machine.versions.length - 1];
  if (latest?.revision === machine.revision) return latest;
  const version: Version = { arn: `${machine.arn}:${machine.nextVersion}`, number: machine.nextVersion, revision: machine.revision, creationDate: store.now(), description };
  machine.nextVersion += 1;
  machine.versions.push(version);
  return version;
}
