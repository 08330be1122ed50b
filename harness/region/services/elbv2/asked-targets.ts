/** The targets that a request names: instances, each with a port, the group's when none is given. */
import { invalidTarget } from "./errors";
import { listIn, textIn, wholeIn, type Input } from "./input";
import type { TargetGroup } from "./target-group";

export interface AskedTarget { id: string; port: number; givenPort?: number }

/** @throws AwsError InvalidTarget, ValidationError */
export function targetsIn(input: Input, group: TargetGroup): AskedTarget[] {
  return listIn(input, "Targets").map((target) => {
    const id = textIn(target, "Id") ?? "";
    if (!/^i-[0-9a-f]{8,17}$/.test(id)) throw invalidTarget(`Instance ID '${id}' is not valid`);
    if (textIn(target, "AvailabilityZone") !== undefined) throw invalidTarget("You cannot specify an Availability Zone for a target of type instance");
    const givenPort = wholeIn(target, "Port", 1, 65535);
    return { id, port: givenPort ?? group.port, ...(givenPort === undefined ? {} : { givenPort }) };
  });
}
