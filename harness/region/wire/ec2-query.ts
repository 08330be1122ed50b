/**
 * EC2's own query dialect: a form with `Action` and numbered members in, XML in lower camel case with `<item>` lists out.
 * https://smithy.io/2.0/aws/protocols/aws-ec2-query-protocol.html,
 * errors: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
 */
import type { WireResponse } from "../core/types";
import { runForm } from "./form";
import { serviceOf, type ProtocolService, type ServiceOptions } from "./respond";
import { buildXml, xmlContent } from "./xml";

const EC2_NAMESPACE = "http://ec2.amazonaws.com/doc/2016-11-15/";

const LISTS = { lists: "item", date: (date: Date) => date.toISOString() } as const;

/**
 * Makes a service that speaks EC2 query. Operations get the wire's own names, `{Filter: [{Name, Value: […]}], InstanceId: […]}`,
 * with text for every scalar, and return wire names: `{reservationSet: [{instancesSet: […]}]}`.
 */
export function ec2QueryService(options: ServiceOptions): ProtocolService {
  const respond = (status: number, body: string, requestId: string): WireResponse =>
    ({ status, headers: { "content-type": "text/xml;charset=UTF-8", "x-amzn-requestid": requestId }, body });
  return serviceOf(options, {
    protocol: "EC2 query",
    speaks: () => true,
    async run(request, context) {
      const { action, output } = await runForm(options, request, context, "");
      const body = `<requestId>${context.requestId}</requestId>${xmlContent(output, LISTS)}`;
      return respond(200, `<?xml version="1.0" encoding="UTF-8"?>\n<${action}Response xmlns="${EC2_NAMESPACE}">${body}</${action}Response>`, context.requestId);
    },
    fail: (error, _request, context) => respond(error.status, buildXml("Response", {
      Errors: { Error: { Code: error.code, Message: error.message, ...error.members } },
      RequestID: context.requestId,
    }, { lists: "item" }), context.requestId),
  });
}
