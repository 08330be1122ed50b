/** EC2 Fleets of type `instant`: one request, answered at once, then only a record. */
import type { Microseconds } from "../../../time/clock";
import type { Wire } from "./input";

export interface Fleet {
  id: string;
  createdAt: Microseconds;
  clientToken?: string;
  request: Wire;
  /** As in CreateFleet's answer. */
  errors: object[];
  instances: object[];
  capacity: { total: number; onDemand: number; spot: number; defaultType: string };
  fulfilled: { onDemand: number; spot: number };
}
