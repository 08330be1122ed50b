/** What the codecs share: the shape of a service made by one of them, and answers that never fail to be written. */
import { gunzipSync } from "node:zlib";
import { toAwsError } from "../core/invoke";
import { AwsError, type CallContext, type Operation, type RegionContext, type Service, type WireRequest, type WireResponse } from "../core/types";

/** A compressed body that would be larger than this is refused: the largest that an AWS service takes is 6 MB (Lambda's). */
const MOST_UNCOMPRESSED_BYTES = 64 * 1024 * 1024;

/** What every codec is given to make a service. */
export interface ServiceOptions {
  /** As in the SDK package's name. */
  name: string;
  /** As in a SigV4 credential scope. */
  signingName: string;
  operations: Readonly<Record<string, Operation>>;
  region: RegionContext;
  close?: () => Promise<void>;
}

/** A service made by a codec; where several share a signing name, `speaks` says whose request it is. */
export interface ProtocolService extends Service {
  speaks(request: WireRequest): boolean;
  refuse(error: AwsError, request: WireRequest, context: CallContext): WireResponse;
}

/** A protocol's two halves: `run` may throw anything; `fail` writes an AwsError and throws nothing. */
export interface Codec {
  /** What the protocol is called: `AWS JSON 1.0`. */
  protocol: string;
  /** Whether a request is in this protocol, as far as another one could share its address. */
  speaks(request: WireRequest): boolean;
  run(request: WireRequest, context: CallContext): Promise<WireResponse>;
  fail(error: AwsError, request: WireRequest, context: CallContext): WireResponse;
}

/**
 * The request as it was before its body was compressed: SDKs do that with large bodies of some operations (PutMetricData).
 * https://smithy.io/2.0/spec/behavior-traits.html#requestcompression-trait
 * @throws AwsError SerializationException
 */
function uncompressed(request: WireRequest): WireRequest {
  const encodings = request.headers["content-encoding"]?.split(",").map((each) => each.trim().toLowerCase());
  if (!encodings?.includes("gzip")) return request;
  try {
    return { ...request, body: gunzipSync(request.body, { maxOutputLength: MOST_UNCOMPRESSED_BYTES }) };
  } catch (error) {
    throw new AwsError("SerializationException", `The request body is not valid gzip, or too large: ${(error as Error).message}`);
  }
}

/** A service that speaks one protocol. */
export function serviceOf(options: ServiceOptions, codec: Codec): ProtocolService {
  return {
    name: options.name,
    signingName: options.signingName,
    protocols: [codec.protocol],
    operations: options.operations,
    speaks: codec.speaks,
    async handle(request, context) {
      try {
        return await codec.run(uncompressed(request), context);
      } catch (error) {
        return codec.fail(toAwsError(error, context, options.name), request, context);
      }
    },
    refuse: codec.fail,
    ...(options.close ? { close: options.close } : {}),
  };
}
