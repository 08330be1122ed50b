/**
 * Traffic that network ACLs deny: what FIS does to subnets. They filter by address, and never the metadata service.
 * https://docs.aws.amazon.com/fis/latest/userguide/fis-actions-reference.html#disrupt-connectivity,
 * https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html
 */

/** Where a request goes, as far as an address tells: the Regional endpoints of two services, or anywhere else. */
export type Destination = "s3" | "dynamodb" | "other";
export const DESTINATIONS: readonly Destination[] = ["other", "s3", "dynamodb"];

/** `all`: everything that leaves the subnet. */
export type Scope = "all" | "s3" | "dynamodb";

interface Disruption { subnetIds: ReadonlySet<string>; scope: Scope }

export class Disruptions {
  private readonly active = new Set<Disruption>();
  private changed: () => void = () => undefined;

  /** Who is told whenever something is denied or allowed again. */
  onChange(listener: () => void): void {
    this.changed = listener;
  }

  /** Denies the traffic of those subnets, until the function returned is called. */
  deny(subnetIds: readonly string[], scope: Scope): () => void {
    const disruption: Disruption = { subnetIds: new Set(subnetIds), scope };
    this.active.add(disruption);
    this.changed();
    return () => {
      if (this.active.delete(disruption)) this.changed();
    };
  }

  drops(subnetId: string, destination: Destination): boolean {
    if (this.active.size === 0) return false;
    return [...this.active].some(({ subnetIds, scope }) => subnetIds.has(subnetId) && (scope === "all" || scope === destination));
  }
}
