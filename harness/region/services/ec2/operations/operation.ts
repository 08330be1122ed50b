import type { CallContext } from "../../../core/types";
import type { Ec2Core } from "../core";
import type { Wire } from "../input";

/** One operation of EC2: over what EC2 holds, from wire names to wire names. */
export type Ec2Operation = (core: Ec2Core) => (input: Wire, context: CallContext) => Promise<object> | object;
