/**
 * A service that speaks several protocols on one signing name (CloudWatch: CBOR, JSON and query). Each request goes to
 * the first that recognizes it, the last one gets what nobody does.
 */
import type { Service, WireRequest } from "../core/types";
import type { ProtocolService } from "./respond";

/** Combines codecs of one service: `multiProtocolService([cborService(o), jsonService(o), queryService(o)])`. */
export function multiProtocolService(services: readonly [ProtocolService, ...ProtocolService[]]): Service {
  const [first] = services;
  const last = services[services.length - 1]!;
  const speaker = (request: WireRequest): ProtocolService => services.find((service) => service.speaks(request)) ?? last;
  return {
    name: first.name,
    signingName: first.signingName,
    protocols: services.flatMap(({ protocols }) => protocols),
    operations: first.operations,
    handle: (request, context) => speaker(request).handle(request, context),
    refuse: (error, request, context) => speaker(request).refuse(error, request, context),
    ...(first.close ? { close: () => first.close!() } : {}),
  };
}
