/**
 * An instance's network interface, as its guest knows it: a port for each address that a network ACL can tell apart. A request
 * that is dropped is answered by nobody; its asker waits, as long as its socket does.
 */
import type { RegionContext, WireRequest, WireResponse } from "../../core/types";
import type { Guest } from "../../guest/types";
import { createHttpListener, type HttpListener } from "../../server";
import { DESTINATIONS, type Destination, type Disruptions } from "./disruption";

/** SDKs take a service's own endpoint from here. https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html */
const VARIABLES: Readonly<Record<Destination, string>> = { other: "AWS_ENDPOINT_URL", s3: "AWS_ENDPOINT_URL_S3", dynamodb: "AWS_ENDPOINT_URL_DYNAMODB" };

export class NetworkInterface {
  private readonly listeners = new Map<Destination, HttpListener>();

  constructor(private readonly region: RegionContext, private readonly disruptions: Disruptions, private readonly subnetId: string, private readonly guest: () => Guest | undefined) {}

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
    return destination !== undefined && this.disruptions.drops(this.subnetId, destination);
  }

  async close(): Promise<void> {
    const listeners = [...this.listeners.values()];
    this.listeners.clear();
    for (const listener of listeners) await listener.close();
  }

  private send(request: WireRequest, destination: Destination): Promise<WireResponse> | WireResponse {
    return this.disruptions.drops(this.subnetId, destination) ? this.withhold(request, destination) : this.region.receive(request);
  }

  private async withhold(request: WireRequest, destination: Destination): Promise<WireResponse> {
    const isDropped = (): boolean => this.disruptions.drops(this.subnetId, destination);
    while (isDropped()) {
      // Whoever asked has gone: there is nobody to answer.
      if (!(await this.guest()?.withhold(isDropped))) return new Promise(() => undefined);
    }
    return this.region.receive(request);
  }
}
