/**
 * An instance's network interface, as its guest knows it: a port for each address that a network ACL can tell apart. A request
 * that is dropped is answered by nobody; its asker waits, as long as its socket does. What goes to S3 and comes from there takes its time.
 */
import { seconds } from "../../../time/clock";
import { sizeOf } from "../../core/bodies";
import type { RegionContext, WireRequest, WireResponse } from "../../core/types";
import type { Guest } from "../../guest/types";
import { createHttpListener, type HttpListener } from "../../core/server";
import { DESTINATIONS, type Destination } from "./disruption";
import type { Ec2World } from "./world";

/** SDKs take a service's own endpoint from here. https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html */
const VARIABLES: Readonly<Record<Destination, string>> = { other: "AWS_ENDPOINT_URL", s3: "AWS_ENDPOINT_URL_S3", dynamodb: "AWS_ENDPOINT_URL_DYNAMODB" };

export class NetworkInterface {
  private readonly listeners = new Map<Destination, HttpListener>();
  /** When the link to S3 has carried all that it was given, there and back. */
  private readonly carried = { up: 0, down: 0 };

  constructor(private readonly region: RegionContext, private readonly world: Pick<Ec2World, "disruptions" | "settings">, private readonly subnetId: string, private readonly guest: () => Guest | undefined) {}

  async open(): Promise<void> {
    for (const destination of DESTINATIONS) this.listeners.set(destination, await createHttpListener((request) => this.send(request, destination)));
  }

  /** Where the guest's programs find the region. */
  environment(): Record<string, string> {
    return Object.fromEntries([...this.listeners].map(([destination, { url }]) => [VARIABLES[destination], url]));
  }

  get ports(): number[] {
    return [...this.listeners.values()].map(({ port }) => port);
  }

  drops(port: number): boolean {
    const [destination] = [...this.listeners].find(([, listener]) => listener.port === port) ?? [];
    return destination !== undefined && this.world.disruptions.drops(this.subnetId, destination);
  }

  async close(): Promise<void> {
    const listeners = [...this.listeners.values()];
    this.listeners.clear();
    for (const listener of listeners) await listener.close();
  }

  private send(request: WireRequest, destination: Destination): Promise<WireResponse> | WireResponse {
    const takesTime = destination === "s3" && this.world.settings.s3MegabytesPerSecond !== Infinity;
    return takesTime || this.world.disruptions.drops(this.subnetId, destination) ? this.carry(request, destination, takesTime) : this.region.receive(request);
  }

  private async carry(request: WireRequest, destination: Destination, takesTime: boolean): Promise<WireResponse> {
    // Whoever asked has gone: there is nobody to answer.
    const unanswered = new Promise<WireResponse>(() => undefined);
    if (takesTime && !(await this.passes("up", request.body.length))) return unanswered;
    const isDropped = (): boolean => this.world.disruptions.drops(this.subnetId, destination);
    while (isDropped()) {
      if (!(await this.guest()?.withhold(isDropped))) return unanswered;
    }
    const response = await this.region.receive(request);
    if (takesTime && !(await this.passes("down", sizeOf(response)))) return unanswered;
    return response;
  }

  /** Parks the asker until the link has carried so many bytes more; false: it has gone. */
  private async passes(direction: "up" | "down", sizeBytes: number): Promise<boolean> {
    if (sizeBytes === 0) return true;
    const begins = Math.max(this.region.clock.now(), this.carried[direction]);
    const ends = begins + seconds(sizeBytes / (this.world.settings.s3MegabytesPerSecond * 1_000_000));
    this.carried[direction] = ends;
    return (await this.guest()?.transfer(ends)) ?? false;
  }
}
