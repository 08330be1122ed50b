/**
 * AWS query: a form with `Action` and dotted members in, XML out.
 * https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
 */
import type { WireResponse } from "../core/types";
import { runForm } from "./form";
import { serviceOf, type ProtocolService, type ServiceOptions } from "./respond";
import { buildXml, xmlContent } from "./xml";

export interface QueryServiceOptions extends ServiceOptions {
  /** The namespace of the answers: `https://iam.amazonaws.com/doc/2010-05-08/`. */
  xmlns: string;
  /** The API's version, as in the request's `Version`. */
  version: string;
}

/** Makes a service that speaks AWS query. Inputs have the API's shape, but every scalar is text (see scalars.ts). */
export function queryService(options: QueryServiceOptions): ProtocolService {
  const attributes = { xmlns: options.xmlns };
  const respond = (status: number, body: string, requestId: string): WireResponse => ({ status, headers: { "content-type": "text/xml", "x-amzn-requestid": requestId }, body });
  return serviceOf(options, {
    protocol: "AWS query",
    speaks: () => true,
    async run(request, context) {
      const { action, output } = await runForm(options, request, context, "member");
      const result = output === undefined || output === null ? "" : `<${action}Result>${xmlContent(output, { lists: "member" })}</${action}Result>`;
      const metadata = `<ResponseMetadata><RequestId>${context.requestId}</RequestId></ResponseMetadata>`;
      return respond(200, `<?xml version="1.0" encoding="UTF-8"?>\n<${action}Response xmlns="${options.xmlns}">${result}${metadata}</${action}Response>`, context.requestId);
    },
    fail: (error, _request, context) => respond(error.status, buildXml("ErrorResponse", {
      Error: { Type: error.status < 500 ? "Sender" : "Receiver", Code: error.code, Message: error.message, ...error.members },
      RequestId: context.requestId,
    }, { attributes, lists: "member" }), context.requestId),
  });
}
