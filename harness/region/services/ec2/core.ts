/** What EC2 holds: its world, and what was launched in it. Operations are functions over this. */
import { seconds } from "../../../time/clock";
import type { RegionContext } from "../../core/types";
import { ec2Error, instancesNotFound } from "./errors";
import type { Fleet } from "./fleets";
import type { Instance } from "./instance";
import type { LaunchPlan } from "./launch-data";
import type { Ec2Settings } from "./settings";
import { createSpotRequest, type SpotRequest } from "./spot-request";
import { Ec2World } from "./world";

export class Ec2Core extends Ec2World {
  /** In order of launch, terminated ones included. */
  readonly instances = new Map<string, Instance>();
  readonly spotRequests = new Map<string, SpotRequest>();
  readonly fleets = new Map<string, Fleet>();

  constructor(region: RegionContext, settings: Ec2Settings) {
    super(region, settings);
    this.disruptions.onChange(() => {
      for (const instance of this.instances.values()) instance.system?.networkChanged();
    });
  }

  /** Makes a Spot request, pending evaluation. */
  requestSpot(plan: LaunchPlan, validity: Pick<SpotRequest, "validFrom" | "validUntil"> = {}): SpotRequest {
    const request = createSpotRequest(this, plan, validity);
    this.spotRequests.set(request.id, request);
    return request;
  }

  /** The instances that a Describe call can see now. */
  visibleInstances(): Instance[] {
    return [...this.instances.values()].filter((instance) => this.isVisible(instance));
  }

  /**
   * Instances by id, in the order asked for.
   * @throws AwsError InvalidInstanceID.Malformed, InvalidInstanceID.NotFound (also within the eventual-consistency time)
   */
  instancesWithIds(ids: readonly string[]): Instance[] {
    for (const id of ids) {
      if (!/^i-([0-9a-f]{8}|[0-9a-f]{17})$/.test(id)) throw ec2Error("InvalidInstanceID.Malformed", `Invalid id: "${id}"`);
    }
    const unique = [...new Set(ids)];
    const missing = unique.filter((id) => {
      const instance = this.instances.get(id);
      return !instance || !this.isVisible(instance);
    });
    if (missing.length > 0) throw instancesNotFound(missing);
    return unique.map((id) => this.instances.get(id)!);
  }

  private isVisible(instance: Instance): boolean {
    const now = this.now();
    if (now < instance.launchedAt + seconds(this.settings.eventualConsistencySeconds)) return false;
    return instance.terminatedAt === undefined || now < instance.terminatedAt + seconds(this.settings.terminatedVisibleSeconds);
  }
}
