/**
 * Faults injected into the calls that a role makes: one small rule each, with a handle that lifts it. FIS's actions on IAM
 * roles are made of them. https://docs.aws.amazon.com/fis/latest/userguide/fis-actions-reference.html
 */
import type { Random } from "../../../time/clock";
import type { AwsError, Caller } from "../../core/types";
import { ec2Error } from "./errors";

interface Rule {
  /** ARNs of IAM roles. */
  roleArns: readonly string[];
  /** How many of the calls that match, in percent. */
  percentage: number;
}

export interface CapacityFault extends Rule {
  /** Names or ids of Availability Zones. */
  zones: readonly string[];
}

export interface ApiFault extends Rule {
  /** Operations by their API names. */
  operations: readonly string[];
  kind: "internal" | "throttle" | "unavailable";
}

const API_ERRORS: Readonly<Record<ApiFault["kind"], () => AwsError>> = {
  internal: () => ec2Error("InternalError", "An internal error has occurred"),
  throttle: () => ec2Error("RequestLimitExceeded", "Request limit exceeded."),
  unavailable: () => ec2Error("Unavailable", "The service is temporarily unavailable. Please try again shortly."),
};

export class Faults {
  private readonly capacity = new Set<CapacityFault>();
  private readonly api = new Set<ApiFault>();

  constructor(private readonly random: Random, private readonly zoneIds: ReadonlyMap<string, string>) {}

  /** No capacity for a role's launches in those zones, until the returned function is called. */
  injectInsufficientCapacity(fault: CapacityFault): () => void {
    this.capacity.add(fault);
    return () => void this.capacity.delete(fault);
  }

  /** Errors for a role's calls of those operations, until the returned function is called. */
  injectApiErrors(fault: ApiFault): () => void {
    this.api.add(fault);
    return () => void this.api.delete(fault);
  }

  /** Whether this launch call finds no capacity. A call that asks for several zones is not affected. `zones` are names. */
  withholdsCapacity(caller: Caller, zones: ReadonlySet<string>): boolean {
    if (this.capacity.size === 0 || zones.size !== 1) return false;
    const [zone] = zones;
    return [...this.capacity].some((fault) => hits(fault, caller)
      && (fault.zones.includes(zone!) || fault.zones.includes(this.zoneIds.get(zone!) ?? "")) && this.draws(fault));
  }

  /** @throws AwsError when a fault strikes this call */
  checkCall(caller: Caller, operation: string): void {
    for (const fault of this.api) {
      if (hits(fault, caller) && fault.operations.includes(operation) && this.draws(fault)) throw API_ERRORS[fault.kind]();
    }
  }

  private draws(fault: Rule): boolean {
    return fault.percentage >= 100 || this.random.integer(100) < fault.percentage;
  }
}

const hits = (fault: Rule, caller: Caller): boolean =>
  caller.roleName !== undefined && fault.roleArns.some((arn) => arn.slice(arn.lastIndexOf("/") + 1) === caller.roleName);
