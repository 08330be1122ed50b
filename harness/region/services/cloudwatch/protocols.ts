/**
 * CloudWatch on its three wire protocols: current SDKs speak CBOR, older ones query, and JSON is there too. The newer
 * two name errors after their shapes and tell the query protocol's code in a header.
 * https://smithy.io/2.0/aws/protocols/aws-query-protocol.html#aws-protocols-awsquerycompatible-trait
 */
import { AwsError, type CallContext, type Operation, type RegionContext, type Service } from "../../core/types";
import { cborService } from "../../wire/cbor";
import { jsonService } from "../../wire/json";
import { multiProtocolService } from "../../wire/multi";
import { queryService } from "../../wire/query";
import type { ProtocolService } from "../../wire/respond";
import { shapeOf } from "./errors";

type Operations = Readonly<Record<string, Operation>>;

export function cloudWatchProtocols(region: RegionContext, operations: Operations): Service {
  const common = { name: "cloudwatch", signingName: "monitoring", region };
  const codes = new WeakMap<CallContext, string>();
  const renamed = withShapes(operations, codes);
  const service = multiProtocolService([
    withCodes(cborService({ ...common, operations: renamed }), codes),
    withCodes(jsonService({ ...common, operations: renamed, version: "1.0", targetPrefix: "GraniteServiceVersion20100801" }), codes),
    queryService({ ...common, operations, version: "2010-08-01", xmlns: "http://monitoring.amazonaws.com/doc/2010-08-01/" }),
  ]);
  return { ...service, operations };
}

/** The same operations, whose errors have their shapes' names; the codes are noted. */
function withShapes(operations: Operations, codes: WeakMap<CallContext, string>): Operations {
  return Object.fromEntries(Object.entries(operations).map(([name, operation]): [string, Operation] => [name, async (input, context) => {
    try {
      return (await operation(input, context)) as unknown;
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      codes.set(context, error.code);
      throw new AwsError(shapeOf(error.code, name), error.message, error.status, error.members);
    }
  }]));
}

function withCodes(service: ProtocolService, codes: WeakMap<CallContext, string>): ProtocolService {
  return {
    ...service,
    async handle(request, context) {
      const response = await service.handle(request, context);
      const code = codes.get(context);
      if (code !== undefined) response.headers["x-amzn-query-error"] = `${code};${response.status < 500 ? "Sender" : "Receiver"}`;
      return response;
    },
  };
}
